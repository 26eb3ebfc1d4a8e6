import { createReadStream, statSync } from 'node:fs'
import { type CsvError, parse } from 'csv-parse'
import { Fault, misuse } from '../fault.ts'

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

export type Row = Partial<Record<(typeof COLUMNS)[number] | (typeof WRITTEN_BESIDES)[number], string>>

/** A line of the file; one that is no proper CSV has its whole text for an address, and why it could not be read. */
export interface Line {
  readonly number: number
  readonly row: Row
  readonly fault?: string
}

/**
 * The lines of a CSV file of readers. A line that cannot be read is given with its fault, and the others go on.
 * @throws Fault (exit code 2) when the header is of no use, before any line is given; (1) when the file cannot be read.
 */
export async function* readLines(file: string, hasNote: boolean): AsyncGenerator<Line> {
  let header: readonly string[] = []
  let unread: Line[] = []
  const parser = parse({
    bom: true,
    ltrim: true,
    relax_quotes: true, // A quotation mark inside of a cell is one; without this it would swallow the lines that follow.
    skip_empty_lines: true,
    relax_column_count_less: true, // Empty cells at the end are often left out; a cell too many has shifted the rest.
    info: true,
    columns: (names: string[]) => {
      header = names.map((name) => bare(name).toLowerCase())
      return [...header]
    },
    skip_records_with_error: true,
    raw: true,
    on_skip: (error, raw) => {
      unread.push(unreadLine(error, raw ?? ''))
    },
  })
  const input = createReadStream(file).on('error', (error) => {
    parser.destroy(new Fault(`${file} cannot be read: ${error.message}. Importing it again is safe.`))
  })
  let checked = false
  for await (const { record, info } of input.pipe(parser) as AsyncIterable<Parsed>) {
    if (!checked) assertColumns(file, header, hasNote)
    checked = true
    yield* unread
    unread = []
    yield whole(info.lines, record)
  }
  if (!checked && unread.length === 0)
    throw misuse(`${file} holds no lines under a header. The first line must name the columns: ${COLUMNS.join(', ')}.`)
  if (!checked) assertColumns(file, header, hasNote)
  yield* unread
}

interface Parsed {
  readonly record: Row
  readonly info: { readonly lines: number }
}

/** @throws Fault (exit code 2) when there is no such file. */
export function assertFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw misuse(`${file} does not exist.`)
  if (found.isDirectory()) throw misuse(`${file} is a folder. Name one CSV file.`)
}

function assertColumns(file: string, names: readonly string[], hasNote: boolean): void {
  const faults: string[] = []
  if (!names.includes('email'))
    faults.push(`${file} has no column “email”. The first line must name the columns: ${COLUMNS.join(', ')}.`)
  const unknown = names.filter((name) => !([...COLUMNS, ...WRITTEN_BESIDES] as string[]).includes(name))
  if (unknown.length > 0)
    faults.push(`${file} has columns that are not known: ${unknown.join(', ')}. Known are: ${COLUMNS.join(', ')}.`)
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) faults.push(`${file} has columns twice: ${twice.join(', ')}. Keep one of each.`)
  if (!names.includes('consent') && !hasNote)
    faults.push('Say where these readers agreed: add a column “consent”, or give --consent-note "…".')
  if (faults.length > 0) throw misuse(faults)
}

function whole(number: number, record: Row): Line {
  const row: Row = Object.fromEntries(Object.entries(record).map(([name, cell]) => [name, bare(cell)]))
  return Object.values(record).some((cell) => cell.includes('\ufffd'))
    ? { number, row, fault: 'the line holds characters that are not UTF-8: save the file as UTF-8' }
    : { number, row }
}

/** A cell without what is no part of it: blanks, quotation marks with blanks after them, the `'` of `export`. */
function bare(cell: string): string {
  const trimmed = cell.trim()
  const words = /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
  return words.replace(/^'(?=[=+\-@＝＋－＠])/, '') // Put there lest a spreadsheet takes it for a formula.
}

/** A line with too many cells, or everything after a quotation mark that nothing closes. */
function unreadLine(error: CsvError | undefined, raw: string): Line {
  const last = (error as { lines?: number } | undefined)?.lines ?? 0
  const row = { email: raw.trim() }
  return error?.code === 'CSV_QUOTE_NOT_CLOSED'
    ? {
        number: last - (raw.trimEnd().match(/\n/g)?.length ?? 0),
        row,
        fault: 'a quotation mark is opened here and never closed, so that nothing from here to the end was read',
      }
    : {
        number: last,
        row,
        fault: 'the line has more cells than the header: put a cell with a comma in quotation marks',
      }
}
