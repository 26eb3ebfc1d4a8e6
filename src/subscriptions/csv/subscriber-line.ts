import { CONSENT_NOTE_CHARS_MAX } from '../../../config/limits.ts'
import { checkPreferences } from '../../domain/preferences.ts'
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
  /** Where readers agreed whose line does not say it; null when each must. */
  readonly note: string | null
  /** `pending` for readers who are asked first. */
  readonly state: 'active' | 'pending'
  readonly at: Date
  readonly hashAddress: (addressKey: string) => string
}

/** The meaning of one line. */
export type LineReading =
  | { readonly kind: 'add'; readonly subscriber: NewSubscriber }
  /** The list says that this address must get no mail. */
  | { readonly kind: 'stop'; readonly stopped: StoppedAddress }
  /** The line adds no subscriber: it is not confirmed there, or has no address. */
  | { readonly kind: 'skip'; readonly why: 'unconfirmed' | 'addressless' }
  | { readonly kind: 'bad'; readonly reason: string }

/** Reads lines as readers to be added or stopped; of a bad one, everything that is wrong with it. */
export function createSubscriber({
  note: forAll,
  state,
  at,
  hashAddress,
}: SubscriberLineOptions): (row: CsvRow) => LineReading {
  const checked = new Map<string, Checked>()
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
    // Written out: a spread costs as much as the check of the address, and a list has a million lines.
    const subscriber: NewSubscriber = {
      email: address.email,
      emailKey: address.key,
      addressHash: hashAddress(address.key),
      state,
      preferences: value,
      consent: { by: 'operator', note, at: moment },
    }
    return { kind: 'add', subscriber }
  }
}

const ACTIVE: ListedSubscriber = { state: 'active', note: '' }

function bad(reason: string): LineReading {
  return { kind: 'bad', reason }
}

interface Whose {
  readonly address: { readonly email: string; readonly key: string }
  readonly addressHash: string
  readonly moment: string
}

/** An address that is to get no mail is never refused for a wrong wish or note. */
function stoppedBy(
  row: CsvRow,
  { state, note }: ListedSubscriber,
  { address, addressHash, moment }: Whose,
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

/** Why an address is suppressed; a state that is not here unsubscribes. */
const SUPPRESSION_OF: Readonly<Partial<Record<ListedState, SuppressionReason>>> = {
  bounced: 'bounced',
  complained: 'complained',
  blocked: 'provider',
}

/** A note outlives the erasure of its subscriber, so it holds no address. */
function clean(text: string): string {
  return withoutAddresses(text.replaceAll('\0', '')).slice(0, CONSENT_NOTE_CHARS_MAX)
}

function noteFault(note: string): string | null {
  if (note === '') return 'the consent column is empty and there is no consent note'
  if (note.length > CONSENT_NOTE_CHARS_MAX) return `the consent is longer than ${CONSENT_NOTE_CHARS_MAX} characters`
  return note.includes('\0') ? 'the consent holds a character that no text may' : null
}

interface Checked {
  readonly value: NewSubscriber['preferences']
  readonly faults: readonly string[]
}

/** In most lists the same few wishes come again and again; checking them anew is a quarter of the work of a line. */
function checkOnce(row: CsvRow, checked: Map<string, Checked>): Checked {
  const key = JSON.stringify(WISHES.map((name) => row[name]))
  return cached(checked, key, WISHES_KEPT_MAX, () => {
    const spelt = correctSpelling(row)
    const { weekdays } = spelt.row
    const { value, faults } = checkPreferences(
      { ...spelt.row, weekdays: weekdays ? weekdays.split(',') : undefined },
      DEFAULT_PREFERENCES,
    )
    return { value, faults: [...spelt.faults, ...faults.map(({ words }) => words)] }
  })
}

const WISHES = COLUMNS.filter((name) => name !== 'email' && name !== 'consent')
const WISHES_KEPT_MAX = 1_000
