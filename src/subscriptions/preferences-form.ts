import { createHash } from 'node:crypto'
import { PAUSE_DAYS_MAX } from '../../config/limits.ts'
import { addDays, type Day, dayIn, parseDay } from '../domain/day.ts'
import { checkPreferences, PREFERENCE_OF, type PreferenceFault, type PreferenceInput } from '../domain/preferences.ts'
import type { Preferences } from '../domain/subscriber.ts'

/** What belongs together on the form: of two tabs that save one part, the later wins; other parts stay. */
export const PREFERENCE_SECTIONS = {
  topics: ['interests', 'muted', 'authors', 'mix'],
  rhythm: ['frequency', 'weekdays', 'weekday', 'hour', 'timezone'],
  shape: ['length', 'format', 'rest'],
} as const satisfies Readonly<Record<string, readonly (keyof PreferenceInput)[]>>
export type PreferenceSection = keyof typeof PREFERENCE_SECTIONS

/** The fields of a form, each with every value that came for it. */
export type Fields = ReadonlyMap<string, readonly string[]>

/** What a reader wants changed: whole parts, or nothing where something is wrong. */
export interface PreferencesInput {
  readonly wanted: Partial<Preferences>
  readonly faults: readonly PreferenceFault[]
}

/**
 * Reads the preferences' form. The form carries for each part what it showed (`seen_topics` …): a part that comes
 * back as it was shown was not touched in this tab, and is not written over what another tab saved. A caller that
 * sends single fields without those changes these fields and no others.
 */
export function readPreferencesInput(fields: Fields, current: Preferences): PreferencesInput {
  const input = inputOf(fields, current)
  const { value, faults } = checkPreferences(input, current)
  const wanted: Record<string, unknown> = {}
  for (const part of Object.keys(PREFERENCE_SECTIONS) as PreferenceSection[]) {
    const faulty = faults.some(({ field }) => (PREFERENCE_SECTIONS[part] as readonly string[]).includes(field))
    if (!faulty && fields.get(versionField(part))?.[0] === versionOf(part, value)) continue
    for (const field of PREFERENCE_SECTIONS[part])
      if (input[field] !== undefined) wanted[PREFERENCE_OF[field]] = value[PREFERENCE_OF[field]]
  }
  return { wanted: faults.length > 0 ? {} : (wanted as Partial<Preferences>), faults }
}

/** The name of the field that carries what a part showed. */
export function versionField(part: PreferenceSection): string {
  return `seen_${part}`
}

/** A short name for a part's values, as the form gives them back. */
export function versionOf(part: PreferenceSection, preferences: Preferences): string {
  const values = PREFERENCE_SECTIONS[part].map((field) => {
    const value = preferences[PREFERENCE_OF[field]]
    if (field === 'interests' || field === 'muted') return splitPhrases((value as readonly string[]).join('\n'))
    return field === 'authors' ? splitNames((value as readonly string[]).join('\n')) : value
  })
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 16)
}

function inputOf(fields: Fields, current: Preferences): PreferenceInput {
  const first = (name: string) => fields.get(name)?.[0]
  const list = (name: string, split: (text: string) => string[]) => fields.get(name)?.flatMap(split)
  const weekly = (first('frequency') || current.frequency) === 'weekly'
  // An unticked box is not sent at all: only a form that showed it says by its absence that it is off.
  const unticked = fields.has(versionField('rhythm')) && !weekly ? [] : undefined
  const rest = first('rest') ?? (fields.has(versionField('shape')) ? 'no' : undefined)
  return {
    interests: list('interests', splitPhrases),
    muted: list('muted', splitPhrases),
    authors: list('authors', splitNames),
    mix: first('mix'),
    frequency: first('frequency'),
    timezone: first('timezone'),
    hour: first('hour'),
    weekday: first('weekday'),
    weekdays: fields.get('weekdays')?.flatMap((each) => each.split(/[,;\s]+/)) ?? unticked,
    length: first('length'),
    format: first('format'),
    rest: rest === 'on' || rest === '1' || rest === 'true' ? 'yes' : rest,
  }
}

/** Interests and muted terms: one a line, or with commas between. */
function splitPhrases(text: string): string[] {
  return text.split(/[\n,;]/).flatMap(tidy)
}

/** Names may hold a comma, as `King, Jr.` does. */
function splitNames(text: string): string[] {
  return text.split(/[\n;]/).flatMap(tidy)
}

function tidy(text: string): string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [trimmed]
}

export type PauseInput =
  | { readonly ok: true; readonly until: Day | null }
  | { readonly ok: false; readonly reason: string }

/** Reads until when a reader wants to pause: a later day of their own zone, or nothing for as long as they like. */
export function readPause(typed: string | undefined, timezone: string, now: Date): PauseInput {
  const text = typed?.trim() ?? ''
  if (text === '') return { ok: true, until: null }
  const until = parseDay(text)
  const today = dayIn(timezone, now)
  if (until === null) return { ok: false, reason: 'That is no day of the calendar. Write it like 2026-09-01.' }
  if (until <= today) return { ok: false, reason: 'The day on which mails come again must be later than today.' }
  if (until > addDays(today, PAUSE_DAYS_MAX))
    return { ok: false, reason: 'That is more than a year away. Leave the day empty to pause for as long as you like.' }
  return { ok: true, until }
}
