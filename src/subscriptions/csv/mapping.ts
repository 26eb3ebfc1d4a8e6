import { checkAddress } from '../../domain/subscriber.ts'
import { bare, bareCell, readPhrases, shownCell } from './cells.ts'
import { type ColumnChoices, NO_CHOICES, readChoices } from './choices.ts'
import { COLUMNS, type CsvColumn, type CsvRow, columnOf, FIELDS, isPhrases, OTHER_NAMES } from './columns.ts'
import type { CellOf, ProgramFormat } from './formats/program-format.ts'
import { guessedZone, recognise } from './formats/programs.ts'
import { nearest } from './nearest.ts'

/** A column of a file and the field that it maps to. */
export interface MappedColumn {
  /** Spelled as in the file. */
  readonly name: string
  /** Null: ignored. */
  readonly becomes: CsvColumn | null
  /** Why it is ignored. */
  readonly why: string
}

/** How the lines of a file are read. */
export interface Mapping {
  /** The program that wrote the file, if known. */
  readonly program: ProgramFormat | null
  readonly columns: readonly MappedColumn[]
  /** False when the first line already is a subscriber. */
  readonly skip: boolean
  readonly toRow: (cells: readonly string[]) => CsvRow
  /** Indexes of the cells that are read. */
  readonly used: readonly number[]
  /** Whether the file says who must not be emailed. */
  readonly hasStates: boolean
}

export interface HeaderOptions {
  /** Name of the file in error messages. */
  readonly file: string
  /** Advice on how to give a consent note for the whole list; null when there already is one. */
  readonly noteHint: string | null
  /** The operator’s choices for single columns; omitted where they cannot be made. */
  readonly choices?: ColumnChoices
}

export type HeaderReading =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly faults: readonly string[] }

/**
 * Reads the header. A plain list of addresses needs none, and exports of known programs are mapped automatically. In
 * other files, every column needs a known name or a choice, so that a misspelled column is reported and not ignored
 * silently.
 */
export function readHeader(order: HeaderOptions, cells: readonly string[]): HeaderReading {
  const names = trimmed(cells.map((cell) => bareCell(cell)))
  const keys = names.map((name) => name.toLowerCase())
  if (keys.length === 1 && checkAddress(keys[0] ?? '').ok)
    return order.noteHint === null
      ? { ok: true, mapping: ownMapping(['email'], ['email'], false) }
      : { ok: false, faults: [noConsent(order.noteHint)] }
  const program = recognise(keys)
  const chosen = readChoices(order.choices ?? NO_CHOICES, keys, order.file, program)
  if (program !== null) {
    const faults = [...chosen.faults, ...duplicateReadColumns(order.file, keys, program)]
    const agreed =
      program.reads.some(([, field]) => field === 'consent') || [...chosen.fields.values()].includes('consent')
    if (!agreed && order.noteHint !== null) faults.push(noConsent(order.noteHint))
    return faults.length > 0
      ? { ok: false, faults }
      : { ok: true, mapping: programMapping(program, { names, keys }, chosen, order.file) }
  }
  const columns = keys.map((key) => (chosen.ignored.has(key) ? null : (chosen.fields.get(key) ?? columnOf(key))))
  const faults = [...chosen.faults, ...ownFaults(order, { names, keys, columns }, chosen.ignored)]
  return faults.length > 0 ? { ok: false, faults } : { ok: true, mapping: ownMapping(names, columns, true) }
}

/** Removes empty columns at the right, which spreadsheets add. */
function trimmed(names: readonly string[]): readonly string[] {
  const last = names.findLastIndex((name) => name !== '')
  return names.slice(0, last + 1)
}

interface OwnHeader {
  readonly names: readonly string[]
  readonly keys: readonly string[]
  /** Null: ignored or unknown. */
  readonly columns: readonly (CsvColumn | null)[]
}

const NAMES_SHOWN_MAX = 10

function ownFaults(order: HeaderOptions, { names, keys, columns }: OwnHeader, ignored: ReadonlySet<string>): string[] {
  const { file, noteHint, choices } = order
  const known = `The first line must name the columns: ${COLUMNS.join(', ')}.`
  if (keys.some((key) => checkAddress(key).ok)) return [`${file} has a subscriber in its first line. ${known}`]
  const faults: string[] = []
  const unknown = names.filter((_, at) => columns[at] === null && !ignored.has(keys[at] ?? ''))
  if (!columns.includes('email')) faults.push(`${file} has no column “email”. ${known}`)
  if (unknown.length > 0) {
    faults.push(
      `${file} has columns that are not known: ${listNames(unknown, didYouMean)}. Known columns: ${COLUMNS.join(', ')}.`,
    )
    if (choices !== undefined) faults.push(remedyOf(unknown, columns))
  }
  faults.push(
    ...duplicateColumns(
      file,
      columns.filter((column) => column !== null),
    ),
  )
  if (!columns.includes('consent') && noteHint !== null) faults.push(noConsent(noteHint))
  return faults
}

