import { type CsvError, parse } from 'csv-parse'
import { IMPORT_LINE_BYTES_MAX } from '../../config/limits.ts'
import { Fault, misuse } from '../fault.ts'
import { bare, readPhrases, unguard } from './cells.ts'
import { COLUMNS, type Header, PHRASE_COLUMNS, type PhraseColumn, type Row, readHeader } from './columns.ts'

/** A line of the file; one that is no proper CSV has its whole text for an address, and why it could not be read. */
export interface Line {
  /** Of its first line, where a cell goes over several. */
  readonly number: number
  readonly row: Row
  readonly fault?: string
}

export interface LinesOrder {
  /** What the file is called in faults. */
  readonly file: string
  /** How to say where all of them agreed, for a list that does not; null when that is said already. */
  readonly noteHint: string | null
}

/**
 * The lines of a CSV file of readers, in order, as many at a time as a chunk of it holds. A line that cannot be read is
 * given with its fault, and the others go on. Memory is bounded by IMPORT_LINE_BYTES_MAX.
 * @throws Fault (exit code 2) when the header is of no use, before any line is given; (1) when a cell has no end.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, order: LinesOrder): AsyncGenerator<readonly Line[]> {
  const reading = new Reading(order)
  let begun = false
  let pending: Buffer = Buffer.alloc(0)
  for await (const chunk of withLineFeeds(chunks, order.file)) {
    pending = begun ? chunk : Buffer.concat([pending, chunk])
    if (!begun && !pending.includes(LF) && pending.length < IMPORT_LINE_BYTES_MAX) continue
    begun = true
    yield await reading.take(pending)
    reading.assertWhole()
  }
  yield await reading.end(begun ? Buffer.alloc(0) : pending)
  reading.assertWhole()
  if (!reading.any)
    throw misuse(
      `${order.file} holds no lines under a header. The first line must name the columns: ${COLUMNS.join(', ')}.`,
    )
}

const LF = 10
const CR = 13

/**
 * The bytes with `\n` for every `\r\n` and `\r`, and without a byte order mark. csv-parse would count a `\r\n` inside of
 * a cell as two lines, and would not see the ends of lines that are not like the first.
 */
async function* withLineFeeds(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let first = true
  let afterCr = false
  for await (const chunk of chunks) {
    let bytes = chunk
    if (first) {
      if (bytes[0] === 0xff || bytes[0] === 0xfe) throw misuse(`${file} is in UTF-16. Save it as CSV in UTF-8.`)
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
      first = false
    }
    if (afterCr && bytes[0] === LF) bytes = bytes.subarray(1)
    if (chunk.length > 0) afterCr = chunk.at(-1) === CR
    if (bytes.length > 0) yield bytes.includes(CR) ? lineFeeds(bytes) : bytes
  }
}

function lineFeeds(bytes: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === LF && bytes[at - 1] === CR) continue
    kept[length] = byte === CR ? LF : byte
    length += 1
  }
  return kept.subarray(0, length)
}

/** One file being read: csv-parse with what it must be told, and the lines that it has given since it was asked last. */
class Reading {
  any = false
  private lines: Line[] = []
  private header: Extract<Header, { ok: true }> | null = null
  /** Bytes since the end of the last line that was given: the whole of one that never ends. */
  private tail: Buffer = Buffer.alloc(0)
  private tailAt = 0
  private givenTo = 0
  private parser: ReturnType<typeof parse> | null = null
  private failure: Error | null = null

  constructor(private readonly order: LinesOrder) {}

  async take(bytes: Buffer): Promise<readonly Line[]> {
    this.parser ??= this.open(delimiterOf(bytes))
    const parser = this.parser
    this.tail = Buffer.concat([this.tail, bytes])
    await new Promise<void>((resolve) => parser.write(bytes, () => resolve()))
    this.tail = this.tail.subarray(this.givenTo - this.tailAt)
    this.tailAt = this.givenTo
    return this.lines.splice(0)
  }

  async end(rest: Buffer): Promise<readonly Line[]> {
    this.parser ??= this.open(delimiterOf(rest))
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

  private open(delimiter: string): ReturnType<typeof parse> {
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
    if (this.header === null) {
      const header = readHeader(this.order.file, cells.map(bareCell), this.order.noteHint)
      if (!header.ok) throw misuse([...header.faults])
      this.header = header
      if (header.skip) return
    }
    this.any = true
    this.lines.push(toLine(number, cells, this.header.columns, delimiter))
  }

  /** Of a quotation mark that nothing closes the rest of the file is a bad line, or, when it is long, the end. */
  private fail(error: CsvError, last: number): Error | null {
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      return new Fault(
        `${this.order.file}: a line near ${last} is longer than ${IMPORT_LINE_BYTES_MAX / 1024} KB, most likely by a quotation mark that nothing closes. Lines before it are done, nothing after it was read. Mend it and import again: nobody is added twice.`,
      )
    if (error.code !== 'CSV_QUOTE_NOT_CLOSED') return error
    const text = this.tail.toString().replace(/^\n+/, '')
    this.any = true
    this.lines.push({
      number: last - (text.trimEnd().match(/\n/g)?.length ?? 0),
      row: { email: text.trim() },
      fault: 'a quotation mark is opened here and never closed, so that nothing from here to the end was read',
    })
    return null
  }
}

/** What parts the cells: whatever the first line has most of. Spreadsheets write `;` where `,` is a decimal sign. */
function delimiterOf(bytes: Buffer): string {
  const end = bytes.indexOf(LF)
  const first = bytes.subarray(0, end < 0 ? bytes.length : end).toString()
  const count = (mark: string) => first.split(mark).length
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

function toLine(number: number, cells: readonly string[], columns: readonly (keyof Row)[], delimiter: string): Line {
  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== ''))
    return {
      number,
      row: { email: cells.join(delimiter) },
      fault: 'the line has more cells than the header: put a cell with a comma in quotation marks',
    }
  const row: Record<string, string | readonly string[]> = {}
  let broken = false
  for (let at = 0; at < cells.length && at < columns.length; at += 1) {
    const [name, cell] = [columns[at] as keyof Row, cells[at] ?? '']
    row[name] = isPhrases(name) ? readPhrases(bare(cell)) : bareCell(cell)
    broken ||= cell.includes('\ufffd')
  }
  return broken
    ? { number, row: row as Row, fault: 'the line holds characters that are not UTF-8: save the file as UTF-8' }
    : { number, row: row as Row }
}

function isPhrases(name: string): name is PhraseColumn {
  return (PHRASE_COLUMNS as readonly string[]).includes(name)
}

function bareCell(cell: string): string {
  return unguard(bare(cell))
}

function breaksIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0
}
