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
      /** Nothing was asked of the provider, so that it costs the letter no try. */
      readonly uncounted?: true
    }
  /**
   * It may have gone out: only the same key may try again. `keyTaken`: the provider keeps this key for other bytes.
   * `forGood`: no later call can tell.
   */
  | { readonly kind: 'unknown'; readonly reason: string; readonly keyTaken?: true; readonly forGood?: true }

/**
 * What a deferral says of the whole transport: `rate` slows every parcel for `retryMs`;
 * `quota` stops the queue until an operator or the next day opens it; `down` lets a fail-over take its turn.
 */
export type Hold = 'rate' | 'quota' | 'down'