function duplicateColumns(file: string, names: readonly string[]): string[] {
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at))
  return twice.size === 0 ? [] : [`${file} has columns twice: ${listNames([...twice])}. Keep one of each.`]
}

/** Returns errors for columns that the format reads and that occur twice. */
function duplicateReadColumns(file: string, keys: readonly string[], program: ProgramFormat): string[] {
  return duplicateColumns(
    file,
    keys.filter((key) => program.reads.some(([pattern]) => pattern.test(key))),
  )
}

function noConsent(noteHint: string): string {
  return `State where these subscribers agreed: add a “consent” column, or ${noteHint}.`
}

/** Lists up to ten names. `hint` suggests the intended name. */
function listNames(names: readonly string[], hint: (name: string) => string = () => ''): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => `${shownCell(name, NAME_CHARS_SHOWN)}${hint(name)}`)
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}

/** Returns the known column that is nearest to a name, or null. */
function nearestColumn(name: string): CsvColumn | null {
  const near = nearest(name, [...FIELDS, ...OTHER_NAMES])
  return near === null ? null : columnOf(near)
}

function didYouMean(name: string): string {
  const meant = nearestColumn(name)
  return meant === null ? '' : ` (did you mean “${meant}”?)`
}

const NAME_CHARS_SHOWN = 40

function remedyOf(unknown: readonly string[], columns: readonly (CsvColumn | null)[]): string {
  const meant = unknown.slice(0, NAMES_SHOWN_MAX).map((name) => ({ name, field: nearestColumn(name) }))
  const { name = '', field } = meant.find((each) => each.field !== null && !columns.includes(each.field)) ?? {
    name: unknown[0],
    field: 'FIELD',
  }
  const shown = shownCell(name, NAME_CHARS_SHOWN)
  return `Say what a column becomes with --map '${shown}=${field ?? 'FIELD'}', or leave it out with --ignore '${shown}'.`
}

function ownMapping(names: readonly string[], columns: readonly (CsvColumn | null)[], skip: boolean): Mapping {
  return {
    program: null,
    columns: names.map((name, at) => ({ name, becomes: columns[at] ?? null, why: 'you chose to leave it out' })),
    skip,
    hasStates: columns.includes('state'),
    used: columns.flatMap((column, at) => (column === null ? [] : [at])),
    toRow: (cells) => {
      const row: Record<string, string | readonly string[]> = {}
      for (let at = 0; at < cells.length && at < columns.length; at += 1) {
        const column = columns[at]
        if (column) row[column] = cellValue(column, cells[at] ?? '')
      }
      return row as CsvRow
    },
  }
}

function cellValue(column: CsvColumn, cell: string): string | readonly string[] {
  return isPhrases(column) ? readPhrases(bare(cell)) : bareCell(cell)
}

interface Header {
  readonly names: readonly string[]
  readonly keys: readonly string[]
}

function programMapping(
  program: ProgramFormat,
  { names, keys }: Header,
  { fields, ignored }: ReturnType<typeof readChoices>,
  file: string,
): Mapping {
  const places = new Map<string, number>()
  for (const [at, key] of keys.entries()) if (!places.has(key) && !ignored.has(key)) places.set(key, at)
  const columns = names.map((name, at): MappedColumn => {
    const key = keys[at] ?? ''
    const first = places.get(key) === at
    const reads = first ? program.reads.find(([pattern]) => pattern.test(key)) : undefined
    const becomes = (first ? fields.get(key) : undefined) ?? reads?.[1] ?? null
    return { name, becomes, why: ignored.has(key) ? 'you chose to leave it out' : whyLeftOut(key) }
  })
  const base = file.replace(/^.*[\\/]/, '')
  return {
    program,
    columns,
    skip: true,
    hasStates: true,
    used: columns.flatMap(({ becomes }, at) => (becomes === null ? [] : [at])),
    toRow: (cells) => {
      const cell: CellOf = (column) => {
        const at = places.get(column)
        return at === undefined ? undefined : bareCell(cells[at] ?? '')
      }
      const row: Record<string, string | readonly string[]> = {
        email: program.email(cell),
        state: program.state(cell, base),
        consent: program.consent(cell),
        timezone: guessedZone(cell),
      }
      for (const [key, field] of fields) row[field] = cellValue(field, cells[places.get(key) ?? -1] ?? '')
      return row as CsvRow
    },
  }
}

function whyLeftOut(key: string): string {
  if (/(^|_)ip$|ip address/.test(key)) return 'IP addresses are not stored'
  if (/name/.test(key)) return 'names are not stored'
  return 'not needed'
}
