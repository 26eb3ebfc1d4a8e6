import { CONSENT_NOTE_CHARS_MAX } from '../config/limits.ts'
import type { NewSubscriber } from './ledger/subscribers.ts'
import type { Consent } from './ledger/tables.ts'
import { checkPreferences } from './preferences.ts'
import { COLUMNS, type Row } from './reader-file.ts'
import { checkAddress, DEFAULT_PREFERENCES, type Subscriber } from './subscriber.ts'

export interface RowRules {
  /** Where readers agreed whose own cell says nothing. */
  readonly note: string
  readonly state: NewSubscriber['state']
  readonly hashAddress: (key: string) => string
  readonly at: Date
}

/** One reader from typed text, or what is wrong with it. */
export function readRow(row: Row, { note: fallback, state, hashAddress, at }: RowRules): NewSubscriber | string {
  const address = checkAddress(row.email ?? '')
  if (!address.ok) return address.reason
  if (row.state && row.state !== 'active') return `the state is ${row.state}: only active readers are imported`
  const { value: preferences, faults } = checkPreferences(
    {
      ...row,
      interests: split(row.interests),
      muted: split(row.muted),
      authors: split(row.authors),
      weekdays: row.weekdays ? row.weekdays.split(/[,;|]/) : undefined,
    },
    DEFAULT_PREFERENCES,
  )
  if (faults.length > 0) return faults.map(({ words }) => words).join(' ')
  const note = row.consent || fallback
  if (note === '') return 'the consent column is empty and there is no consent note'
  if (note.length > CONSENT_NOTE_CHARS_MAX) return `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters`
  return {
    email: address.email,
    emailKey: address.key,
    addressHash: hashAddress(address.key),
    state,
    preferences,
    consent: { by: 'operator', note, at: at.toISOString() },
  }
}

const [EMAIL, ...OTHERS] = COLUMNS
/** What an exported list says of each; the state stands beside the address, where an eye looks for it. */
export const EXPORT_COLUMNS = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until'] as const

/** The cells of a reader, in the order of `EXPORT_COLUMNS`; `readRow` reads them back. */
export function cellsOf(reader: Subscriber & { readonly consent: Consent | null }): (string | number)[] {
  return [
    reader.email,
    reader.state,
    reader.interests.join(';'),
    reader.muted.join(';'),
    reader.authors.join(';'),
    reader.frequency,
    reader.timezone,
    reader.hour,
    reader.weekday,
    reader.weekdays.join(';'),
    reader.length,
    reader.format,
    reader.rest ? 'yes' : 'no',
    reader.consent?.note ?? '',
    reader.createdAt.toISOString(),
    reader.pausedUntil ?? '',
  ]
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(/[;|]/)
}
