import {
  AUTHOR_CHARS_MAX,
  AUTHORS_FOLLOWED_MAX,
  FEATURED_MAX,
  INTEREST_CHARS_MAX,
  INTERESTS_MAX,
  MUTED_TERMS_MAX,
  TIMEZONE_CHARS_MAX,
} from '../../../config/limits.ts'
import { say } from '../../language/language.ts'
import { isTimezone } from '../day.ts'
import { FORMATS, FREQUENCIES, type Preferences, TITLE_LINKS } from '../subscriber.ts'
import { interestFault } from './interest-faults.ts'

/** Preferences from a form, a command line or a file. All values are text and optional. */
export interface PreferenceInput {
  readonly interests?: readonly string[] | undefined
  readonly muted?: readonly string[] | undefined
  readonly authors?: readonly string[] | undefined
  /** Per cent, 0–100. */
  readonly mix?: string | undefined
  readonly frequency?: string | undefined
  readonly timezone?: string | undefined
  readonly hour?: string | undefined
  readonly weekday?: string | undefined
  readonly weekdays?: readonly string[] | undefined
  readonly length?: string | undefined
  readonly format?: string | undefined
  /** `page` or `arxiv`. */
  readonly titles?: string | undefined
  /** `yes` or `no`. */
  readonly rest?: string | undefined
}

/** Maps the public names in forms, CSV files, options and exports to the preferences. */
export const PREFERENCE_OF = {
  interests: 'interests',
  muted: 'mutedTerms',
  authors: 'authors',
  mix: 'interestShare',
  frequency: 'frequency',
  timezone: 'timezone',
  hour: 'deliveryHour',
  weekday: 'weekday',
  weekdays: 'weekdays',
  length: 'featuredCount',
  format: 'format',
  titles: 'titleLinks',
  rest: 'includeOtherTitles',
} as const satisfies Readonly<Record<keyof PreferenceInput, keyof Preferences>>

/** The public name of each preference. */
export const PUBLIC_NAMES = Object.fromEntries(
  Object.entries(PREFERENCE_OF).map(([name, preference]) => [preference, name]),
) as Readonly<Record<keyof Preferences, keyof PreferenceInput>>

/** The fault of one preference, and what is allowed. */
export interface PreferenceFault {
  readonly field: keyof PreferenceInput
  readonly words: string
}

/**
 * Checks typed preferences and names every fault. Missing values come from `base`.
 * @returns a complete value even with faults: faulty fields keep their value from `base`.
 */
export function checkPreferences(
  input: PreferenceInput,
  base: Preferences,
): { readonly value: Preferences; readonly faults: readonly PreferenceFault[] } {
  const faults: PreferenceFault[] = []
  const fault = (field: keyof PreferenceInput, words: string) => void faults.push({ field, words })
  const value: Preferences = {
    interests: phrases(input.interests, base, { field: 'interests', most: INTERESTS_MAX }, fault),
    mutedTerms: phrases(input.muted, base, { field: 'muted', most: MUTED_TERMS_MAX }, fault),
    authors: phrases(
      input.authors,
      base,
      { field: 'authors', most: AUTHORS_FOLLOWED_MAX, chars: AUTHOR_CHARS_MAX },
      fault,
    ),
    interestShare: whole(input.mix, base.interestShare, { field: 'mix', least: 0, most: 100 }, fault),
    frequency: oneOf(input.frequency, base.frequency, FREQUENCIES, 'frequency', fault),
    timezone: zone(input.timezone, base, fault),
    deliveryHour: whole(input.hour, base.deliveryHour, { field: 'hour', least: 0, most: 23 }, fault),
    weekday: whole(input.weekday, base.weekday, { field: 'weekday', least: 1, most: 7 }, fault),
    weekdays: days(input.weekdays, base, fault),
    featuredCount: whole(input.length, base.featuredCount, { field: 'length', least: 1, most: FEATURED_MAX }, fault),
    format: oneOf(input.format, base.format, FORMATS, 'format', fault),
    titleLinks: oneOf(input.titles, base.titleLinks, TITLE_LINKS, 'titles', fault),
    includeOtherTitles:
      oneOf(input.rest, base.includeOtherTitles ? 'yes' : 'no', ['yes', 'no'], 'rest', fault) === 'yes',
  }
  return { value, faults }
}

