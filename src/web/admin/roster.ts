import { Readable } from 'node:stream'
import { IMPORT_BATCH_ROWS } from '../../../config/limits.ts'
import { Fault } from '../../fault.ts'
import { foresee } from '../../ledger/roll.ts'
import { addSubscribers, type NewSubscriber } from '../../ledger/subscribers.ts'
import { linesIn } from '../../reader-file.ts'
import { readRow } from '../../reader-row.ts'
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
  const rules = { note, state: 'active', hashAddress: parts.tokens.hashAddress, at } as const
  const names = { name: 'The list', noteHint: note === '' ? 'fill in “Where they agreed”' : null }
  const readers: NewSubscriber[] = []
  const faults: { line: number; reason: string }[] = []
  try {
    for await (const { number, row, fault } of linesIn(Readable.from([csv]), names)) {
      const reader = fault ?? readRow(row, rules)
      if (typeof reader === 'string') faults.push({ line: number, reason: reader })
      else readers.push(reader)
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { kind: 'unreadable', reason: error.message }
  }
  // The parser tells of a line that it cannot read before it hands out the lines that it had read by then.
  faults.sort((a, b) => a.line - b.line)
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
    const { known, suppressed } = await foresee(parts.db, batch)
    for (const { emailKey, addressHash } of batch) {
      const kind = suppressed.has(addressHash)
        ? 'suppressed'
        : known.has(emailKey) || seen.has(emailKey)
          ? 'known'
          : 'added'
      tally[kind] += 1
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
