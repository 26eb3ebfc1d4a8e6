import type { Consent } from '../domain/consent.ts'
import type { Preferences, SubscriberState } from '../domain/subscriber.ts'
import type { SuppressionReason } from '../domain/suppression.ts'

/** A subscriber to add. The address is already validated. */
export interface NewSubscriber {
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
  readonly state: 'pending' | 'active'
  readonly preferences: Preferences
  readonly consent: Consent
}

/** `known`: the address exists and nothing was changed. `suppressed`: it must never be emailed again. */
export type AddResult =
  | { readonly kind: 'added'; readonly id: string }
  | { readonly kind: 'known'; readonly id: string; readonly state: SubscriberState }
  | { readonly kind: 'suppressed' }

/** An address that must not be emailed, according to an imported list. */
export interface StoppedAddress {
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
  /** Why it must never be emailed, or null when it has only unsubscribed and may subscribe again. */
  readonly suppression: SuppressionReason | null
  /** Source, date and reason. */
  readonly note: string
  readonly preferences: Preferences
  readonly consent: Consent | null
}
