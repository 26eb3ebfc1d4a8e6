/** States of an address in a list. `addressless`: a contact without an address, or a deleted one. */
export type ListedState = 'active' | 'pending' | 'unsubscribed' | 'bounced' | 'complained' | 'blocked' | 'addressless'

export interface ListedSubscriber {
  readonly state: ListedState
  /** Source, date and reason of the state; may be empty. */
  readonly note: string
}

/** Words with the same meaning in every program. Ambiguous ones such as “inactive” are not included. */
const WORDS: Readonly<Record<string, ListedState>> = {
  active: 'active',
  subscribed: 'active',
  confirmed: 'active',
  enabled: 'active',
  pending: 'pending',
  unconfirmed: 'pending',
  unsubscribed: 'unsubscribed',
  cancelled: 'unsubscribed',
  canceled: 'unsubscribed',
  disabled: 'unsubscribed',
  deleted: 'unsubscribed',
  bounced: 'bounced',
  cleaned: 'bounced',
  undeliverable: 'bounced',
  complained: 'complained',
  complaint: 'complained',
  blocked: 'blocked',
  blocklisted: 'blocked',
  blacklisted: 'blocked',
  suppressed: 'blocked',
  addressless: 'addressless',
}

/** The words that the error for an unknown state suggests. */
export const STATE_WORDS = 'active, pending, unsubscribed, bounced, complained or blocked'

/** Parses a `state` cell: a word and an optional note in parentheses. Returns null for an unknown word. */
export function readState(cell: string): ListedSubscriber | null {
  const [, word = '', note = ''] = /^([^(]*?)\s*(?:\((.*)\))?$/s.exec(cell.trim()) ?? []
  const key = word.toLowerCase()
  const state = Object.hasOwn(WORDS, key) ? WORDS[key] : undefined
  return state === undefined ? null : { state, note }
}

/** Formats a state for `readState`. */
export function writeState(state: ListedState, note: string): string {
  return note === '' ? state : `${state} (${note})`
}
