import { checkAddress } from '../subscriber.ts'

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
// What `export` and a list of bad lines write besides; of use only to tell who must not come back by mistake.
const WRITTEN_BESIDES = ['state', 'since', 'paused_until', 'line', 'reason'] as const

/** Columns whose cells hold several phrases. */
export const PHRASE_COLUMNS = ['interests', 'muted', 'authors'] as const

export type PhraseColumn = (typeof PHRASE_COLUMNS)[number]
type Column = (typeof COLUMNS)[number] | (typeof WRITTEN_BESIDES)[number]

/** One line by its columns; what is not in the file is left out. */
export type Row = Partial<Record<Exclude<Column, PhraseColumn>, string> & Record<PhraseColumn, readonly string[]>>

/** What other programs call the address, in lower case. */
const OTHER_NAMES: Readonly<Record<string, Column>> = {
  'e-mail': 'email',
  mail: 'email',
  'email address': 'email',
  'e-mail address': 'email',
  email_address: 'email',
}

/** How the file is to be read; `skip` is false when its first line is a reader already. */
export type Header =
  | { readonly ok: true; readonly columns: readonly Column[]; readonly skip: boolean }
  | { readonly ok: false; readonly faults: readonly string[] }

/**
 * Reads the first line. A plain list of addresses needs none; everything else names its columns there, so that a
 * column that is misspelt is told and not left out in silence. `noteHint`: see `LinesOrder`.
 */
export function readHeader(file: string, cells: readonly string[], noteHint: string | null): Header {
  const names = trimmed(cells.map((cell) => cell.toLowerCase())).map((name) => OTHER_NAMES[name] ?? name)
  const bare = names.length === 1 && checkAddress(names[0] ?? '').ok
  const columns = bare ? ['email'] : names
  const faults = bare ? [] : nameFaults(file, names)
  if (!columns.includes('consent') && noteHint !== null)
    faults.push(`Say where these readers agreed: add a column “consent”, or ${noteHint}.`)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, columns: columns as Column[], skip: !bare }
}

/** Spreadsheets leave empty columns at the right. */
function trimmed(names: readonly string[]): readonly string[] {
  const last = names.findLastIndex((name) => name !== '')
  return names.slice(0, last + 1)
}

function nameFaults(file: string, names: readonly string[]): string[] {
  const faults: string[] = []
  if (names.some((name) => checkAddress(name).ok))
    return [`${file} has a reader in its first line. The first line must name the columns: ${COLUMNS.join(', ')}.`]
  if (!names.includes('email'))
    faults.push(`${file} has no column “email”. The first line must name the columns: ${COLUMNS.join(', ')}.`)
  const unknown = names.filter((name) => !([...COLUMNS, ...WRITTEN_BESIDES] as string[]).includes(name))
  if (unknown.length > 0)
    faults.push(`${file} has columns that are not known: ${unknown.join(', ')}. Known are: ${COLUMNS.join(', ')}.`)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) faults.push(`${file} has columns twice: ${twice.join(', ')}. Keep one of each.`)
  return faults
}
