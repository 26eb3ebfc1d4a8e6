import { UNSUBSCRIBE_ANSWER_MS_MAX } from '../../config/limits-subscriptions.ts'
import type { SubscriberState } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'
import { withTimeout } from '../platform/timeout.ts'
import type { Tokens } from '../security/tokens.ts'

/** One unsubscribe request. */
export interface UnsubscribeRequest {
  readonly subscriberId: string
  readonly by: UnsubscribeMethod
  readonly at: Date
}

export interface UnsubscribeDeps {
  readonly tokens: Pick<Tokens, 'verify'>
  readonly subscribers: Unsubscribes
  readonly deferred: UnsubscribeStore
  /** Queues the message that confirms the unsubscribe. */
  readonly sendGoodbye: (subscriberId: string, email: string) => Promise<void>
  readonly clock: Clock
}

export interface Unsubscribes {
  /** Ends a subscription. `deferred`: the request was stored earlier and is applied now. */
  unsubscribe(request: UnsubscribeRequest, options: { readonly deferred: boolean }): Promise<UnsubscribeOutcome>
}

/** Stores requests while the ledger is unavailable. */
export interface UnsubscribeStore {
  /** Resolves with false when the request cannot be stored. */
  store(request: UnsubscribeRequest): Promise<boolean>
}

/** `invalid-token`: not one of our unsubscribe tokens. `not-found`: the subscriber was erased. */
export type UnsubscribeResult = UnsubscribeOutcome | { readonly kind: 'invalid-token' }

/** `deferred`: stored, and applied later. `unavailable`: neither applied nor stored. */
export type UnsubscribeAnswer = UnsubscribeResult | { readonly kind: 'deferred' | 'unavailable' }

/**
 * Unsubscribes the subscriber of a token, by any method: the page, a one-click request (RFC 8058 §3.1) or a message
 * (RFC 2369 §3.2). Repeating it changes nothing.
 */
export async function unsubscribeByToken(
  token: string,
  deps: UnsubscribeDeps,
  by: UnsubscribeMethod = 'mail',
): Promise<UnsubscribeResult> {
  const subscriberId = subscriberIdOf(deps.tokens.verify('unsubscribe', token))
  if (subscriberId === null) return { kind: 'invalid-token' }
  return unsubscribeNow({ subscriberId, by, at: deps.clock() }, deps, { deferred: false })
}

/** Unsubscribes, or stores the request while the ledger is unavailable. */
export async function unsubscribeOrDefer(
  token: string,
  deps: UnsubscribeDeps,
  by: UnsubscribeMethod,
): Promise<UnsubscribeAnswer> {
  const subscriberId = subscriberIdOf(deps.tokens.verify('unsubscribe', token))
  if (subscriberId === null) return { kind: 'invalid-token' }
  try {
    return await withTimeout(unsubscribeByToken(token, deps, by), UNSUBSCRIBE_ANSWER_MS_MAX)
  } catch {
    const stored = await deps.deferred.store({ subscriberId, by, at: deps.clock() })
    return { kind: stored ? 'deferred' : 'unavailable' }
  }
}

/**
 * Applies one request.
 *
 * Only a confirmed subscriber who used the page gets a goodbye message. For one-click requests, Gmail and Yahoo may
 * count further messages as spam, and the sender of an unsubscribe message knows what they did. The page may have been
 * opened by somebody to whom a digest was forwarded, so the subscriber must learn of it and can undo it.
 */
export async function unsubscribeNow(
  request: UnsubscribeRequest,
  deps: Pick<UnsubscribeDeps, 'subscribers' | 'sendGoodbye'>,
  order: { readonly deferred: boolean },
): Promise<UnsubscribeOutcome> {
  const outcome = await deps.subscribers.unsubscribe(request, order)
  if (outcome.kind === 'left' && outcome.confirmed && request.by === 'page')
    await deps.sendGoodbye(request.subscriberId, outcome.email)
  return outcome
}

/** Returns a token's subject if it is a valid subscriber id, else null. */
export function subscriberIdOf(subject: string | null): string | null {
  return subject !== null && /^\d{1,18}$/.test(subject) ? subject : null
}

/** How a subscriber unsubscribed: by the page, by a one-click request (RFC 8058), or by a message (RFC 2369). */
export type UnsubscribeMethod = 'page' | 'one-click' | 'mail'

/** `left`: the subscription has ended. `unchanged`: there was none, or it is suppressed. */
export type UnsubscribeOutcome =
  | { readonly kind: 'left'; readonly email: string; readonly confirmed: boolean }
  | { readonly kind: 'unchanged'; readonly state: SubscriberState }
  | { readonly kind: 'not-found' }
