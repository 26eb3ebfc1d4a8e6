import { createHash } from 'node:crypto'
import { PAUSE_DAYS_MAX } from '../../config/limits.ts'
import { addDays, type Day, dayIn, parseDay } from '../domain/day.ts'
import {
  checkPreferences,
  PREFERENCE_OF,
  type PreferenceFault,
  type PreferenceInput,
} from '../domain/interests/preferences.ts'
import type { Preferences } from '../domain/subscriber.ts'
import { say } from '../language/language.ts'

/** Sections of the form. If two tabs save the same section, the later one wins; other sections are unaffected. */
export const PREFERENCE_SECTIONS = {
  topics: ['interests', 'muted', 'authors', 'mix'],
  rhythm: ['frequency', 'weekdays', 'weekday', 'hour', 'timezone'],
  shape: ['length', 'format', 'titles', 'rest'],
} as const satisfies Readonly<Record<string, readonly (keyof PreferenceInput)[]>>
export type PreferenceSection = keyof typeof PREFERENCE_SECTIONS

/** The fields of a form, each with all its values. */
export type Fields = ReadonlyMap<string, readonly string[]>

/** The requested changes: whole sections, or none if there is an error. */
export interface PreferencesInput {
  readonly wanted: Partial<Preferences>
  readonly faults: readonly PreferenceFault[]
  /** All preferences as entered. A faulty field keeps its saved value. */
  readonly entered: Preferences
}

/**
 * Reads the preferences form. For each section, the form contains a version of what it showed (`seen_topics` …). A
 * section that was not edited does not overwrite what another tab saved. A post without versions changes only the
 * fields that it has.
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
  return { wanted: faults.length > 0 ? {} : (wanted as Partial<Preferences>), faults, entered: value }
}

/** Returns the name of the field with the version of a section. */
export function versionField(part: PreferenceSection): string {
  return `seen_${part}`
}

/** Returns a short version of a section's values. */
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
  // Browsers do not send an unticked box, so its absence counts only if the form showed it.
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
    titles: first('titles'),
    rest: rest === 'on' || rest === '1' || rest === 'true' ? 'yes' : rest,
  }
}

/** Splits interests and muted terms at lines and commas. */
export function splitPhrases(text: string): string[] {
  return text.split(/[\n,;]/).flatMap(tidy)
}

/** Names may contain a comma, as in `King, Jr.`. */
export function splitNames(text: string): string[] {
  return text.split(/[\n;]/).flatMap(tidy)
}

function tidy(text: string): string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [trimmed]
}

export type PauseInput =
  | { readonly ok: true; readonly until: Day | null }
  | { readonly ok: false; readonly reason: string }

/** Reads the last day of a pause: a later day in the subscriber's time zone, or nothing for an open-ended pause. */
export function readPause(typed: string | undefined, timezone: string, now: Date): PauseInput {
  const text = typed?.trim() ?? ''
  if (text === '') return { ok: true, until: null }
  const until = parseDay(text)
  const today = dayIn(timezone, now)
  if (until === null) return { ok: false, reason: say('pause.invalid') }
  if (until <= today) return { ok: false, reason: say('pause.past') }
  if (until > addDays(today, PAUSE_DAYS_MAX)) return { ok: false, reason: say('pause.far') }
  return { ok: true, until }
}
