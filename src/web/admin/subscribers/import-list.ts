import { IMPORT_BATCH_ROWS } from '../../../../config/limits-subscriptions.ts'
import { UserError } from '../../../platform/errors.ts'
import { type CsvLine, readLines } from '../../../subscriptions/csv/lines.ts'
import type { Mapping } from '../../../subscriptions/csv/mapping.ts'
import { createLineReader } from '../../../subscriptions/csv/subscriber-line.ts'
import { importLines } from '../../../subscriptions/import.ts'
import type { AdminDeps } from '../deps.ts'

export interface ImportListOptions {
  readonly csv: string
  /** Where readers agreed whose line does not say it; may be empty. */
  readonly note: string
  /** True: only say what adding would come to. */
  readonly trial: boolean
  readonly at: Date
}

export type ImportListResult =
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
export async function importList(
  { csv, note, trial, at }: ImportListOptions,
  deps: AdminDeps,
): Promise<ImportListResult> {
  const list = await linesOf(csv, note)
  if ('reason' in list) return { kind: 'unreadable', reason: list.reason }
  const order = { note: note || null, state: 'active', hashAddress: deps.tokens.hashAddress, at } as const
  const faults: { line: number; reason: string }[] = []
  const tally = await importLines({
    lines: only(list.lines),
    read: createLineReader(order),
    trial,
    write: (subscribers) =>
      trial
        ? deps.ledger.subscribers.countAdditions(subscribers)
        : deps.ledger.subscribers.addSubscribers(subscribers, at),
    stopAll: (all) =>
      trial ? deps.ledger.subscribers.countStopping(all) : deps.ledger.subscribers.stopAddresses(all, at),
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

type List = { readonly lines: CsvLine[]; readonly program: string | null } | { readonly reason: string }

async function linesOf(csv: string, note: string): Promise<List> {
  let program: string | null = null
  const names = {
    file: 'The list',
    noteHint: note === '' ? 'fill in “Where they agreed”' : null,
    onMapping: (mapping: Mapping) => {
      program = mapping.program?.program ?? null
    },
  }
  const lines: CsvLine[] = []
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
