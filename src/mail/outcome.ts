/** The result for one message of one provider call. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly providerId: string | null }
  /** A permanent rejection of this recipient or this message. It is not retried. */
  | { readonly kind: 'refused'; readonly reason: string; readonly suppress?: boolean }
  /**
   * This call has certainly not sent the message. With `pause` the transport is at fault, and the attempt is not counted. Without it
   * the server deferred this message (4xx), and it is retried on the schedule of a mail server. `splitParcel`: the
   * provider rejected the whole parcel because of one message; this message is sent again alone, under its own key.
   */
  | {
      readonly kind: 'deferred'
      readonly reason: string
      readonly retryMs?: number
      readonly pause?: PauseKind
      readonly splitParcel?: true
      /** The provider was not called, so the attempt is not counted. */
      readonly notAttempted?: true
      /** The transport had called before, and lost the answer. Only this call has certainly not sent the message. */
      readonly repeat?: true
    }
  /**
   * The message may have been sent, so only a call with the same key may retry it. `keyConflict`: the provider has stored
   * this key with other bytes. `final`: no later call can find out. With `pause` the transport makes no calls for a while.
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
 * The reason why a transport pauses:
 * - `rate`: too many calls. It waits for `retryMs`; the next transport does not take over.
 * - `quota`: an hourly, daily or monthly limit is used up. It waits for `retryMs`, or until the limit resets. The next
 *   transport takes over, and an alert is raised.
 * - `down`: the provider or the network is down. The next transport takes over.
 * - `sender`: the provider rejects us (key, domain, account, reputation, a field that we set). The next transport
 *   takes over, an alert is raised, and no recipient is refused.
 */
export type PauseKind = 'rate' | 'quota' | 'down' | 'sender'

/** Returns whether the provider or the network is down, so that a later call may succeed. */
export function isDown(outcome: Outcome): boolean {
  return 'pause' in outcome && outcome.pause === 'down'
}
