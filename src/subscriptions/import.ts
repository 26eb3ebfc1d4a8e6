import type { CsvRow } from './csv/columns.ts'
import { Fingerprints } from './csv/fingerprints.ts'
import type { CsvLine } from './csv/lines.ts'
import type { LineReading } from './csv/subscriber-line.ts'
import type { AddResult, NewSubscriber, StoppedAddress } from './new-subscriber.ts'

export interface ImportDeps {
  /** The lines of a file, in order, in portions of any size. */
  readonly lines: AsyncIterable<readonly CsvLine[]>
  readonly read: (row: CsvRow) => LineReading
  /** Whether `write` and `stopAll` only foresee what they would come to. */
  readonly trial: boolean
  /** Adds readers, one result each, in order. */
  readonly write: (subscribers: readonly NewSubscriber[]) => Promise<readonly Pick<AddResult, 'kind'>[]>
  /** Records addresses that must get no mail; answers for each whether that ended a subscription of ours. */
  readonly stopAll: (stopped: readonly StoppedAddress[]) => Promise<readonly boolean[]>
  /** How many readers are written in one transaction. */
  readonly batchRows: number
  readonly onFault: (line: CsvLine, reason: string) => Promise<void> | void
  /** A line whose address stands in the file before it. */
  readonly onRepeated: (line: CsvLine) => void
  readonly onProgress: (tally: ImportCounts) => void
  /** Asked between two batches; true ends it there. */
  readonly stop: () => boolean
}

/** Counts of lines by outcome. `lines` is the sum of all but `ended`. */
export interface ImportCounts {
  lines: number
  added: number
  /** On the list already, in whatever state; nothing was changed. */
  known: number
  /** In the file before; the first one counts. */
  repeated: number
  suppressed: number
  faults: number
  /** Unsubscribed by the word of the file. */
  unsubscribed: number
  /** Suppressed by the word of the file. */
  barred: number
  /** Left out, as they have not confirmed. */
  unconfirmed: number
  /** Left out, as they have no address. */
  addressless: number
  /** How many of `unsubscribed` and `barred` had a subscription of ours, which ended. */
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
 * Adds every good line of a list to the ledger, records who must get no mail, and reports every bad line. Each batch is
 * one transaction of each kind, so that an end at any moment leaves a beginning of the file behind; the same file again
 * finds those readers known and goes on, and nobody is added twice. If a file has an address twice, the state that
 * allows no mail wins, in either order.
 */
export async function importLines(deps: ImportDeps): Promise<ImportCounts & { readonly stopped: boolean }> {
  const tally: ImportCounts = { ...NO_COUNTS }
  const barred = new Fingerprints()
  let writing = Promise.resolve()
  let stopped = false
  for await (const batch of batches(deps, tally)) {
    // The next batch is read while this one is being written; never more than these two are in memory.
    await writing
    stopped = deps.stop()
    if (stopped) break
    writing = write(batch, deps, { tally, barred })
    writing.catch(() => {}) // It is awaited in the next round, and must not count as unhandled until then.
  }
  await writing
  return { ...tally, stopped }
}

/** A line that adds somebody, or that stops an address. */
interface Good {
  readonly line: CsvLine
  readonly reading: Extract<LineReading, { kind: 'add' | 'stop' }>
  /** Whether an earlier line of the file has the address. */
  readonly repeated: boolean
}

/** The good lines by the batch; the others are counted and reported as they come. No batch both adds and stops an address. */
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
      const repeated = !seen.add(hash)
      const other = repeated && kinds.has(hash) && kinds.get(hash) !== reading.kind
      if (other || batch.length >= deps.batchRows) {
        yield batch
        batch = []
        kinds = new Map()
      }
      batch.push({ line, reading, repeated })
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
  for (const { line, reading, repeated } of batch) {
    tally.lines += 1
    if (reading.kind === 'add') {
      const { kind } = results[adds] ?? { kind: 'known' as const }
      adds += 1
      const told = barred.has(reading.subscriber.addressHash) ? 'repeated' : outcomeOf(kind, repeated, deps.trial)
      tally[told] += 1
      if (told === 'repeated') deps.onRepeated(line)
    } else {
      tally[reading.stopped.suppression === null ? 'unsubscribed' : 'barred'] += 1
      // An address that this file itself added was no subscriber of ours before.
      if (ended[stops] === true && !repeated) tally.ended += 1
      stops += 1
      if (reading.stopped.suppression !== null) barred.add(reading.stopped.addressHash)
    }
  }
  deps.onProgress(tally)
}

/** The ledger decides who is added. A trial adds nobody, so there only the file knows that an address comes again. */
function outcomeOf(kind: AddResult['kind'], repeated: boolean, trial: boolean): AddResult['kind'] | 'repeated' {
  const again = kind === 'known' || (kind === 'added' && trial)
  return repeated && again ? 'repeated' : kind
}
