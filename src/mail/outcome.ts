/** What became of one letter in one provider call. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly providerId: string | null }
  | { readonly kind: 'refused'; readonly reason: string; readonly suppress?: boolean } // Permanent: never try again.
  /**
   * Not sent; the queue comes back. `split`: nothing of the parcel went out because of one of its letters;
   * send this letter again alone, under a key of its own.
   */
  | {
      readonly kind: 'deferred'
      readonly reason: string
      readonly retryMs?: number
      readonly hold?: Hold
      readonly split?: true
    }
  | { readonly kind: 'unknown'; readonly reason: string } // It may have gone out: only the same key may try again.

/**
 * What a deferral says of the whole transport: `rate` slows every parcel for `retryMs`;
 * `quota` stops the queue until an operator or the next day opens it; `down` lets a fail-over take its turn.
 */
export type Hold = 'rate' | 'quota' | 'down'
