import { parse } from 'csv-parse/sync'
import { CONSENT_NOTE_CHARS_MAX, IMPORT_BATCH_ROWS } from '../../../config/limits.ts'
import { foresee } from '../../ledger/roll.ts'
import { addSubscribers, type NewSubscriber } from '../../ledger/subscribers.ts'
import { checkAddress } from '../../subscriber.ts'
import type { AdminParts } from './parts.ts'

const COLUMNS = ['email', 'interests', 'muted', 'frequency', 'timezone', 'hour', 'weekday', 'length', 'consent']
// What an export has besides.
const EXPORTED = ['state', 'since']

type Row = Partial<Record<string, string>>

/** A list of readers as it was uploaded or pasted: those who can be added, and the lines that cannot. */
export interface Roster {
  readonly readers: readonly NewSubscriber[]
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
}

export type RosterReading =
  | { readonly kind: 'read'; readonly roster: Roster }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Reads a CSV with a header. Every line needs a consent of its own, or `note` stands for it. */
export function readRoster(csv: string, note: string, at: Date, parts: AdminParts): RosterReading {
  let records: { record: Row; info: { lines: number } }[]
  try {
    records = parse(csv, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
    })
  } catch (error) {
    return { kind: 'unreadable', reason: `This cannot be read as CSV: ${(error as Error).message}.` }
  }
  const [first] = records
  const names = first === undefined ? [] : Object.keys(first.record)
  if (!names.includes('email'))
    return {
      kind: 'unreadable',
      reason: `The first line must name the columns, “email” among them: ${COLUMNS.join(', ')}.`,
    }
  const unknown = names.filter((name) => !COLUMNS.includes(name) && !EXPORTED.includes(name))
  if (unknown.length > 0) return { kind: 'unreadable', reason: `These columns are not known: ${unknown.join(', ')}.` }
  const readers: NewSubscriber[] = []
  const faults: { line: number; reason: string }[] = []
  for (const { record, info } of records) {
    const reader = readRow(record, note, at, parts)
    if (typeof reader === 'string') faults.push({ line: info.lines, reason: reader })
    else readers.push(reader)
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

/** One reader from typed text, or what is wrong with it. */
export function readRow(row: Row, fallbackNote: string, at: Date, parts: AdminParts): NewSubscriber | string {
  const address = checkAddress(row.email ?? '')
  if (!address.ok) return address.reason
  if (row.state && row.state !== 'active') return `the state is ${row.state}: only active readers are added`
  const preferences = parts.readPreferences({ ...given(row), interest: split(row.interests), muted: split(row.muted) })
  if (!preferences.ok) return preferences.faults.join(' ')
  const note = row.consent || fallbackNote
  if (note === '') return 'nothing says where they agreed: fill the column “consent”, or the note'
  if (note.length > CONSENT_NOTE_CHARS_MAX) return `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters`
  return {
    email: address.email,
    emailKey: address.key,
    addressHash: parts.tokens.hashAddress(address.key),
    state: 'active',
    preferences: preferences.value,
    consent: { by: 'operator', note, at: at.toISOString() },
  }
}

function given(row: Row) {
  const names = ['frequency', 'timezone', 'hour', 'weekday', 'length'] as const
  return Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(/[;|]/)
}
