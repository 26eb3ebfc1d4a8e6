import type { Consent } from '../domain/consent.ts'
import type { Preferences, SubscriberState } from '../domain/subscriber.ts'
import type { SuppressionReason } from '../domain/suppression.ts'

/** One reader to be added; the address is already checked. */
export interface NewSubscriber {
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
  readonly state: 'pending' | 'active'
  readonly preferences: Preferences
  readonly consent: Consent
}

/** `known`: the address was there already and nothing was changed. `suppressed`: it must never be mailed again. */
export type AddResult =
  | { readonly kind: 'added'; readonly id: string }
  | { readonly kind: 'known'; readonly id: string; readonly state: SubscriberState }
  | { readonly kind: 'suppressed' }

/** An address of which an imported list says that it must get no mail. */
export interface StoppedAddress {
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
  /** Why it is never to be mailed; null when it has only unsubscribed, and may come back by itself. */
  readonly suppression: SuppressionReason | null
  /** The source, date and reason. */
  readonly note: string
  readonly preferences: Preferences
  readonly consent: Consent | null
}
