import { CONSENT_NOTE_CHARS_MAX } from '../../config/limits.ts'
import { cached } from '../cache.ts'
import type { NewSubscriber } from '../ledger/subscribers.ts'
import { checkPreferences } from '../preferences.ts'
import { checkAddress, DEFAULT_PREFERENCES } from '../subscriber.ts'
import { COLUMNS, type Row } from './columns.ts'

export interface ReaderOrder {
  /** Where readers agreed whose line does not say it; null when each must. */
  readonly note: string | null
  /** `pending` for readers who are asked first. */
  readonly state: 'active' | 'pending'
  readonly at: Date
  readonly hashAddress: (addressKey: string) => string
}

/** Reads lines as readers to be added; of a bad one, everything that is wrong with it. */
export function createReader(order: ReaderOrder): (row: Row) => NewSubscriber | { readonly reason: string } {
  const checked = new Map<string, Checked>()
  return (row) => {
    const address = checkAddress(row.email ?? '')
    if (!address.ok) return { reason: address.reason }
    if (row.state && row.state !== 'active')
      return { reason: `the state is ${row.state}: only active readers are imported` }
    const { value, faults } = checkOnce(row, checked)
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
}

type Checked = ReturnType<typeof checkPreferences>

/** In most lists the same few wishes come again and again; checking them anew is a quarter of the work of a line. */
function checkOnce(row: Row, checked: Map<string, Checked>): Checked {
  const key = JSON.stringify(WISHES.map((name) => row[name]))
  return cached(checked, key, WISHES_KEPT_MAX, () =>
    checkPreferences({ ...row, weekdays: row.weekdays ? row.weekdays.split(/[,;|]/) : undefined }, DEFAULT_PREFERENCES),
  )
}

const WISHES = COLUMNS.filter((name) => name !== 'email' && name !== 'consent')
const WISHES_KEPT_MAX = 1_000
