import { CONSENT_NOTE_CHARS_MAX } from '../../../config/limits-subscriptions.ts'
import type { Consent } from '../../domain/consent.ts'
import { checkPreferences } from '../../domain/interests/preferences.ts'
import { DEFAULT_PREFERENCES } from '../../domain/subscriber.ts'
import type { SuppressionReason } from '../../domain/suppression.ts'
import { cached } from '../../platform/cache.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import type { NewSubscriber, StoppedAddress } from '../new-subscriber.ts'
import { checkCell } from './address.ts'
import { COLUMNS, type CsvRow } from './columns.ts'
import { type ListedState, type ListedSubscriber, readState, STATE_WORDS } from './formats/states.ts'
import { correctSpelling } from './spelling.ts'

export interface SubscriberLineOptions {
  /** Consent note for lines without one; null when each line must have its own. */
  readonly note: string | null
  /** `pending` for subscribers who must confirm first. */
  readonly state: 'active' | 'pending'
  readonly at: Date
  readonly hashAddress: (addressKey: string) => string
}

/** The result of reading one line. */
export type LineReading =
  | { readonly kind: 'add'; readonly subscriber: NewSubscriber }
  /** According to the list, this address must not be emailed. */
  | { readonly kind: 'stop'; readonly stopped: StoppedAddress }
  /** The line adds no subscriber: it is unconfirmed, or has no address. */
  | { readonly kind: 'skip'; readonly why: 'unconfirmed' | 'addressless' }
  | { readonly kind: 'bad'; readonly reason: string }

/**
 * Returns a function that reads a line as a subscriber to add or an address to stop. For an invalid line, it returns
 * all errors.
 */
export function createLineReader({
  note: forAll,
  state,
  at,
  hashAddress,
}: SubscriberLineOptions): (row: CsvRow) => LineReading {
  const checked = new Map<string, Checked>()
  const consents = new Map<string, Consent>()
  const moment = at.toISOString()
  return (row) => {
    const listed = row.state ? readState(row.state) : ACTIVE
    if (listed?.state === 'addressless') return { kind: 'skip', why: 'addressless' }
    const address = checkCell(row.email ?? '')
    if (!address.ok) return bad(address.reason)
    if (listed === null) return bad(`the state is “${(row.state ?? '').slice(0, 40)}”: use ${STATE_WORDS}`)
    if (listed.state === 'pending' && state !== 'pending') return { kind: 'skip', why: 'unconfirmed' }
    if (listed.state !== 'active' && listed.state !== 'pending')
      return {
        kind: 'stop',
        stopped: stoppedBy(row, listed, { address, addressHash: hashAddress(address.key), moment }),
      }
    const { value, faults } = checkOnce(row, checked)
    if (faults.length > 0) return bad(faults.join(' '))
    const note = row.consent?.trim() || forAll || ''
    const wrong = noteFault(note)
    if (wrong !== null) return bad(wrong)
    // Written out because a spread costs as much as checking the address, and a list has up to a million lines.
    const subscriber: NewSubscriber = {
      email: address.email,
      emailKey: address.key,
      addressHash: hashAddress(address.key),
      state,
      preferences: value,
      consent: cached(consents, note, CACHED_CONSENTS_MAX, () => ({ by: 'operator', note, at: moment })),
    }
    return { kind: 'add', subscriber }
  }
}

const ACTIVE: ListedSubscriber = { state: 'active', note: '' }

function bad(reason: string): LineReading {
  return { kind: 'bad', reason }
}

interface AddressContext {
  readonly address: { readonly email: string; readonly key: string }
  readonly addressHash: string
  readonly moment: string
}

/** Invalid preferences or notes never prevent an address from being stopped. */
function stoppedBy(
  row: CsvRow,
  { state, note }: ListedSubscriber,
  { address, addressHash, moment }: AddressContext,
): StoppedAddress {
  const consent = clean(row.consent?.trim() ?? '')
  return {
    email: address.email,
    emailKey: address.key,
    addressHash,
    suppression: SUPPRESSION_OF[state] ?? null,
    note: clean(note === '' ? `imported as ${state}` : `imported: ${note}`),
    preferences: DEFAULT_PREFERENCES,
    consent: consent === '' ? null : { by: 'operator', note: consent, at: moment },
  }
}

/** Suppression reason by state. Other states unsubscribe. */
const SUPPRESSION_OF: Readonly<Partial<Record<ListedState, SuppressionReason>>> = {
  bounced: 'bounced',
  complained: 'complained',
  blocked: 'provider',
}

/** Removes addresses from a note, because it outlives the erasure of its subscriber. */
function clean(text: string): string {
  return withoutAddresses(text.replaceAll('\0', '')).slice(0, CONSENT_NOTE_CHARS_MAX)
}

function noteFault(note: string): string | null {
  if (note === '') return 'the consent column is empty and there is no consent note'
  if (note.length > CONSENT_NOTE_CHARS_MAX) return `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters`
  return note.includes('\0') ? 'the consent contains a NUL character' : null
}

interface Checked {
  readonly value: NewSubscriber['preferences']
  readonly faults: readonly string[]
}

/**
 * Caches checked preferences: most lists repeat a few combinations, and the check is a quarter of the time per line.
 */
function checkOnce(row: CsvRow, checked: Map<string, Checked>): Checked {
  return cached(checked, keyOf(row), CACHED_PREFERENCES_MAX, () => {
    const spelt = correctSpelling(row)
    const { weekdays } = spelt.row
    const { value, faults } = checkPreferences(
      { ...spelt.row, weekdays: weekdays ? weekdays.split(',') : undefined },
      DEFAULT_PREFERENCES,
    )
    return { value, faults: [...spelt.faults, ...faults.map(({ words }) => words)] }
  })
}

/** Returns a different text for any two combinations of cells. `JSON.stringify` of them takes five times as long. */
function keyOf(row: CsvRow): string {
  let key = ''
  for (const name of PREFERENCE_COLUMNS) {
    const cell = row[name]
    if (cell === undefined) key += '-'
    else if (typeof cell === 'string') key += `${cell.length}:${cell}`
    else key += `${cell.length};${cell.map((phrase) => `${phrase.length}:${phrase}`).join('')}`
  }
  return key
}

const PREFERENCE_COLUMNS = COLUMNS.filter((name) => name !== 'email' && name !== 'consent')
const CACHED_PREFERENCES_MAX = 1_000
const CACHED_CONSENTS_MAX = 1_000
