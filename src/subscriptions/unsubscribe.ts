import { UNSUBSCRIBE_ANSWER_MS_MAX } from '../../config/limits.ts'

import type { SubscriberState } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'

import { withTimeout } from '../platform/timeout.ts'
import type { TokenPurpose } from '../security/tokens.ts'

/** One reader's wish to leave. */
export interface Unsubscribe {
  readonly subscriberId: string
  readonly by: LeavingBy
  readonly at: Date
}

export interface LeaveParts {
  readonly openToken: (purpose: TokenPurpose, token: string) => string | null
  /** `deferred`: the wish was stored and is applied later. */
  readonly leave: (wish: Unsubscribe, order: { readonly deferred: boolean }) => Promise<Leaving>
  /** Queues a mail that says that no more will come. */
  readonly sayGoodbye: (subscriberId: string, email: string) => Promise<void>
  /** Stores a wish until the ledger answers; false when it cannot be stored. */
  readonly defer: (wish: Unsubscribe) => Promise<boolean>
  readonly clock: Clock
}

/** `forged`: no token of ours for unsubscribing. `gone`: the reader was erased. */
export type LeaveResult = Leaving | { readonly kind: 'forged' }

/** `deferred`: it is stored and will be applied. `unavailable`: it could be neither applied nor stored. */
export type LeaveAnswer = LeaveResult | { readonly kind: 'deferred' | 'unavailable' }

/**
 * Unsubscribes whoever holds the token, by whichever door: the page, a mail program's one click (RFC 8058 §3.1), or
 * a mail (RFC 2369 §3.2). Repeating it changes nothing.
 */
export async function leaveByToken(token: string, parts: LeaveParts, by: LeavingBy = 'mail'): Promise<LeaveResult> {
  const subscriberId = subscriberOf(parts.openToken('unsubscribe', token))
  if (subscriberId === null) return { kind: 'forged' }
  return leaveNow({ subscriberId, by, at: parts.clock() }, parts, { deferred: false })
}

/** The same for somebody who waits for an answer: while the ledger gives none, the wish is stored. */
export async function leaveOrDefer(token: string, parts: LeaveParts, by: LeavingBy): Promise<LeaveAnswer> {
  const subscriberId = subscriberOf(parts.openToken('unsubscribe', token))
  if (subscriberId === null) return { kind: 'forged' }
  try {
    return await withTimeout(leaveByToken(token, parts, by), UNSUBSCRIBE_ANSWER_MS_MAX)
  } catch {
    const stored = await parts.defer({ subscriberId, by, at: parts.clock() })
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
export async function leaveNow(
  wish: Unsubscribe,
  parts: Pick<LeaveParts, 'leave' | 'sayGoodbye'>,
  order: { readonly deferred: boolean },
): Promise<Leaving> {
  const leaving = await parts.leave(wish, order)
  if (leaving.kind === 'left' && leaving.confirmed && wish.by === 'page')
    await parts.sayGoodbye(wish.subscriberId, leaving.email)
  return leaving
}

/** A token's subject as a reader's id, or null: only what fits the ledger's ids is asked for. */
export function subscriberOf(subject: string | null): string | null {
  return subject !== null && /^\d{1,18}$/.test(subject) ? subject : null
}

/** By which door a reader left: the button, a mail program's one click (RFC 8058), or a mail (RFC 2369). */
export type LeavingBy = 'page' | 'one-click' | 'mail'

/** `left`: it was a subscription until now. `stays`: it was none already, or must not be mailed anyway. */
export type Leaving =
  | { readonly kind: 'left'; readonly email: string; readonly confirmed: boolean }
  | { readonly kind: 'stays'; readonly state: SubscriberState }
  | { readonly kind: 'gone' }
