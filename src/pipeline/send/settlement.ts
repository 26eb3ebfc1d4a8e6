/** The state of one message after a call, as the ledger records it: see docs/DELIVERY.md. */
export type Settlement =
  | { readonly kind: 'sent'; readonly deliveryId: string; readonly providerId: string | null }
  | { readonly kind: 'refused'; readonly deliveryId: string; readonly reason: string; readonly suppress: boolean }
  | { readonly kind: 'uncertain'; readonly deliveryId: string; readonly reason: string }
  /** It was certainly not sent, and goes back to the queue with a new key. */
  | {
      readonly kind: 'requeue'
      readonly deliveryId: string
      readonly reason: string
      readonly retryAt: Date
      readonly countsAsAttempt: boolean
      /** Whether it gets a parcel of its own. The others share one parcel for each `retryAt`. */
      readonly splitOff: boolean
    }
  /** It may have been sent. The parcel does not change, and only the same key may be tried again. */
  | { readonly kind: 'retrySameKey'; readonly deliveryId: string; readonly reason: string; readonly retryAt: Date }
