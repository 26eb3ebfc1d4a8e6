import type { CsvRow } from './csv/columns.ts'
import { Fingerprints } from './csv/fingerprints.ts'
import type { CsvLine } from './csv/lines.ts'
import type { LineReading } from './csv/subscriber-line.ts'
import type { AddResult, NewSubscriber, StoppedAddress } from './new-subscriber.ts'

export interface ImportDeps {
  /** The lines of a file in order, in chunks of any size. */
  readonly lines: AsyncIterable<readonly CsvLine[]>
  readonly read: (row: CsvRow) => LineReading
  /** Whether `write` and `stopAll` only predict their results. */
  readonly trial: boolean
  /** Adds subscribers. Resolves with one result each, in order. */
  readonly write: (subscribers: readonly NewSubscriber[]) => Promise<readonly Pick<AddResult, 'kind'>[]>
  /** Records addresses that must not be emailed. Resolves with whether each had a subscription. */
  readonly stopAll: (stopped: readonly StoppedAddress[]) => Promise<readonly boolean[]>
  /** How many subscribers are written in one transaction. */
  readonly batchRows: number
  readonly onFault: (line: CsvLine, reason: string) => Promise<void> | void
  /** Called for a line whose address occurs earlier in the file. */
  readonly onRepeated: (line: CsvLine) => void
  readonly onProgress: (tally: ImportCounts) => void
  /** Called between two batches; true stops the import. */
  readonly stop: () => boolean
}

/** Counts of lines by outcome. `lines` is the sum of all but `ended`. */
export interface ImportCounts {
  lines: number
  added: number
  /** Already subscribed, in any state; nothing was changed. */
  known: number
  /** Repeated in the file; the first line counts. */
  repeated: number
  suppressed: number
  faults: number
  /** Unsubscribed according to the file. */
  unsubscribed: number
  /** Suppressed according to the file. */
  barred: number
  /** Left out because they have not confirmed. */
  unconfirmed: number
  /** Left out because they have no address. */
  addressless: number
  /** How many of `unsubscribed` and `barred` had an active subscription. */
  ended: number
}

export const NO_COUNTS: Readonly<ImportCounts> = {
  lines: 0,
  added: 0,
  known: 0,
  repeated: 0,
  suppressed: 0,
  faults: 0,
  unsubscribed: 0,
  barred: 0,
  unconfirmed: 0,
  addressless: 0,
  ended: 0,
}

/**
 * Adds the valid lines of a list to the ledger, records which addresses must not be emailed, and reports invalid lines.
 * Each batch is one transaction of each kind, so an interrupted import has written the beginning of the file. Importing
 * the same file again continues: known subscribers are not added twice. If a file has an address twice, the state that
 * forbids email wins, in either order.
 */
export async function importLines(deps: ImportDeps): Promise<ImportCounts & { readonly stopped: boolean }> {
  const tally: ImportCounts = { ...NO_COUNTS }
  const barred = new Fingerprints()
  let writing = Promise.resolve()
  let stopped = false
  for await (const batch of batches(deps, tally)) {
    // Reads the next batch while this one is written. Only these two are in memory.
    await writing
    stopped = deps.stop()
    if (stopped) break
    writing = write(batch, deps, { tally, barred })
    writing.catch(() => {}) // Awaited in the next iteration; must not count as unhandled until then.
  }
  await writing
  return { ...tally, stopped }
}

/** A valid line, which adds a subscriber or stops an address. */
interface Good {
  readonly reading: Extract<LineReading, { kind: 'add' | 'stop' }>
  /** The line, if an earlier one has the same address. Other lines are not kept, because a batch of them takes megabytes. */
  readonly repeated: CsvLine | null
}

/** Yields valid lines in batches, and counts and reports the others. No batch both adds and stops the same address. */
async function* batches(deps: ImportDeps, tally: ImportCounts): AsyncGenerator<readonly Good[]> {
  const seen = new Fingerprints()
  let batch: Good[] = []
  let kinds = new Map<string, Good['reading']['kind']>()
  for await (const portion of deps.lines) {
    for (const line of portion) {
      const reading: LineReading = line.fault === undefined ? deps.read(line.row) : { kind: 'bad', reason: line.fault }
      if (reading.kind === 'bad' || reading.kind === 'skip') {
        tally.lines += 1
        tally[reading.kind === 'bad' ? 'faults' : reading.why] += 1
        if (reading.kind === 'bad') await deps.onFault(line, reading.reason)
        continue
      }
      const hash = reading.kind === 'add' ? reading.subscriber.addressHash : reading.stopped.addressHash
      const repeated = seen.add(hash) ? null : line
      const other = repeated !== null && kinds.has(hash) && kinds.get(hash) !== reading.kind
      if (other || batch.length >= deps.batchRows) {
        yield batch
        batch = []
        kinds = new Map()
      }
      batch.push({ reading, repeated })
      kinds.set(hash, reading.kind)
    }
  }
  yield batch
}

async function write(
  batch: readonly Good[],
  deps: ImportDeps,
  { tally, barred }: { readonly tally: ImportCounts; readonly barred: Fingerprints },
): Promise<void> {
  const subscribers = batch.flatMap(({ reading }) => (reading.kind === 'add' ? [reading.subscriber] : []))
  const stopped = batch.flatMap(({ reading }) => (reading.kind === 'stop' ? [reading.stopped] : []))
  const results = subscribers.length === 0 ? [] : await deps.write(subscribers)
  const ended = stopped.length === 0 ? [] : await deps.stopAll(stopped)
  let [adds, stops] = [0, 0]
  for (const { reading, repeated } of batch) {
    tally.lines += 1
    if (reading.kind === 'add') {
      const { kind } = results[adds] ?? { kind: 'known' as const }
      adds += 1
      const again = repeated !== null && (barred.has(reading.subscriber.addressHash) || isAgain(kind, deps.trial))
      tally[again ? 'repeated' : kind] += 1
      if (again) deps.onRepeated(repeated)
    } else {
      tally[reading.stopped.suppression === null ? 'unsubscribed' : 'barred'] += 1
      // An address that this file added itself had no subscription before.
      if (ended[stops] === true && repeated === null) tally.ended += 1
      stops += 1
      if (reading.stopped.suppression !== null) barred.add(reading.stopped.addressHash)
    }
  }
  deps.onProgress(tally)
}

/**
 * Returns whether an address that an earlier line has is there because of that line. The ledger decides whether a subscriber is
 * added. A trial adds none, so only the file shows repeated addresses.
 */
function isAgain(kind: AddResult['kind'], trial: boolean): boolean {
  return kind === 'known' || (kind === 'added' && trial)
}