type Tell = (field: keyof PreferenceInput, words: string) => void

/** Returns phrases without control characters, repeated blanks and duplicates. */
function phrases(
  given: readonly string[] | undefined,
  base: Preferences,
  {
    field,
    most,
    chars = INTEREST_CHARS_MAX,
  }: {
    readonly field: 'interests' | 'muted' | 'authors'
    readonly most: number
    readonly chars?: number
  },
  fault: Tell,
): readonly string[] {
  if (given === undefined) return base[PREFERENCE_OF[field]]
  // PostgreSQL refuses a lone surrogate.
  const clean = given
    .map((phrase) => phrase.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim())
    .filter((phrase) => phrase !== '')
  const kept = [...new Set(clean)]
  const long = kept.find((phrase) => phrase.length > chars)
  if (kept.length > most) fault(field, say('fault.many', { field, count: kept.length, most }))
  if (long !== undefined) fault(field, say('fault.long', { field, text: long.slice(0, 30), chars }))
  const wrong = kept.length > most || long !== undefined ? [] : unusable(kept, base[PREFERENCE_OF[field]], field)
  for (const words of wrong) fault(field, words)
  return kept.length > most || long !== undefined || wrong.length > 0 ? base[PREFERENCE_OF[field]] : kept
}

/** Returns the faults of new phrases. Phrases that were saved before do not prevent other changes. */
function unusable(
  kept: readonly string[],
  saved: readonly string[],
  field: 'interests' | 'muted' | 'authors',
): string[] {
  const added = kept.filter((phrase) => !saved.includes(phrase))
  if (field !== 'authors') return added.flatMap((phrase) => interestFault(phrase) ?? [])
  return added.filter((name) => !/\p{L}/u.test(name)).map((name) => say('fault.noLetter', { name: name.slice(0, 30) }))
}

function oneOf<T extends string>(
  given: string | undefined,
  fallback: T,
  allowed: readonly T[],
  field: keyof PreferenceInput,
  fault: Tell,
): T {
  if (given === undefined || given === '') return fallback
  const found = allowed.find((each) => each === given)
  if (found === undefined)
    fault(
      field,
      say('fault.unknown', { field, value: given.slice(0, 30), allowed: allowed.join(` ${say('fault.or')} `) }),
    )
  return found ?? fallback
}

function zone(given: string | undefined, base: Preferences, fault: Tell): string {
  const name = given?.trim() ?? ''
  if (name === '') return base.timezone
  if (name.length <= TIMEZONE_CHARS_MAX && isTimezone(name)) return name
  fault('timezone', say('fault.timezone', { name: name.slice(0, 30) }))
  return base.timezone
}

function whole(
  given: string | undefined,
  fallback: number,
  { field, least, most }: { readonly field: keyof PreferenceInput; readonly least: number; readonly most: number },
  fault: Tell,
): number {
  const text = given?.trim() ?? ''
  if (text === '') return fallback
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  fault(field, say('fault.whole', { field, value: text.slice(0, 30), least, most }))
  return fallback
}

function days(given: readonly string[] | undefined, base: Preferences, fault: Tell): readonly number[] {
  if (given === undefined) return base.weekdays
  const found = [...new Set(given.map((each) => each.trim()).filter((each) => each !== ''))]
  const wrong = found.find((each) => !/^[1-7]$/.test(each))
  if (wrong !== undefined) fault('weekdays', say('fault.weekday', { value: wrong.slice(0, 30) }))
  if (found.length === 0) fault('weekdays', say('fault.noWeekday'))
  return wrong !== undefined || found.length === 0 ? base.weekdays : found.map(Number).sort()
}
