import { type CsvError, parse } from 'csv-parse'
import { IMPORT_LINE_BYTES_MAX } from '../../../config/limits-subscriptions.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { COLUMNS, type CsvRow } from './columns.ts'
import { asText } from './decoding.ts'
import { type HeaderOptions, type Mapping, readHeader } from './mapping.ts'

/** A line of the file. An invalid one has its whole text as the address, and a fault. */
export interface CsvLine {
  /** Number of its first line, if a cell spans several. */
  readonly number: number
  readonly row: CsvRow
  readonly fault?: string
}

export interface ReadLinesOptions extends HeaderOptions {
  /** Called after the first line was read. */
  readonly onMapping?: (mapping: Mapping) => void
}

/**
 * Yields the lines of a CSV file of subscribers in order, one array per chunk of the file. Invalid lines are yielded
 * with their fault. IMPORT_LINE_BYTES_MAX bounds the memory.
 * @throws UserError (exit code 2) for an invalid header, before any line; (1) for a cell that never ends.
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
      `${order.file} has no lines below a header. The first line must name the columns: ${COLUMNS.join(', ')}.`,
    )
}

const LF = 10

/** State of reading one file: the parser and the lines that it has produced since the last call. */
class Reading {
  any = false
  private lines: CsvLine[] = []
  private mapping: Mapping | null = null
  /** Whether the first line is Excel’s `sep=`, which is not the header. */
  private declares = false
  /** Bytes since the end of the last complete line. */
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

  /** Throws a pending error, after the lines before it were yielded. */
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
      relax_quotes: true, // A quotation mark inside a cell is text. Otherwise it would swallow the following lines.
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: IMPORT_LINE_BYTES_MAX,
    })
    const push = parser.push.bind(parser)
    // Lines are collected here, because the stream would emit an error before the valid lines above it. The option `on_record`
    // would do the same, but it copies 15 fields for each line, which is a third of the time of parsing.
    parser.push = (cells: string[] | null) => {
      if (cells === null) return push(null)
      const { lines, bytes } = parser.info
      this.givenTo = bytes
      this.record(cells, lines, delimiter)
      return true
    }
    parser.on('error', (error: CsvError) => {
      this.failure = this.fail(error, parser.info.lines)
    })
    return parser.resume()
  }

  private record(cells: readonly string[], last: number, delimiter: string): void {
    const number = last - cells.reduce((sum, cell) => sum + breaksIn(cell), 0)
    if (this.failure !== null) return
    if (this.declares) {
      this.declares = false
      return
    }
    if (this.mapping === null) {
      const header = readHeader(this.order, cells)
      if (!header.ok) {
        this.failure = usageError([...header.faults])
        return
      }
      this.mapping = header.mapping
      this.order.onMapping?.(header.mapping)
      if (header.mapping.skip) return
    }
    this.any = true
    this.lines.push(toLine(number, cells, this.mapping, delimiter))
  }

  /**
   * Handles an error of the parser. After an unclosed quotation mark, the rest of the file is one invalid line or, if
   * it is too long, an error.
   */
  private fail(error: CsvError, last: number): Error | null {
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      return new UserError(
        `${this.order.file}: a line near ${last} is longer than ${IMPORT_LINE_BYTES_MAX / 1024} KB, most likely because of an unclosed quotation mark. Lines before it are imported, the rest was not read. Fix it and import again: no subscriber is added twice.`,
      )
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') return error
    const text = this.tail.toString().replace(/^\n+/, '')
    this.any = true
    this.lines.push({
      number: last - (text.trimEnd().match(/\n/g)?.length ?? 0),
      row: brokenRow(text.trim(), this.mapping),
      fault: 'a quotation mark opens here and is never closed, so the rest of the file was not read',
    })
    return null
  }
}

/**
 * Returns the delimiter: the one in Excel’s first line `sep=;`, or the most frequent one in the first line.
 * Spreadsheets write `;` where `,` is the decimal sign.
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

/** Returns the first line that is not empty. `end` is negative when the line continues after these bytes. */
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
    ? { number, row, fault: 'the line contains characters that are not UTF-8: save the file as UTF-8' }
    : { number, row }
}

/**
 * Returns a row for a line with unknown cells. If the file has states, the person who corrects the line must enter the
 * state again.
 */
function brokenRow(text: string, mapping: Mapping | null): CsvRow {
  return mapping?.hasStates === true ? { email: text, state: 'unknown' } : { email: text }
}

function breaksIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0
}
