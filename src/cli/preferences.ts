import { FEATURED_MAX, INTEREST_CHARS_MAX, INTERESTS_MAX, MUTED_MAX } from '../../config/limits.ts'
import { isTimezone } from '../day.ts'
import { DEFAULT_PREFERENCES, FREQUENCIES, type Frequency, type Preferences } from '../subscriber.ts'

/** Preferences as they are typed or stand in a file: all text, all optional. */
export interface PreferenceInput {
  readonly interest?: readonly string[]
  readonly muted?: readonly string[]
  readonly frequency?: string
  readonly timezone?: string
  readonly hour?: string
  readonly weekday?: string
  readonly length?: string
}

export type PreferenceResult =
  | { readonly ok: true; readonly value: Preferences }
  | { readonly ok: false; readonly faults: readonly string[] }

/** Checks typed preferences; every fault is named, with what would be right. */
export function readPreferences(input: PreferenceInput): PreferenceResult {
  const faults: string[] = []
  const frequency = input.frequency || DEFAULT_PREFERENCES.frequency
  if (!FREQUENCIES.includes(frequency as Frequency))
    faults.push(`frequency “${frequency}” is not known: use ${FREQUENCIES.join(' or ')}.`)
  const timezone = input.timezone || DEFAULT_PREFERENCES.timezone
  if (!isTimezone(timezone))
    faults.push(`time zone “${timezone}” is not known: use an IANA name such as Europe/Berlin.`)
  const value: Preferences = {
    interests: phrases('interest', input.interest, INTERESTS_MAX, faults),
    muted: phrases('muted term', input.muted, MUTED_MAX, faults),
    frequency: frequency as Frequency,
    timezone,
    hour: whole('hour', input.hour, DEFAULT_PREFERENCES.hour, 0, 23, faults),
    weekday: whole('weekday', input.weekday, DEFAULT_PREFERENCES.weekday, 1, 7, faults),
    length: whole('length', input.length, DEFAULT_PREFERENCES.length, 1, FEATURED_MAX, faults),
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value }
}

function whole(
  name: string,
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
  faults: string[],
): number {
  if (text === undefined || text.trim() === '') return fallback
  const value = /^\d{1,3}$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    faults.push(`${name} “${text}” is not a whole number from ${least} to ${most}.`)
  return value
}

function phrases(name: string, given: readonly string[] | undefined, most: number, faults: string[]): string[] {
  const clean = [
    ...new Set(
      (given ?? []).map((phrase) => phrase.replace(/[\p{Cc}\s]+/gu, ' ').trim()).filter((phrase) => phrase !== ''),
    ),
  ]
  if (clean.length > most) faults.push(`${clean.length} ${name}s are too many: at most ${most}.`)
  for (const phrase of clean)
    if (phrase.length > INTEREST_CHARS_MAX)
      faults.push(`${name} “${phrase.slice(0, 30)}…” is longer than ${INTEREST_CHARS_MAX} characters.`)
  return clean
}
