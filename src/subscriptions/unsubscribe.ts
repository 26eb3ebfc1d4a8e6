import { UNSUBSCRIBE_ANSWER_MS_MAX } from '../../config/limits.ts'

import type { SubscriberState } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'

import { withTimeout } from '../platform/timeout.ts'
import type { TokenPurpose } from '../security/tokens.ts'

/** One reader's wish to leave. */
export interface UnsubscribeRequest {
  readonly subscriberId: string
  readonly by: UnsubscribeMethod
  readonly at: Date
}

export interface UnsubscribeDeps {
  readonly openToken: (purpose: TokenPurpose, token: string) => string | null
  /** `deferred`: the wish was stored and is applied later. */
  readonly unsubscribe: (wish: UnsubscribeRequest, order: { readonly deferred: boolean }) => Promise<UnsubscribeOutcome>
  /** Queues a mail that says that no more will come. */
  readonly sayGoodbye: (subscriberId: string, email: string) => Promise<void>
  /** Stores a wish until the ledger answers; false when it cannot be stored. */
  readonly defer: (wish: UnsubscribeRequest) => Promise<boolean>
  readonly clock: Clock
}

/** `forged`: no token of ours for unsubscribing. `gone`: the reader was erased. */
export type UnsubscribeResult = UnsubscribeOutcome | { readonly kind: 'invalid-token' }

/** `deferred`: it is stored and will be applied. `unavailable`: it could be neither applied nor stored. */
export type UnsubscribeAnswer = UnsubscribeResult | { readonly kind: 'deferred' | 'unavailable' }

/**
 * Unsubscribes whoever holds the token, by whichever door: the page, a mail program's one click (RFC 8058 §3.1), or
 * a mail (RFC 2369 §3.2). Repeating it changes nothing.
 */
export async function unsubscribeByToken(
  token: string,
  deps: UnsubscribeDeps,
  by: UnsubscribeMethod = 'mail',
): Promise<UnsubscribeResult> {
  const subscriberId = subscriberIdOf(deps.openToken('unsubscribe', token))
  if (subscriberId === null) return { kind: 'invalid-token' }
  return unsubscribeNow({ subscriberId, by, at: deps.clock() }, deps, { deferred: false })
}

/** The same for somebody who waits for an answer: while the ledger gives none, the wish is stored. */
export async function unsubscribeOrDefer(
  token: string,
  deps: UnsubscribeDeps,
  by: UnsubscribeMethod,
): Promise<UnsubscribeAnswer> {
  const subscriberId = subscriberIdOf(deps.openToken('unsubscribe', token))
  if (subscriberId === null) return { kind: 'invalid-token' }
  try {
    return await withTimeout(unsubscribeByToken(token, deps, by), UNSUBSCRIBE_ANSWER_MS_MAX)
  } catch {
    const stored = await deps.defer({ subscriberId, by, at: deps.clock() })
    return { kind: stored ? 'deferred' : 'unavailable' }
  }
}

/**
 * Applies one wish.
 *
 * A goodbye goes only to a confirmed reader who used the page. Gmail and Yahoo take a one-click as a wish for no
 * more mail and may count what still comes as spam; whoever wrote a mail knows that they did. The page may have been
 * opened by somebody to whom a digest was forwarded: its reader must hear of it, with a way back.
 */
export async function unsubscribeNow(
  wish: UnsubscribeRequest,
  deps: Pick<UnsubscribeDeps, 'unsubscribe' | 'sayGoodbye'>,
  order: { readonly deferred: boolean },
): Promise<UnsubscribeOutcome> {
  const leaving = await deps.unsubscribe(wish, order)
  if (leaving.kind === 'left' && leaving.confirmed && wish.by === 'page')
    await deps.sayGoodbye(wish.subscriberId, leaving.email)
  return leaving
}

/** A token's subject as a reader's id, or null: only what fits the ledger's ids is asked for. */
export function subscriberIdOf(subject: string | null): string | null {
  return subject !== null && /^\d{1,18}$/.test(subject) ? subject : null
}

/** By which door a reader left: the button, a mail program's one click (RFC 8058), or a mail (RFC 2369). */
export type UnsubscribeMethod = 'page' | 'one-click' | 'mail'

/** `left`: it was a subscription until now. `stays`: it was none already, or must not be mailed anyway. */
export type UnsubscribeOutcome =
  | { readonly kind: 'left'; readonly email: string; readonly confirmed: boolean }
  | { readonly kind: 'unchanged'; readonly state: SubscriberState }
  | { readonly kind: 'not-found' }
