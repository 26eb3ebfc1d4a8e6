import { createReadStream, statSync } from 'node:fs'
import { IMPORT_BATCH_ROWS } from '../../../config/limits-subscriptions.ts'
import type { App } from '../../../workers/app/app.ts'
import { retryWhileUnavailable } from '../../ledger/connection/reconnecting-pool.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { readLines } from '../../subscriptions/csv/lines.ts'
import { createLineReader } from '../../subscriptions/csv/subscriber-line.ts'
import { type ImportCounts, importLines, NO_COUNTS } from '../../subscriptions/import.ts'
import type { NewSubscriber, StoppedAddress } from '../../subscriptions/new-subscriber.ts'
import { type CommandContext, withApp } from '../context.ts'
import { withProgressOnLoss } from '../output/lost-database.ts'
import { ImportReport } from './import-report.ts'
import { openRejected } from './rejected.ts'
import { addWithConfirmation } from './subscribers.ts'

export interface ImportOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
  readonly dryRun?: boolean
  /** `COLUMN=FIELD` */
  readonly map?: readonly string[]
  readonly ignore?: readonly string[]
}

/**
 * `subscribers import`: adds every good line and reports each bad one by its number. Bad lines are also written whole
 * to FILE.rejected.csv, which can be corrected and imported. An address that unsubscribed elsewhere, by the file’s word, gets no mail here. Running it again adds nobody twice, and so goes on where it
 * was interrupted. With `--dry-run` it says the same and writes nothing.
 */
export async function importFile(file: string, options: ImportOptions, context: CommandContext): Promise<number> {
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
      const report = new ImportReport(file, rejected, context)
      const read = createLineReader(subscriberOrder(app, options))
      let known: ImportCounts = NO_COUNTS
      const enrolling = () =>
        importLines({
          lines: readLines(input.chunks, {
            file,
            noteHint: options.consentNote === undefined ? 'give --consent-note "…"' : null,
            choices: { map: options.map ?? [], ignore: options.ignore ?? [] },
            onMapping: (mapping) => report.mapped(mapping),
          }),
          read: (row) => report.example(row, read(row)),
          trial: options.dryRun === true,
          write: writerOf(app, options),
          stopAll: stopperOf(app, options),
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
        const { stopped, ...tally } = await withProgressOnLoss(enrolling, () =>
          options.dryRun === true ? 'nothing was written.' : `this was after ${doneOf(known)}`,
        )
        if (stopped) throw interrupted(tally, options)
        return await report.finish(tally)
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
  if (found === undefined) throw usageError(`${file} does not exist.`)
  if (found.isDirectory()) throw usageError(`${file} is a folder. Name one CSV file.`)
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

function subscriberOrder(app: App, { consentNote, confirm }: ImportOptions) {
  return {
    note: consentNote ?? null,
    state: confirm === true ? ('pending' as const) : ('active' as const),
    at: app.clock(),
    hashAddress: app.ledger.tokens.hashAddress,
  }
}

function writerOf(app: App, { confirm, dryRun }: ImportOptions) {
  const { ledger } = app
  if (dryRun === true) return (subscribers: readonly NewSubscriber[]) => ledger.subscribers.countAdditions(subscribers)
  // A batch that was written, though no answer came, is written again: its subscribers are known then.
  if (confirm === true)
    return (subscribers: readonly NewSubscriber[]) =>
      retryWhileUnavailable(() => addWithConfirmation(app, subscribers, 'import'))
  return (subscribers: readonly NewSubscriber[]) =>
    retryWhileUnavailable(() => ledger.subscribers.addSubscribers(subscribers, app.clock()))
}

function stopperOf(app: App, { dryRun }: ImportOptions) {
  const { ledger } = app
  if (dryRun === true) return (stopped: readonly StoppedAddress[]) => ledger.subscribers.countStopping(stopped)
  return (stopped: readonly StoppedAddress[]) =>
    retryWhileUnavailable(() => ledger.subscribers.stopAddresses(stopped, app.clock()))
}

function interrupted(tally: ImportCounts, { dryRun }: ImportOptions): UserError {
  return new UserError(dryRun === true ? 'Interrupted. Nothing was written.' : `Interrupted after ${doneOf(tally)}`)
}

/** Says how far an import came that ended before the end of its file. */
function doneOf({ lines, added, faults }: ImportCounts): string {
  return `${lines} lines: ${added} added, ${faults} bad. Import the same file again: it goes on from there, nobody is added twice, and the bad lines are told anew.`
}
