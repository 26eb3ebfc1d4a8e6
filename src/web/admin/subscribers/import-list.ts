import { IMPORT_BATCH_ROWS } from '../../../../config/limits-subscriptions.ts'
import { UserError } from '../../../platform/errors.ts'
import { type CsvLine, readLines } from '../../../subscriptions/csv/lines.ts'
import type { Mapping } from '../../../subscriptions/csv/mapping.ts'
import { createLineReader } from '../../../subscriptions/csv/subscriber-line.ts'
import { importLines } from '../../../subscriptions/import.ts'
import type { AdminDeps } from '../deps.ts'

export interface ImportListOptions {
  readonly csv: string
  /** Source of consent for lines without their own. May be empty. */
  readonly note: string
  /** Whether to count the changes without making them. */
  readonly trial: boolean
  readonly at: Date
}

export type ImportListResult =
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'read'
      /** The program that exported the list, if known. */
      readonly program: string | null
      readonly tally: {
        readonly added: number
        readonly known: number
        readonly suppressed: number
        /** Addresses that the list marks as unsubscribed or suppressed. `ended`: of these, the ones with a subscription here. */
        readonly stopped: number
        readonly ended: number
        /** Lines without a confirmed subscription or without an address. */
        readonly skipped: number
      }
      /** Lines with errors. */
      readonly faults: readonly { readonly line: number; readonly reason: string }[]
    }

/**
 * Imports an uploaded or pasted list, like the command line does. Repeating an import adds no one twice. The whole list
 * is parsed before the first subscriber is added.
 */
export async function importList(
  { csv, note, trial, at }: ImportListOptions,
  deps: AdminDeps,
): Promise<ImportListResult> {
  const list = await linesOf(csv, note)
  if ('reason' in list) return { kind: 'unreadable', reason: list.reason }
  const defaults = { note: note || null, state: 'active', hashAddress: deps.tokens.hashAddress, at } as const
  const faults: { line: number; reason: string }[] = []
  const tally = await importLines({
    lines: only(list.lines),
    read: createLineReader(defaults),
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
    noteHint: note === '' ? 'fill in “Source of consent”' : null,
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
