import { EMAIL_CHARS_MAX } from '../../../config/limits.ts'
import { IMPORT_EXAMPLES_SHOWN, IMPORT_FAULTS_SHOWN_MAX } from '../../../config/limits-subscriptions.ts'
import { shownCell } from '../../subscriptions/csv/cells.ts'
import type { CsvRow } from '../../subscriptions/csv/columns.ts'
import type { CsvLine } from '../../subscriptions/csv/lines.ts'
import type { Mapping } from '../../subscriptions/csv/mapping.ts'
import type { LineReading } from '../../subscriptions/csv/subscriber-line.ts'
import type { ImportCounts } from '../../subscriptions/import.ts'
import type { CommandContext } from '../context.ts'
import { describeExample, describeMapping, describeProgram } from './import-words.ts'
import type { Rejected } from './rejected.ts'

/** The report of an import: the mapping, examples in a trial, single lines, and the counts. */
export class ImportReport {
  private shown = 0
  private mapping: Mapping | null = null
  private readonly examples: string[][] = []

  constructor(
    private readonly file: string,
    private readonly rejected: Rejected | null,
    private readonly context: CommandContext,
  ) {}

  mapped(mapping: Mapping): void {
    this.mapping = mapping
  }

  /** Stores the first lines of a trial as examples. Returns the reading unchanged. */
  example(row: CsvRow, reading: LineReading): LineReading {
    if (this.rejected === null && this.examples.length < IMPORT_EXAMPLES_SHOWN)
      this.examples.push(describeExample(row, reading))
    return reading
  }

  async fault(line: CsvLine, reason: string): Promise<void> {
    this.note(line, reason)
    await this.rejected?.add(line, reason)
  }

  repeated(line: CsvLine): void {
    this.note(line, 'the file has this address on an earlier line, which counts')
  }

  private lines: string[] = []

  /** Stores a line for the end of the report, because it would break the progress bar. */
  private note({ number, row }: CsvLine, words: string): void {
    this.shown += 1
    if (this.shown > IMPORT_FAULTS_SHOWN_MAX) return
    const email = shownCell(row.email ?? '', EMAIL_CHARS_MAX)
    this.lines.push(`line ${number}: ${email === '' ? '' : `${email}: `}${shownCell(words, Number.POSITIVE_INFINITY)}`)
  }

  async finish(tally: ImportCounts): Promise<number> {
    const { terminal } = this.context
    const trial = this.rejected === null
    for (const line of this.beginning()) terminal.out(line)
    terminal.out(
      `${tally.added} ${trial ? 'would be added' : 'added'}, ${tally.known} known already, ${tally.repeated} twice in the file, ${tally.suppressed} suppressed, ${tally.faults} bad lines.`,
    )
    for (const line of describeStates(tally)) terminal.out(line)
    for (const line of this.lines) terminal.err(line)
    if (this.shown > this.lines.length) terminal.err(`… and ${this.shown - this.lines.length} more.`)
    if (trial) terminal.out('This was a trial: nothing was written.')
    if (await this.rejected?.finish())
      terminal.err(
        `The bad lines are in ${this.rejected?.path}. Correct them there${this.rejected?.path === this.file ? '' : ` or in ${this.file}`} and import again: nobody is added twice.`,
      )
    return tally.faults === 0 ? 0 : 1
  }

  private beginning(): string[] {
    if (this.mapping === null) return []
    const program = describeProgram(this.file, this.mapping, this.rejected === null)
    if (this.rejected !== null) return program
    const head = `The first ${this.examples.length === 1 ? 'line' : `${this.examples.length} lines`} would become:`
    return [...program, ...describeMapping(this.mapping), '', head, ...this.examples.flat(), '']
  }
}

/** Describes the lines whose state allows no mail, if there are any. */
function describeStates(tally: ImportCounts): string[] {
  const { unsubscribed, barred, ended, unconfirmed, addressless } = tally
  const lines: string[] = []
  if (unsubscribed + barred > 0)
    lines.push(
      `By the states in the file: ${unsubscribed} unsubscribed, ${barred} suppressed; ${ended} of them had a subscription here.`,
    )
  if (unconfirmed > 0)
    lines.push(`${unconfirmed} left out: they have not confirmed there. --confirm asks each by mail.`)
  if (addressless > 0) lines.push(`${addressless} left out: they have no address.`)
  return lines
}
