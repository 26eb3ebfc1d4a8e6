import { IMPORT_BATCH_ROWS } from '../../../config/limits.ts'
import { enrol } from '../../enrol.ts'
import { Fault } from '../../fault.ts'
import { foreseeAdding } from '../../ledger/adding.ts'
import { addSubscribers } from '../../ledger/subscribers.ts'
import { type Line, readLines } from '../../roster/lines.ts'
import { createReader } from '../../roster/reader.ts'
import type { AdminParts } from './parts.ts'

export interface RosterOrder {
  readonly csv: string
  /** Where readers agreed whose line does not say it; may be empty. */
  readonly note: string
  /** True: only say what adding would come to. */
  readonly trial: boolean
  readonly at: Date
}

export type RosterOutcome =
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'read'
      readonly tally: { readonly added: number; readonly known: number; readonly suppressed: number }
      /** The lines that cannot be added. */
      readonly faults: readonly { readonly line: number; readonly reason: string }[]
    }

/**
 * Adds a list that was uploaded or pasted, as the command line does; doing it again adds nobody twice. It is read
 * whole before anybody is added.
 */
export async function takeRoster({ csv, note, trial, at }: RosterOrder, parts: AdminParts): Promise<RosterOutcome> {
  const lines = await linesOf(csv, note)
  if (!Array.isArray(lines)) return { kind: 'unreadable', reason: lines.reason }
  const order = { note: note || null, state: 'active', hashAddress: parts.tokens.hashAddress, at } as const
  const faults: { line: number; reason: string }[] = []
  const { added, known, repeated, suppressed } = await enrol({
    lines: only(lines),
    read: createReader(order),
    trial,
    write: (readers) => (trial ? foreseeAdding(parts.db, readers) : addSubscribers(parts.db, readers, at)),
    batchRows: IMPORT_BATCH_ROWS,
    onFault: ({ number }, reason) => void faults.push({ line: number, reason }),
    onRepeated: () => {},
    onProgress: () => {},
    stop: () => false,
  })
  return { kind: 'read', tally: { added, known: known + repeated, suppressed }, faults }
}

async function linesOf(csv: string, note: string): Promise<Line[] | { readonly reason: string }> {
  const names = { file: 'The list', noteHint: note === '' ? 'fill in “Where they agreed”' : null }
  const lines: Line[] = []
  try {
    for await (const portion of readLines(only(Buffer.from(csv)), names)) lines.push(...portion)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { reason: error.message }
  }
  return lines
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value
}
