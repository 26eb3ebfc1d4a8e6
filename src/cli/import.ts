import { createReadStream, statSync } from 'node:fs'
import { EMAIL_CHARS_MAX, IMPORT_BATCH_ROWS, IMPORT_FAULTS_SHOWN_MAX } from '../../config/limits.ts'
import type { App } from '../../workers/wiring.ts'
import { enrol, type Tally } from '../enrol.ts'
import { Fault, misuse } from '../fault.ts'
import { foreseeAdding } from '../ledger/adding.ts'
import { outlasting } from '../ledger/patience.ts'
import { addSubscribers, type NewSubscriber } from '../ledger/subscribers.ts'
import { type Line, readLines } from '../roster/lines.ts'
import { createReader } from '../roster/reader.ts'
import { type CommandContext, withApp } from './context.ts'
import { tellingWhatIsDone } from './lost.ts'
import { openRejected, type Rejected } from './rejected.ts'
import { addAndAsk } from './subscribers.ts'

export interface ImportOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
  readonly dryRun?: boolean
}

/**
 * `subscribers import`: adds every good line and reports each bad one by its number. Bad lines are also written whole
 * to FILE.rejected.csv, which can be mended and imported. Running it again adds nobody twice, and so goes on where it
 * was interrupted. With `--dry-run` it says the same and writes nothing.
 */
export async function importSubscribers(
  file: string,
  options: ImportOptions,
  context: CommandContext,
): Promise<number> {
  const bytes = assertFile(file)
  let ending = false
  void context.interrupted.then(() => {
    ending = true
  })
  return withApp(
    context,
    async (app) => {
      const input = openInput(file, bytes, context)
      const rejected = options.dryRun === true ? null : openRejected(file)
      const report = new Report(rejected, context)
      let known = NOTHING_READ
      const enrolling = () =>
        enrol({
          lines: readLines(input.chunks, {
            file,
            noteHint: options.consentNote === undefined ? 'give --consent-note "…"' : null,
          }),
          read: createReader(readerOrder(app, options)),
          trial: options.dryRun === true,
          write: writerOf(app, options),
          batchRows: IMPORT_BATCH_ROWS,
          onFault: (line, reason) => report.fault(line, reason),
          onRepeated: (line) => report.repeated(line),
          onProgress: (tally) => {
            known = tally
            input.show(tally)
          },
          stop: () => ending,
        })
      try {
        const { stopped, ...tally } = await tellingWhatIsDone(enrolling, () =>
          options.dryRun === true ? 'nothing was written.' : `this was after ${doneOf(known)}`,
        )
        if (stopped) throw interrupted(tally, options)
        return await report.finish(file, tally)
      } finally {
        input.close()
        rejected?.discard()
      }
    },
    { endsItself: true },
  )
}

/** @throws Fault (exit code 2) when there is no such file; answers its size in bytes. */
export function assertFile(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw misuse(`${file} does not exist.`)
  if (found.isDirectory()) throw misuse(`${file} is a folder. Name one CSV file.`)
  return found.size
}

/** The file's bytes, and a bar that reckons the number of lines by how much of it has been read. */
function openInput(file: string, size: number, { terminal, clock }: CommandContext) {
  const stream = createReadStream(file)
  const from = clock().getTime()
  const bar = terminal.bar('Import', 0)
  const chunks = async function* () {
    try {
      for await (const chunk of stream) yield chunk as Buffer
    } catch (error) {
      throw new Fault(`${file} cannot be read: ${(error as Error).message}. Importing it again is safe.`)
    }
  }
  return {
    chunks: chunks(),
    show: ({ lines, faults }: Tally) => {
      const seconds = Math.max((clock().getTime() - from) / 1000, 0.001)
      const share = size === 0 ? 1 : Math.max(stream.bytesRead / size, 0.001)
      bar.update(lines, Math.round(lines / share), `${Math.round(lines / seconds)} lines/s · ${faults} bad`)
    },
    close: () => {
      bar.stop()
      stream.destroy()
    },
  }
}

function readerOrder(app: App, { consentNote, confirm }: ImportOptions) {
  return {
    note: consentNote ?? null,
    state: confirm === true ? ('pending' as const) : ('active' as const),
    at: app.clock(),
    hashAddress: app.ledger.tokens.hashAddress,
  }
}

function writerOf(app: App, { confirm, dryRun }: ImportOptions) {
  const { db } = app.ledger
  if (dryRun === true) return (readers: readonly NewSubscriber[]) => foreseeAdding(db, readers)
  // A batch that was written, though no answer came, is written again: its subscribers are known then.
  if (confirm === true)
    return (readers: readonly NewSubscriber[]) => outlasting(() => addAndAsk(app, readers, 'import'))
  return (readers: readonly NewSubscriber[]) => outlasting(() => addSubscribers(db, readers, app.clock()))
}

const NOTHING_READ: Tally = { lines: 0, added: 0, known: 0, repeated: 0, suppressed: 0, faults: 0 }

function interrupted(tally: Tally, { dryRun }: ImportOptions): Fault {
  return new Fault(dryRun === true ? 'Interrupted. Nothing was written.' : `Interrupted after ${doneOf(tally)}`)
}

/** Says how far an import came that ended before the end of its file. */
function doneOf({ lines, added, faults }: Tally): string {
  return `${lines} lines: ${added} added, ${faults} bad. Import the same file again: it goes on from there, nobody is added twice, and the bad lines are told anew.`
}

/** What is told of single lines, as they come, and of the whole at the end. */
class Report {
  private shown = 0

  constructor(
    private readonly rejected: Rejected | null,
    private readonly context: CommandContext,
  ) {}

  async fault(line: Line, reason: string): Promise<void> {
    this.tell(line, reason)
    await this.rejected?.add(line, reason)
  }

  repeated(line: Line): void {
    this.tell(line, 'this address stands in the file before; the first line counts')
  }

  private lines: string[] = []

  /** Kept for the end: they would run through the bar. */
  private tell({ number, row }: Line, words: string): void {
    this.shown += 1
    if (this.shown > IMPORT_FAULTS_SHOWN_MAX) return
    const email = (row.email ?? '').slice(0, EMAIL_CHARS_MAX).replace(/\s+/g, ' ')
    this.lines.push(`line ${number}: ${email === '' ? '' : `${email}: `}${words}`)
  }

  async finish(file: string, tally: Tally): Promise<number> {
    const { terminal } = this.context
    const trial = this.rejected === null
    terminal.out(
      `${tally.added} ${trial ? 'would be added' : 'added'}, ${tally.known} known already, ${tally.repeated} twice in the file, ${tally.suppressed} suppressed, ${tally.faults} bad lines.`,
    )
    for (const line of this.lines) terminal.err(line)
    if (this.shown > this.lines.length) terminal.err(`… and ${this.shown - this.lines.length} more.`)
    if (trial) terminal.out('This was a trial: nothing was written.')
    if (await this.rejected?.finish())
      terminal.err(
        `The bad lines are in ${this.rejected?.path}. Mend them there${this.rejected?.path === file ? '' : ` or in ${file}`} and import again: nobody is added twice.`,
      )
    return tally.faults === 0 ? 0 : 1
  }
}
