/** The states that a list may give an address. `addressless`: a contact without an address, or one that was deleted. */
export type ListedState = 'active' | 'pending' | 'unsubscribed' | 'bounced' | 'complained' | 'blocked' | 'addressless'

export interface ListedSubscriber {
  readonly state: ListedState
  /** The source, date and reason of the state; empty where the list has none. */
  readonly note: string
}

/** Words that mean the same in every program. A word with two meanings, such as “inactive”, is not among them. */
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

/** The words that the message for an unknown state suggests. */
export const STATE_WORDS = 'active, pending, unsubscribed, bounced, complained or blocked'

/** Reads the cell of a `state` column: a word, and a note in parentheses after it. Null for an unknown word. */
export function readState(cell: string): ListedSubscriber | null {
  const [, word = '', note = ''] = /^([^(]*?)\s*(?:\((.*)\))?$/s.exec(cell.trim()) ?? []
  const key = word.toLowerCase()
  const state = Object.hasOwn(WORDS, key) ? WORDS[key] : undefined
  return state === undefined ? null : { state, note }
}

/** Writes what `readState` reads. */
export function writeState(state: ListedState, note: string): string {
  return note === '' ? state : `${state} (${note})`
}
