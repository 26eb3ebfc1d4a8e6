import { EDITION_OPEN_HOURS } from '../../config/limits.ts'
import { cached } from '../platform/cache.ts'

declare const dayBrand: unique symbol

/** A calendar day without a time zone, as `YYYY-MM-DD`. */
export type Day = string & { readonly [dayBrand]: true }

/**
 * The day that somebody wrote as `YYYY-MM-DD`, or null when it is no day of the calendar or of a year that cannot
 * be meant. Days are counted on from it, so there must be room on both sides of four digits.
 */
export function parseDay(text: string): Day | null {
  return text < '1000' || text >= '9999' ? null : calendarDay(text)
}

function calendarDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : (text as Day)
}

/** A day that the program itself wrote; throws on anything else. */
export function day(text: string): Day {
  const parsed = calendarDay(text)
  if (parsed === null) throw new TypeError(`not a day: ${text}`)
  return parsed
}

/** The day that `instant` falls on in the IANA zone `timezone`. */
export function dayIn(timezone: string, instant: Date): Day {
  return localTime(timezone, instant).day
}

/** The hour, 0–23, that `instant` shows on a clock in the IANA zone `timezone`. */
export function hourIn(timezone: string, instant: Date): number {
  return localTime(timezone, instant).hour
}

/** What a clock on the wall shows in the IANA zone `timezone`, to the minute, as if it hung in Greenwich. */
export function wallClock(timezone: string, instant: Date): Date {
  const [, date, hour, minute] = shownAt(timezone, instant)
  return new Date(`${date}T${hour}:${minute}:00Z`)
}

/** Both of them, for half the work. */
export function localTime(timezone: string, instant: Date): { readonly day: Day; readonly hour: number } {
  const [, date, hour] = shownAt(timezone, instant)
  return { day: day(date ?? ''), hour: Number(hour) }
}

/**
 * The first moment of `of` in the IANA zone `timezone`: not always 00:00, since clocks may be put forward at midnight,
 * and of a day that a zone left out altogether the first moment of the next.
 */
export function startOfDay(timezone: string, of: Day): Date {
  return cached(starts, `${timezone} ${of}`, STARTS_KEPT_MAX, () => findStart(timezone, of))
}

function findStart(timezone: string, of: Day): Date {
  const midnight = Date.parse(`${of}T00:00:00Z`)
  // Offsets lie between −12 and +14 hours; the start is found to the second.
  let before = midnight / 1_000 - 15 * 3_600
  let after = midnight / 1_000 + 13 * 3_600
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayIn(timezone, new Date(middle * 1_000)) < of) before = middle
    else after = middle
  }
  return new Date(after * 1_000)
}

// Looked for in 17 steps, and asked for by every page of a dispatch: the zones in use on the days about today.
const starts = new Map<string, Date>()
const STARTS_KEPT_MAX = 2_000

/** Whether a day has begun in a time zone: in UTC+14, the first, it begins at 10:00 UTC of the day before. */
export function hasBegunSomewhere(of: Day, now: Date): boolean {
  return now.getTime() - Date.parse(`${of}T00:00:00Z`) >= -14 * 3_600_000
}

/** Whether a day has ended in every time zone: in UTC−12, the last, it ends at 12:00 UTC of the next. */
export function isOverEverywhere(of: Day, now: Date): boolean {
  return now.getTime() - Date.parse(`${of}T00:00:00Z`) >= EDITION_OPEN_HOURS * 3_600_000
}

/** `count` days later, or earlier when negative. */
export function addDays(from: Day, count: number): Day {
  const date = new Date(`${from}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return day(date.toISOString().slice(0, 10))
}

/** ISO 8601 weekday: 1 is Monday, 7 is Sunday. */
export function weekday(of: Day): number {
  return new Date(`${of}T00:00:00Z`).getUTCDay() || 7
}

/** ISO 8601 week, such as `2026-W48`; its year is that of the week's Thursday. */
export function isoWeek(of: Day): string {
  const thursday = addDays(of, 4 - weekday(of))
  const year = Number(thursday.slice(0, 4))
  const first = Date.UTC(year, 0, 1)
  const ordinal = (Date.parse(`${thursday}T00:00:00Z`) - first) / 86_400_000
  return `${year}-W${String(Math.floor(ordinal / 7) + 1).padStart(2, '0')}`
}

/** The earliest of some days, at least one. */
export function earliest(days: readonly [Day, ...Day[]]): Day {
  return [...days].sort()[0] ?? days[0]
}

/** Whether `timezone` is a zone this machine knows. */
export function isTimezone(timezone: string): boolean {
  if (formatters.has(timezone) || knownZones.has(timezone)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    return false
  }
  // Asking costs 50 µs, and the lines of a list name the same few; a zone may be spelt in many mixtures of case.
  if (knownZones.size < ZONES_KNOWN_MAX) knownZones.add(timezone)
  return true
}

const knownZones = new Set<string>()
const ZONES_KNOWN_MAX = 1_000

function shownAt(timezone: string, instant: Date): readonly string[] {
  return /^(\d{4,}-\d\d-\d\d)\D+(\d\d):(\d\d)$/.exec(formatter(timezone).format(instant)) ?? []
}

const formatters = new Map<string, Intl.DateTimeFormat>()

// Making a formatter costs 50 µs and there are about 600 zones, so each is made once. A zone may be spelt in any case.
function formatter(timezone: string): Intl.DateTimeFormat {
  return cached(formatters, timezone, ZONES_KNOWN_MAX, () => createFormatter(timezone))
}

function createFormatter(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
}
