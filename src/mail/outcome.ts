/** What became of one message in one provider call. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly providerId: string | null }
  /** Permanent, and about this recipient or this message alone: it is never tried again. */
  | { readonly kind: 'refused'; readonly reason: string; readonly suppress?: boolean }
  /**
   * Certainly not sent. With `hold` the cause is the transport, and the message costs no try. Without it the server
   * deferred this message (4xx), and it is tried again on the schedule of a mail server. `split`: one message made the
   * provider turn the whole parcel away; this message is sent again alone, under its own key.
   */
  | {
      readonly kind: 'deferred'
      readonly reason: string
      readonly retryMs?: number
      readonly pause?: PauseKind
      readonly splitParcel?: true
      /** The provider was not asked, so this costs the message no try. */
      readonly notAttempted?: true
    }
  /**
   * It may have gone out: only the same key may try again. `keyConflict`: the provider keeps this key for other bytes.
   * `final`: no later call can tell. With `pause` nothing more is called on this transport for a while.
   */
  | {
      readonly kind: 'unknown'
      readonly reason: string
      readonly keyConflict?: true
      readonly final?: true
      readonly pause?: 'down'
      readonly retryMs?: number
    }

/**
 * Why a transport pauses, and what follows:
 * - `rate`: too many calls. It waits for `retryMs`; the next transport does not take over.
 * - `quota`: an hourly, daily or monthly limit is used up. It waits for `retryMs`, or until the limit resets; the next
 *   transport takes over; an alarm.
 * - `down`: the way to the provider is broken, or the provider is. The next transport takes over.
 * - `sender`: the provider rejects us (key, domain, account, reputation, a field that we set). The next transport
 *   takes over; an alarm; no recipient is refused for it.
 */
export type PauseKind = 'rate' | 'quota' | 'down' | 'sender'
