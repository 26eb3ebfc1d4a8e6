import { type CsvError, parse } from 'csv-parse'
import { IMPORT_LINE_BYTES_MAX } from '../../../config/limits.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { COLUMNS, type CsvRow } from './columns.ts'
import { asText } from './decoding.ts'
import { type HeaderOptions, type Mapping, readHeader } from './mapping.ts'

/** A line of the file; one that is no proper CSV has its whole text for an address, and why it could not be read. */
export interface CsvLine {
  /** Of its first line, where a cell goes over several. */
  readonly number: number
  readonly row: CsvRow
  readonly fault?: string
}

export interface ReadLinesOptions extends HeaderOptions {
  /** Called when the first line has been read. */
  readonly onMapping?: (mapping: Mapping) => void
}

/**
 * The lines of a CSV file of readers, in order, as many at a time as a chunk of it holds. A line that cannot be read is
 * given with its fault, and the others go on. Memory is bounded by IMPORT_LINE_BYTES_MAX.
 * @throws Fault (exit code 2) when the header is of no use, before any line is given; (1) when a cell has no end.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  order: ReadLinesOptions,
): AsyncGenerator<readonly CsvLine[]> {
  const reading = new Reading(order)
  let begun = false
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of asText(chunks, order.file)) {
    pending = begun ? chunk : Buffer.concat([pending, chunk])
    if (!begun && firstLine(pending).end < 0 && pending.length < IMPORT_LINE_BYTES_MAX) continue
    begun = true
    yield await reading.take(pending)
    reading.assertWhole()
  }
  yield await reading.end(begun ? Buffer.alloc(0) : pending)
  reading.assertWhole()
  if (!reading.any)
    throw usageError(
      `${order.file} holds no lines under a header. The first line must name the columns: ${COLUMNS.join(', ')}.`,
    )
}

const LF = 10

/** One file being read: csv-parse with what it must be told, and the lines that it has given since it was asked last. */
class Reading {
  any = false
  private lines: CsvLine[] = []
  private mapping: Mapping | null = null
  /** Whether the first line is Excel’s `sep=`, and so no header. */
  private declares = false
  /** Bytes since the end of the last line that was given: the whole of one that never ends. */
  private tail: Buffer = Buffer.alloc(0)
  private tailAt = 0
  private givenTo = 0
  private parser: ReturnType<typeof parse> | null = null
  private failure: Error | null = null

  constructor(private readonly order: ReadLinesOptions) {}

  async take(bytes: Buffer): Promise<readonly CsvLine[]> {
    this.parser ??= this.open(bytes)
    const parser = this.parser
    this.tail = Buffer.concat([this.tail, bytes])
    await new Promise<void>((resolve) => parser.write(bytes, () => resolve()))
    this.tail = this.tail.subarray(this.givenTo - this.tailAt)
    this.tailAt = this.givenTo
    return this.lines.splice(0)
  }

  async end(rest: Buffer): Promise<readonly CsvLine[]> {
    this.parser ??= this.open(rest)
    this.tail = Buffer.concat([this.tail, rest])
    const parser = this.parser
    await new Promise<void>((resolve) => {
      parser.once('end', resolve).once('error', () => resolve())
      parser.end(rest)
    })
    return this.lines.splice(0)
  }

  /** Called when the lines before a fault have been given. */
  assertWhole(): void {
    if (this.failure !== null) throw this.failure
  }

  private open(bytes: Buffer): ReturnType<typeof parse> {
    const { delimiter, declared } = delimiterOf(bytes)
    this.declares = declared
    const parser = parse({
      delimiter,
      record_delimiter: '\n',
      ltrim: true,
      relax_quotes: true, // A quotation mark inside of a cell is one; without this it would swallow the lines that follow.
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: IMPORT_LINE_BYTES_MAX,
      // Lines are taken here and not from the stream: there, a bad one would come before the good ones above it.
      on_record: (cells: string[], { lines, bytes }) => {
        this.givenTo = bytes
        this.record(cells, lines, delimiter)
        return null
      },
    })
    parser.on('error', (error: CsvError) => {
      this.failure = this.fail(error, parser.info.lines)
    })
    return parser.resume()
  }

  private record(cells: readonly string[], last: number, delimiter: string): void {
    const number = last - cells.reduce((sum, cell) => sum + breaksIn(cell), 0)
    if (this.declares) {
      this.declares = false
      return
    }
    if (this.mapping === null) {
      const header = readHeader(this.order, cells)
      if (!header.ok) throw usageError([...header.faults])
      this.mapping = header.mapping
      this.order.onMapping?.(header.mapping)
      if (header.mapping.skip) return
    }
    this.any = true
    this.lines.push(toLine(number, cells, this.mapping, delimiter))
  }

  /** Of a quotation mark that nothing closes the rest of the file is a bad line, or, when it is long, the end. */
  private fail(error: CsvError, last: number): Error | null {
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      return new UserError(
        `${this.order.file}: a line near ${last} is longer than ${IMPORT_LINE_BYTES_MAX / 1024} KB, most likely by a quotation mark that nothing closes. Lines before it are done, nothing after it was read. Mend it and import again: nobody is added twice.`,
      )
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') return error
    const text = this.tail.toString().replace(/^\n+/, '')
    this.any = true
    this.lines.push({
      number: last - (text.trimEnd().match(/\n/g)?.length ?? 0),
      row: brokenRow(text.trim(), this.mapping),
      fault: 'a quotation mark is opened here and never closed, so that nothing from here to the end was read',
    })
    return null
  }
}

/**
 * Returns the sign between the cells: the one of Excel’s first line `sep=;`, or the one that the first line has most of. Spreadsheets write
 * `;` where `,` is a decimal sign.
 */
function delimiterOf(bytes: Buffer): { readonly delimiter: string; readonly declared: boolean } {
  const first = firstLine(bytes).text
  const declared = /^"?sep=([^"\s\p{L}\p{N}]|\t)"?[,;\t]*$/iu.exec(first.replace(/ +$/, ''))?.[1]
  if (declared !== undefined) return { delimiter: declared, declared: true }
  const count = (mark: string) => first.split(mark).length
  return {
    delimiter: [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best)),
    declared: false,
  }
}

/** The first line that is not empty; `end` is negative when it goes on after these bytes. */
function firstLine(bytes: Buffer): { readonly text: string; readonly end: number } {
  const from = bytes.findIndex((byte) => byte !== LF)
  const end = from < 0 ? -1 : bytes.indexOf(LF, from)
  const text = bytes.subarray(Math.max(from, 0), end < 0 ? bytes.length : end).toString()
  return { text, end }
}

function toLine(number: number, cells: readonly string[], mapping: Mapping, delimiter: string): CsvLine {
  const { columns, used } = mapping
  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== ''))
    return {
      number,
      row: brokenRow(cells.join(delimiter), mapping),
      fault: 'the line has more cells than the header: put a cell with a comma in quotation marks',
    }
  const row = mapping.toRow(cells)
  return used.some((at) => cells[at]?.includes('\ufffd'))
    ? { number, row, fault: 'the line holds characters that are not UTF-8: save the file as UTF-8' }
    : { number, row }
}

/** A line with unknown cells. If the file has states, the person who corrects the line must write the state again. */
function brokenRow(text: string, mapping: Mapping | null): CsvRow {
  return mapping?.hasStates === true ? { email: text, state: 'unknown' } : { email: text }
}

function breaksIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0
}
