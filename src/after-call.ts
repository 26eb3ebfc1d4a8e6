import { SEND_TRIES_MAX } from '../config/limits.ts'
import type { Settlement } from './ledger/settling.ts'
import type { Outcome } from './mail/outcome.ts'
import type { Transport } from './mail/transport.ts'
import type { ClaimedParcel, Member } from './parcel.ts'

export interface OutcomeContext {
  readonly parcel: ClaimedParcel
  readonly transport: Transport
  readonly lostAnswer: 'park' | 'resend'
  readonly now: Date
}

/** What a provider's word of one letter means for it: see docs/DELIVERY.md. */
export function afterOutcome(member: Member, outcome: Outcome, context: OutcomeContext): Settlement {
  const { deliveryId } = member
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', deliveryId, providerId: outcome.providerId }
    case 'refused':
      return { kind: 'refused', deliveryId, reason: outcome.reason, suppress: outcome.suppress ?? false }
    case 'deferred': {
      // What keeps a provider from looking at a repeat says nothing of the call before, which may have sent.
      if (context.parcel.repeat && outcome.split !== true) return afterUnknown(member, outcome.reason, context)
      // A held transport says nothing of this letter, so it costs no try.
      const counts = outcome.hold === undefined && outcome.split !== true && outcome.uncounted !== true
      if (counts && member.tries + 1 >= SEND_TRIES_MAX) {
        return {
          kind: 'refused',
          deliveryId,
          reason: `gave up after ${SEND_TRIES_MAX} tries: ${outcome.reason}`,
          suppress: false,
        }
      }
      return { kind: 'again', deliveryId, reason: outcome.reason, counts, alone: outcome.split === true }
    }
    case 'unknown':
      return outcome.forGood === true
        ? { kind: 'uncertain', deliveryId, reason: outcome.reason }
        : afterUnknown(member, outcome.reason, context)
  }
}

function afterUnknown(
  member: Member,
  reason: string,
  { parcel, transport, lostAnswer, now }: OutcomeContext,
): Settlement {
  return withinKeyLife(parcel, transport, now)
    ? { kind: 'repeat', deliveryId: member.deliveryId, reason }
    : afterLostAnswer(member, transport, lostAnswer, reason)
}

/** A letter that may have gone out, where no key could tell: parked, unless the operator chose otherwise. */
export function afterLostAnswer(
  member: Member,
  transport: Transport | null,
  lostAnswer: 'park' | 'resend',
  reason = 'the answer was lost',
): Settlement {
  const { deliveryId } = member
  // Each copy may be one too many, so a server that never answers gets a few and not one a minute.
  if (lostAnswer === 'resend' && transport?.keyLifeMs === 0 && member.tries + 1 < SEND_TRIES_MAX) {
    return { kind: 'again', deliveryId, reason, counts: true, alone: false }
  }
  return { kind: 'uncertain', deliveryId, reason }
}

/** Whether the key of a parcel is still remembered, so that a repeat cannot make a second mail. */
export function withinKeyLife(parcel: ClaimedParcel, transport: Transport, now: Date): boolean {
  return now.getTime() - parcel.firstCallAt.getTime() < transport.keyLifeMs
}
