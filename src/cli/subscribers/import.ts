import { createReadStream, statSync } from 'node:fs'
import { IMPORT_BATCH_ROWS, IMPORT_READ_BYTES } from '../../../config/limits-subscriptions.ts'
import type { App } from '../../../workers/app/app.ts'
import type { OpenLedger } from '../../../workers/app/ledger.ts'
import { retryWhileUnavailable } from '../../ledger/connection/reconnecting-pool.ts'
import { InterruptedError, UserError, usageError } from '../../platform/errors.ts'
import { readLines } from '../../subscriptions/csv/lines.ts'
import { createLineReader, type SubscriberLineOptions } from '../../subscriptions/csv/subscriber-line.ts'
import { type ImportCounts, type ImportDeps, importLines, NO_COUNTS } from '../../subscriptions/import.ts'
import { type CommandContext, withApp, withLedger } from '../context.ts'
import { withProgressOnLoss } from '../output/lost-database.ts'
import { addWithConfirmation } from './add-with-confirmation.ts'
import { ImportReport } from './import-report.ts'
import { ImportedInterests } from './interest-warnings.ts'
import { openRejected } from './rejected.ts'

export interface ImportOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
  readonly dryRun?: boolean
  /** `COLUMN=FIELD` */
  readonly map?: readonly string[]
  readonly ignore?: readonly string[]
}

/**
 * `subscribers import`: adds all good lines and reports bad lines by number. Bad lines are also written to
 * FILE.rejected.csv, which can be corrected and imported. Addresses that the file marks as unsubscribed get no mail. Importing
 * a file again adds nobody twice, so an interrupted import can be repeated. `--dry-run` prints the same and writes nothing.
 */
export async function importFile(file: string, options: ImportOptions, context: CommandContext): Promise<number> {
  const bytes = assertFile(file)
  const within = { file, bytes, options, context }
  if (options.confirm !== true || options.dryRun === true)
    return withLedger(
      context,
      (ledger, config) => importInto({ ledger, config }, writerOf(ledger, options, context), within),
      ENDS_ITSELF,
    )
  // If the answer to a write is lost, the batch is written again. Its subscribers are then already known.
  return withApp(
    context,
    (app) => importInto(app, (all) => retryWhileUnavailable(() => addWithConfirmation(app, all, 'import')), within),
    ENDS_ITSELF,
  )
}

const ENDS_ITSELF = { endsItself: true } as const

interface Within {
  readonly file: string
  readonly bytes: number
  readonly options: ImportOptions
  readonly context: CommandContext
}

async function importInto(
  { ledger, config }: Pick<App, 'ledger' | 'config'>,
  write: ImportDeps['write'],
  { file, bytes, options, context }: Within,
): Promise<number> {
  let ending = false
  void context.interrupted.then(() => {
    ending = true
  })
  const input = openInput(file, bytes, context)
  const rejected = options.dryRun === true ? null : openRejected(file)
  const report = new ImportReport(file, rejected, context)
  const interests = new ImportedInterests()
  const read = createLineReader(subscriberOrder(ledger, options, context))
  let known: ImportCounts = NO_COUNTS
  const importing = () =>
    importLines({
      lines: readLines(input.chunks, {
        file,
        noteHint: options.consentNote === undefined ? 'give --consent-note "…"' : null,
        choices: { map: options.map ?? [], ignore: options.ignore ?? [] },
        onMapping: (mapping) => report.mapped(mapping),
      }),
      read: (row) => {
        const reading = read(row)
        interests.count(reading)
        return report.example(row, reading)
      },
      trial: options.dryRun === true,
      write,
      stopAll: stopperOf(ledger, options, context),
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
    const { stopped, ...tally } = await withProgressOnLoss(importing, () =>
      options.dryRun === true ? 'nothing was written.' : `this was after ${doneOf(known)}`,
    )
    if (stopped) throw interrupted(tally, options)
    const code = await report.finish(tally)
    for (const line of await interests.warnings(ledger, config)) context.terminal.err(line)
    return code
  } finally {
    input.close()
    rejected?.discard()
  }
}

/** Returns the size of a file in bytes. Throws a UserError (exit 2) if it does not exist. */
export function assertFile(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) throw usageError(`${file} does not exist.`)
  if (found.isDirectory()) throw usageError(`${file} is a folder. Name one CSV file.`)
  return found.size
}

/** Opens the file and a progress bar that estimates the number of lines from the bytes read so far. */
function openInput(file: string, size: number, { terminal, clock }: CommandContext) {
  const stream = createReadStream(file, { highWaterMark: IMPORT_READ_BYTES })
  const from = clock().getTime()
  const bar = terminal.bar('Import', 0)
  const chunks = async function* () {
    try {
      for await (const chunk of stream) yield chunk as Buffer
    } catch (error) {
      throw new UserError(`${file} cannot be read: ${(error as Error).message}. Importing it again is safe.`)
    }
  }
  return {
    chunks: chunks(),
    show: ({ lines, faults }: ImportCounts) => {
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

function subscriberOrder(
  { tokens }: OpenLedger,
  { consentNote, confirm }: ImportOptions,
  { clock }: CommandContext,
): SubscriberLineOptions {
  return {
    note: consentNote ?? null,
    state: confirm === true ? 'pending' : 'active',
    at: clock(),
    hashAddress: tokens.hashAddress,
  }
}

function writerOf(
  { subscribers }: OpenLedger,
  { dryRun }: ImportOptions,
  { clock }: CommandContext,
): ImportDeps['write'] {
  if (dryRun === true) return (all) => subscribers.countAdditions(all)
  return (all) => retryWhileUnavailable(() => subscribers.addSubscribers(all, clock()))
}

function stopperOf(
  { subscribers }: OpenLedger,
  { dryRun }: ImportOptions,
  { clock }: CommandContext,
): ImportDeps['stopAll'] {
  if (dryRun === true) return (stopped) => subscribers.countStopping(stopped)
  return (stopped) => retryWhileUnavailable(() => subscribers.stopAddresses(stopped, clock()))
}

function interrupted(tally: ImportCounts, { dryRun }: ImportOptions): UserError {
  return new InterruptedError(
    dryRun === true ? 'Interrupted. Nothing was written.' : `Interrupted after ${doneOf(tally)}`,
  )
}

/** Says how far an unfinished import came. */
function doneOf({ lines, added, faults }: ImportCounts): string {
  return `${lines} lines: ${added} added, ${faults} bad. Import the same file again: nobody is added twice, and the bad lines are reported again.`
}
