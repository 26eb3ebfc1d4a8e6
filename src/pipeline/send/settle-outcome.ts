import { LOST_ANSWER_COPIES_MAX } from '../../../config/limits.ts'
import type { ClaimedSend, SendItem } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Transport } from '../../mail/transport.ts'
import { deferredRetryAt, gaveUpReason, later, repeatAt } from './retry-schedule.ts'
import type { Settlement } from './settlement.ts'

export interface OutcomeContext {
  readonly claimed: ClaimedSend
  /** null: the transport of an earlier attempt is no longer configured. */
  readonly transport: Transport | null
  /** The operator's choice for a message whose answer was lost on a transport without keys. */
  readonly lostAnswer: 'park' | 'resend'
  readonly now: Date
  /** 0 ≤ x < 1; spreads the retries of many parcels. */
  readonly spread: number
}

type Deferred = Extract<Outcome, { kind: 'deferred' }>

/** Returns the settlement of one message after a provider's answer: see docs/DELIVERY.md. */
export function settleOutcome(item: SendItem, outcome: Outcome, context: OutcomeContext): Settlement {
  const { deliveryId } = item
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', deliveryId, providerId: outcome.providerId }
    case 'refused':
      return { kind: 'refused', deliveryId, reason: outcome.reason, suppress: outcome.suppress ?? false }
    case 'deferred':
      // The answer to a repeat says nothing about the call before, which may have sent the message.
      return (context.claimed.repeat || outcome.repeat === true) && outcome.splitParcel !== true
        ? settleUnknown(item, outcome.reason, context)
        : settleUnsent(item, outcome, context)
    case 'unknown':
      return outcome.final === true
        ? { kind: 'uncertain', deliveryId, reason: outcome.reason }
        : settleUnknown(item, outcome.reason, context)
  }
}

/** Settles a message that was certainly not sent. Only a deferral of this very message counts as an attempt. */
function settleUnsent(item: SendItem, outcome: Deferred, { claimed, now, spread }: OutcomeContext): Settlement {
  const { deliveryId, deferrals: tries, queuedAt, giveUpAt } = item
  const again = { kind: 'requeue', deliveryId, reason: outcome.reason, countsAsAttempt: false } as const
  if (outcome.splitParcel === true) return { ...again, retryAt: now, splitOff: true }
  // The next attempt finds the pause, or another transport.
  if (outcome.pause !== undefined) return { ...again, retryAt: now, splitOff: false }
  if (outcome.notAttempted === true) {
    const { retryMs } = outcome
    const retryAt = retryMs === undefined ? repeatAt(now, claimed.attempt, spread) : later(now, retryMs * (1 + spread))
    return { ...again, retryAt, splitOff: false }
  }
  const retryAt = deferredRetryAt(now, tries, spread, outcome.retryMs)
  return retryAt < giveUpAt
    ? { ...again, retryAt, countsAsAttempt: true, splitOff: false }
    : { kind: 'refused', deliveryId, reason: gaveUpReason(queuedAt, now, outcome.reason), suppress: false }
}

function settleUnknown(item: SendItem, reason: string, context: OutcomeContext): Settlement {
  const { claimed, transport, now, spread } = context
  return transport !== null && keyLives(claimed, transport, now)
    ? { kind: 'retrySameKey', deliveryId: item.deliveryId, reason, retryAt: repeatAt(now, claimed.attempt, spread) }
    : settleLostAnswer(item, context, reason)
}

/** Settles a message that may have been sent and has no key to check it: uncertain, unless the operator chose to resend. */
export function settleLostAnswer(
  { deliveryId, deferrals: tries }: SendItem,
  { transport, lostAnswer, now, spread }: OutcomeContext,
  reason = 'the answer was lost',
): Settlement {
  // Each copy may be a duplicate, so a server that never answers gets only a few.
  if (lostAnswer === 'resend' && transport?.keyLifeMs === 0 && tries + 1 < LOST_ANSWER_COPIES_MAX) {
    const retryAt = deferredRetryAt(now, tries, spread)
    return { kind: 'requeue', deliveryId, reason, retryAt, countsAsAttempt: true, splitOff: false }
  }
  return { kind: 'uncertain', deliveryId, reason }
}

/** Returns whether the provider still knows the key of a claim, so that a repeat cannot send a second message. */
export function keyLives({ firstCallAt }: ClaimedSend, transport: Transport, now: Date): boolean {
  return now.getTime() - firstCallAt.getTime() < transport.keyLifeMs
}
