import type { AddResult, NewSubscriber } from './ledger/subscribers.ts'
import type { Row } from './roster/columns.ts'
import { Fingerprints } from './roster/fingerprints.ts'
import type { Line } from './roster/lines.ts'

export interface EnrolParts {
  /** The lines of a file, in order, in portions of any size. */
  readonly lines: AsyncIterable<readonly Line[]>
  readonly read: (row: Row) => NewSubscriber | { readonly reason: string }
  /** Whether `write` only foresees what adding would come to. */
  readonly trial: boolean
  /** Adds readers, one result each, in order. */
  readonly write: (readers: readonly NewSubscriber[]) => Promise<readonly Pick<AddResult, 'kind'>[]>
  /** How many readers are written in one transaction. */
  readonly batchRows: number
  readonly onFault: (line: Line, reason: string) => Promise<void> | void
  /** A line whose address stands in the file before it. */
  readonly onRepeated: (line: Line) => void
  readonly onProgress: (tally: Tally) => void
  /** Asked between two batches; true ends it there. */
  readonly stop: () => boolean
}

/** What became of the lines: `lines` is the sum of the others. */
export interface Tally {
  lines: number
  added: number
  /** On the list already, in whatever state; nothing was changed. */
  known: number
  /** In the file before; the first one counts. */
  repeated: number
  suppressed: number
  faults: number
}

/**
 * Adds every good line of a list to the ledger and reports every bad one. Each batch is one transaction, so that an end
 * at any moment leaves a beginning of the file behind; the same file again finds those readers known and goes on, and
 * nobody is added twice.
 */
export async function enrol(parts: EnrolParts): Promise<Tally & { readonly stopped: boolean }> {
  const tally: Tally = { lines: 0, added: 0, known: 0, repeated: 0, suppressed: 0, faults: 0 }
  let writing = Promise.resolve()
  let stopped = false
  for await (const batch of batches(parts, tally)) {
    // The next batch is read while this one is being written; never more than these two are in memory.
    await writing
    stopped = parts.stop()
    if (stopped) break
    writing = write(batch, parts, tally)
    writing.catch(() => {}) // It is awaited in the next round, and must not count as unhandled until then.
  }
  await writing
  return { ...tally, stopped }
}

interface Good {
  readonly line: Line
  readonly reader: NewSubscriber
  readonly repeated: boolean
}

/** The good lines by the batch; the bad ones are reported as they come. */
async function* batches(parts: EnrolParts, tally: Tally): AsyncGenerator<readonly Good[]> {
  const seen = new Fingerprints()
  let batch: Good[] = []
  for await (const portion of parts.lines) {
    for (const line of portion) {
      const reader = line.fault === undefined ? parts.read(line.row) : { reason: line.fault }
      if ('reason' in reader) {
        tally.lines += 1
        tally.faults += 1
        await parts.onFault(line, reader.reason)
      } else batch.push({ line, reader, repeated: !seen.add(reader.addressHash) })
      if (batch.length < parts.batchRows) continue
      yield batch
      batch = []
    }
  }
  yield batch
}

async function write(batch: readonly Good[], parts: EnrolParts, tally: Tally): Promise<void> {
  const results = await parts.write(batch.map(({ reader }) => reader))
  for (const [index, { line, repeated }] of batch.entries()) {
    const kind = outcomeOf(results[index]?.kind ?? 'known', repeated, parts.trial)
    tally.lines += 1
    tally[kind] += 1
    if (kind === 'repeated') parts.onRepeated(line)
  }
  parts.onProgress(tally)
}

/** The ledger decides who is added. A trial adds nobody, so there only the file knows that an address comes again. */
function outcomeOf(kind: AddResult['kind'], repeated: boolean, trial: boolean): AddResult['kind'] | 'repeated' {
  const again = kind === 'known' || (kind === 'added' && trial)
  return repeated && again ? 'repeated' : kind
}
