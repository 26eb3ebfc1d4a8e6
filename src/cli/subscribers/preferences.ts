import { checkPreferences } from '../../domain/interests/preferences.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../domain/subscriber.ts'

/** Preferences as the options of a command and the columns of a file name them. */
export interface PreferenceOptions {
  readonly interest?: readonly string[]
  readonly muted?: readonly string[]
  readonly author?: readonly string[]
  /** Per cent. */
  readonly mix?: string
  readonly frequency?: string
  readonly timezone?: string
  readonly hour?: string
  readonly weekday?: string
  /** `1,3,5`; in a file also `1;3;5`. */
  readonly weekdays?: string
  readonly length?: string
  readonly format?: string
  /** `page` or `arxiv`. */
  readonly titles?: string
  /** False with `--no-rest`; `yes` or `no` in a file. */
  readonly rest?: boolean | string
}

export type PreferenceResult =
  | { readonly ok: true; readonly value: Preferences }
  | { readonly ok: false; readonly faults: readonly string[] }

/** Checks preferences. The others come from `base`. Returns all faults, each with the allowed values. */
export function readPreferences(
  {
    interest,
    muted,
    author,
    mix,
    frequency,
    timezone,
    hour,
    weekday,
    weekdays,
    length,
    format,
    titles,
    rest,
  }: PreferenceOptions,
  base: Preferences = DEFAULT_PREFERENCES,
): PreferenceResult {
  const { value, faults } = checkPreferences(
    {
      ...{ muted, mix, frequency, timezone, hour, weekday, length, format, titles },
      interests: interest,
      authors: author,
      weekdays: weekdays === undefined || weekdays === '' ? undefined : weekdays.split(/[,;|]/),
      rest: typeof rest === 'boolean' ? (rest ? 'yes' : 'no') : rest,
    },
    base,
  )
  return faults.length > 0 ? { ok: false, faults: faults.map(({ words }) => words) } : { ok: true, value }
}
