/** Columns of a subscriber file. `export` writes the same. */
export const COLUMNS = [
  'email',
  'interests',
  'muted',
  'authors',
  'frequency',
  'timezone',
  'hour',
  'weekday',
  'weekdays',
  'length',
  'format',
  'titles',
  'rest',
  'mix',
  'consent',
] as const
// Columns that only `export` and the list of rejected lines write. Imports read `state` and ignore the others.
const WRITTEN_BESIDES = ['state', 'since', 'paused_until', 'line', 'reason'] as const

/** Columns with several phrases per cell. */
export const PHRASE_COLUMNS = ['interests', 'muted', 'authors'] as const

export type PhraseColumn = (typeof PHRASE_COLUMNS)[number]
export type CsvColumn = (typeof COLUMNS)[number] | (typeof WRITTEN_BESIDES)[number]

/** One line by column. Columns that the file does not have are missing. */
export type CsvRow = Partial<Record<Exclude<CsvColumn, PhraseColumn>, string> & Record<PhraseColumn, readonly string[]>>

/** The fields that a column can be mapped to. */
export const FIELDS = [...COLUMNS, 'state'] as const
export type Field = (typeof FIELDS)[number]

/** Names of the address column in other programs, in lower case. */
const MEANT: Readonly<Record<string, CsvColumn>> = {
  'e-mail': 'email',
  mail: 'email',
  'email address': 'email',
  'e-mail address': 'email',
  email_address: 'email',
}

export const OTHER_NAMES: readonly string[] = Object.keys(MEANT)

/** Returns the column for a name in lower case, or null. */
export function columnOf(name: string): CsvColumn | null {
  if (Object.hasOwn(MEANT, name)) return MEANT[name] ?? null
  return ([...COLUMNS, ...WRITTEN_BESIDES] as readonly string[]).includes(name) ? (name as CsvColumn) : null
}

export function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name)
}

export function isPhrases(name: string): name is PhraseColumn {
  return (PHRASE_COLUMNS as readonly string[]).includes(name)
}
