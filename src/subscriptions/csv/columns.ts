/** What a file of readers may say of each; `export` writes the same. */
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
  'rest',
  'mix',
  'consent',
] as const
// Columns that only `export` and a list of bad lines write. The state tells who must get no mail, the others are of no use.
const WRITTEN_BESIDES = ['state', 'since', 'paused_until', 'line', 'reason'] as const

/** Columns whose cells hold several phrases. */
export const PHRASE_COLUMNS = ['interests', 'muted', 'authors'] as const

export type PhraseColumn = (typeof PHRASE_COLUMNS)[number]
export type CsvColumn = (typeof COLUMNS)[number] | (typeof WRITTEN_BESIDES)[number]

/** One line by its columns; what is not in the file is left out. */
export type CsvRow = Partial<Record<Exclude<CsvColumn, PhraseColumn>, string> & Record<PhraseColumn, readonly string[]>>

/** The fields that a column of a file can become. */
export const FIELDS = [...COLUMNS, 'state'] as const
export type Field = (typeof FIELDS)[number]

/** What other programs call the address, in lower case. */
const MEANT: Readonly<Record<string, CsvColumn>> = {
  'e-mail': 'email',
  mail: 'email',
  'email address': 'email',
  'e-mail address': 'email',
  email_address: 'email',
}

export const OTHER_NAMES: readonly string[] = Object.keys(MEANT)

/** Returns the column of ours that a name in lower case means, or null. */
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
