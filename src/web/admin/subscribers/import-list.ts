import { IMPORT_BATCH_ROWS } from '../../../../config/limits.ts'
import { foreseeAdding } from '../../../ledger/subscribers/insert.ts'
import { foreseeStopping, stopAddresses } from '../../../ledger/subscribers/stopped.ts'
import { addSubscribers } from '../../../ledger/subscribers/subscribers.ts'
import { UserError } from '../../../platform/errors.ts'
import { type Line, readLines } from '../../../subscriptions/csv/lines.ts'
import type { Mapping } from '../../../subscriptions/csv/mapping.ts'
import { createSubscriber } from '../../../subscriptions/csv/reader.ts'
import { enrol } from '../../../subscriptions/import.ts'
import type { AdminParts } from '../parts.ts'

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
      /** The program whose export it is, where that is known. */
      readonly program: string | null
      readonly tally: {
        readonly added: number
        readonly known: number
        readonly suppressed: number
        /** Unsubscribed or suppressed by the word of the list, and how many of them had a subscription here. */
        readonly stopped: number
        readonly ended: number
        /** Left out, as they have not confirmed or have no address. */
        readonly skipped: number
      }
      /** The lines that cannot be added. */
      readonly faults: readonly { readonly line: number; readonly reason: string }[]
    }

/**
 * Adds a list that was uploaded or pasted, as the command line does; doing it again adds nobody twice. It is read
 * whole before anybody is added.
 */
export async function takeRoster({ csv, note, trial, at }: RosterOrder, parts: AdminParts): Promise<RosterOutcome> {
  const list = await linesOf(csv, note)
  if ('reason' in list) return { kind: 'unreadable', reason: list.reason }
  const order = { note: note || null, state: 'active', hashAddress: parts.tokens.hashAddress, at } as const
  const faults: { line: number; reason: string }[] = []
  const tally = await enrol({
    lines: only(list.lines),
    read: createSubscriber(order),
    trial,
    write: (subscribers) => (trial ? foreseeAdding(parts.db, subscribers) : addSubscribers(parts.db, subscribers, at)),
    stopAll: (all) => (trial ? foreseeStopping(parts.db, all) : stopAddresses(parts.db, all, at)),
    batchRows: IMPORT_BATCH_ROWS,
    onFault: ({ number }, reason) => void faults.push({ line: number, reason }),
    onRepeated: () => {},
    onProgress: () => {},
    stop: () => false,
  })
  const { added, known, repeated, suppressed, unsubscribed, barred, ended, unconfirmed, addressless } = tally
  return {
    kind: 'read',
    program: list.program,
    tally: {
      added,
      known: known + repeated,
      suppressed,
      stopped: unsubscribed + barred,
      ended,
      skipped: unconfirmed + addressless,
    },
    faults,
  }
}

type List = { readonly lines: Line[]; readonly program: string | null } | { readonly reason: string }

async function linesOf(csv: string, note: string): Promise<List> {
  let program: string | null = null
  const names = {
    file: 'The list',
    noteHint: note === '' ? 'fill in “Where they agreed”' : null,
    onMapping: (mapping: Mapping) => {
      program = mapping.program?.program ?? null
    },
  }
  const lines: Line[] = []
  try {
    for await (const portion of readLines(only(Buffer.from(csv)), names)) lines.push(...portion)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { reason: error.message }
  }
  return { lines, program }
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value
}
