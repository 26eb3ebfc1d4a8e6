import { EDITION_OPEN_HOURS } from '../../config/limits.ts'
import { cached } from '../platform/cache.ts'

declare const dayBrand: unique symbol

/** A calendar day without a time zone, as `YYYY-MM-DD`. */
export type Day = string & { readonly [dayBrand]: true }

/**
 * Parses `YYYY-MM-DD` and returns null for anything else. Years near 0 and 9999 are refused, because days are added and
 * subtracted and the year must keep four digits.
 */
export function parseDay(text: string): Day | null {
  return text < '1000' || text >= '9999' ? null : calendarDay(text)
}

function calendarDay(text: string): Day | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? null : (text as Day)
}

/** Converts a day that the program wrote. Throws on any other text. */
export function day(text: string): Day {
  const parsed = calendarDay(text)
  if (parsed === null) throw new TypeError(`not a day: ${text}`)
  return parsed
}

/** Returns the local day of `instant` in the IANA zone `timezone`. */
export function dayIn(timezone: string, instant: Date): Day {
  return localTime(timezone, instant).day
}

/** Returns the local hour, 0–23, of `instant` in the IANA zone `timezone`. */
export function hourIn(timezone: string, instant: Date): number {
  return localTime(timezone, instant).hour
}

/** Returns the local date and time in the IANA zone `timezone`, to the minute, as if it were UTC. */
export function wallClock(timezone: string, instant: Date): Date {
  const [, date, hour, minute] = shownAt(timezone, instant)
  return new Date(`${date}T${hour}:${minute}:00Z`)
}

/** Returns the local day and hour with one call of the formatter. */
export function localTime(timezone: string, instant: Date): { readonly day: Day; readonly hour: number } {
  const [, date, hour] = shownAt(timezone, instant)
  return { day: day(date ?? ''), hour: Number(hour) }
}

/**
 * Returns the first moment of `of` in the IANA zone `timezone`. It is not always 00:00, because some zones put clocks
 * forward at midnight. For a day that a zone skipped, it is the first moment of the next day.
 */
export function startOfDay(timezone: string, of: Day): Date {
  return cached(starts, `${timezone} ${of}`, STARTS_KEPT_MAX, () => findStart(timezone, of))
}

function findStart(timezone: string, of: Day): Date {
  const midnight = Date.parse(`${of}T00:00:00Z`)
  // Offsets are between −12 and +14 hours. The search is exact to the second.
  let before = midnight / 1_000 - 15 * 3_600
  let after = midnight / 1_000 + 13 * 3_600
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayIn(timezone, new Date(middle * 1_000)) < of) before = middle
    else after = middle
  }
  return new Date(after * 1_000)
}

// The search takes 17 steps, and each page of a dispatch needs the same few days and zones, so results are cached.
const starts = new Map<string, Date>()
const STARTS_KEPT_MAX = 2_000

/** Returns whether a day has begun in any time zone. UTC+14 is first, at 10:00 UTC of the day before. */
export function hasBegunSomewhere(of: Day, now: Date): boolean {
  return now.getTime() - Date.parse(`${of}T00:00:00Z`) >= -14 * 3_600_000
}

/** Returns whether a day has ended in every time zone. UTC−12 is last, at 12:00 UTC of the next day. */
export function isOverEverywhere(of: Day, now: Date): boolean {
  return now >= overEverywhereAt(of)
}

/** Returns when a day has ended in every time zone. */
export function overEverywhereAt(of: Day): Date {
  return new Date(Date.parse(`${of}T00:00:00Z`) + EDITION_OPEN_HOURS * 3_600_000)
}

/** Returns the day `count` days later, or earlier if negative. */
export function addDays(from: Day, count: number): Day {
  const date = new Date(`${from}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return day(date.toISOString().slice(0, 10))
}

/** ISO 8601 weekday: 1 is Monday, 7 is Sunday. */
export function weekday(of: Day): number {
  return new Date(`${of}T00:00:00Z`).getUTCDay() || 7
}

/** Returns the ISO 8601 week, such as `2026-W48`. Its year is the year of the week's Thursday. */
export function isoWeek(of: Day): string {
  const thursday = addDays(of, 4 - weekday(of))
  const year = Number(thursday.slice(0, 4))
  const first = Date.UTC(year, 0, 1)
  const ordinal = (Date.parse(`${thursday}T00:00:00Z`) - first) / 86_400_000
  return `${year}-W${String(Math.floor(ordinal / 7) + 1).padStart(2, '0')}`
}

/** Returns the earliest of one or more days. */
export function earliest(days: readonly [Day, ...Day[]]): Day {
  return [...days].sort()[0] ?? days[0]
}

/** Returns whether this machine knows the zone. */
export function isTimezone(timezone: string): boolean {
  if (formatters.has(timezone) || knownZones.has(timezone)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    return false
  }
  // A check costs 50 µs, and an import repeats the same few zones, so results are cached. Case does not matter.
  if (knownZones.size < ZONES_KNOWN_MAX) knownZones.add(timezone)
  return true
}

const knownZones = new Set<string>()
const ZONES_KNOWN_MAX = 1_000

function shownAt(timezone: string, instant: Date): readonly string[] {
  return /^(\d{4,}-\d\d-\d\d)\D+(\d\d):(\d\d)$/.exec(formatter(timezone).format(instant)) ?? []
}

const formatters = new Map<string, Intl.DateTimeFormat>()

// Creating a formatter costs 50 µs, and there are about 600 zones, so formatters are cached. Case does not matter.
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
