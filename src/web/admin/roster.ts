import { IMPORT_BATCH_ROWS } from '../../../config/limits.ts'
import { Fault } from '../../fault.ts'
import { foreseeAdding } from '../../ledger/adding.ts'
import { addSubscribers, type NewSubscriber } from '../../ledger/subscribers.ts'
import { readLines } from '../../roster/lines.ts'
import { createReader } from '../../roster/reader.ts'
import type { AdminParts } from './parts.ts'

/** A list of readers as it was uploaded or pasted: those who can be added, and the lines that cannot. */
export interface Roster {
  readonly readers: readonly NewSubscriber[]
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
}

export type RosterReading =
  | { readonly kind: 'read'; readonly roster: Roster }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Reads a CSV with a header, as the command line does. Every line needs a consent of its own, or `note` stands for it. */
export async function readRoster(csv: string, note: string, at: Date, parts: AdminParts): Promise<RosterReading> {
  const order = { note: note || null, state: 'active', hashAddress: parts.tokens.hashAddress, at } as const
  const names = { file: 'The list', noteHint: note === '' ? 'fill in “Where they agreed”' : null }
  const read = createReader(order)
  const readers: NewSubscriber[] = []
  const faults: { line: number; reason: string }[] = []
  try {
    for await (const lines of readLines(bytesOf(csv), names))
      for (const { number, row, fault } of lines) {
        const reader = fault === undefined ? read(row) : { reason: fault }
        if ('reason' in reader) faults.push({ line: number, reason: reader.reason })
        else readers.push(reader)
      }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { kind: 'unreadable', reason: error.message }
  }
  return { kind: 'read', roster: { readers, faults } }
}

export interface Tally {
  readonly added: number
  readonly known: number
  readonly suppressed: number
}

/** What adding a list would do, without doing it. */
export async function tallyRoster({ readers }: Roster, parts: AdminParts): Promise<Tally> {
  const seen = new Set<string>()
  const tally = { added: 0, known: 0, suppressed: 0 }
  for (let from = 0; from < readers.length; from += IMPORT_BATCH_ROWS) {
    const batch = readers.slice(from, from + IMPORT_BATCH_ROWS)
    const foreseen = await foreseeAdding(parts.db, batch)
    for (const [index, { emailKey }] of batch.entries()) {
      const kind = foreseen[index]?.kind ?? 'known'
      tally[kind === 'added' && seen.has(emailKey) ? 'known' : kind] += 1
      seen.add(emailKey)
    }
  }
  return tally
}

/** Adds a list in batches; doing it again adds nobody twice. */
export async function addRoster({ readers }: Roster, at: Date, parts: AdminParts): Promise<Tally> {
  const tally = { added: 0, known: 0, suppressed: 0 }
  for (let from = 0; from < readers.length; from += IMPORT_BATCH_ROWS) {
    const results = await addSubscribers(parts.db, readers.slice(from, from + IMPORT_BATCH_ROWS), at)
    for (const { kind } of results) tally[kind] += 1
  }
  return tally
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
