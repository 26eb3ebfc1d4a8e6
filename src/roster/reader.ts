import { CONSENT_NOTE_CHARS_MAX } from '../../config/limits.ts'
import type { NewSubscriber } from '../ledger/subscribers.ts'
import { checkPreferences } from '../preferences.ts'
import { checkAddress, DEFAULT_PREFERENCES } from '../subscriber.ts'
import type { Row } from './columns.ts'

export interface ReaderOrder {
  /** Where readers agreed whose line does not say it; null when each must. */
  readonly note: string | null
  /** `pending` for readers who are asked first. */
  readonly state: 'active' | 'pending'
  readonly at: Date
  readonly hashAddress: (addressKey: string) => string
}

/** One line as a reader to be added, or everything that is wrong with it. */
export function readReader(row: Row, order: ReaderOrder): NewSubscriber | { readonly reason: string } {
  const address = checkAddress(row.email ?? '')
  if (!address.ok) return { reason: address.reason }
  if (row.state && row.state !== 'active')
    return { reason: `the state is ${row.state}: only active readers are imported` }
  const { value, faults } = checkPreferences(
    { ...row, weekdays: row.weekdays ? row.weekdays.split(/[,;|]/) : undefined },
    DEFAULT_PREFERENCES,
  )
  if (faults.length > 0) return { reason: faults.map(({ words }) => words).join(' ') }
  const note = row.consent?.trim() || order.note || ''
  if (note === '') return { reason: 'the consent column is empty and there is no consent note' }
  if (note.length > CONSENT_NOTE_CHARS_MAX)
    return { reason: `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters` }
  if (note.includes('\0')) return { reason: 'the consent holds a character that no text may' }
  return {
    email: address.email,
    emailKey: address.key,
    addressHash: order.hashAddress(address.key),
    state: order.state,
    preferences: value,
    consent: { by: 'operator', note, at: order.at.toISOString() },
  }
}
