import type { Day } from './day.ts'
import type { FeedbackProfile } from './feedback-profile.ts'
import type { Preferences, ShortForm, SubscriberState } from './subscriber.ts'

/** One delivery of a parcel that is being claimed, with what is known of its reader at this moment. */
export interface PendingDelivery {
  readonly deliveryId: string
  readonly subscriberId: string
  readonly period: string
  /** The day on which the reader’s pause began, when this delivery catches up on it; else null. */
  readonly catchUpFrom: Day | null
  /** null: the reader was erased. */
  readonly subscriber:
    | (Preferences & { readonly email: string; readonly state: SubscriberState; readonly suppressed: boolean } & {
        /** What their feedback taught; left out: nothing. */
        readonly learned?: FeedbackProfile | null
        /** The generation of their links; left out: 0. */
        readonly linkGeneration?: number
      })
    | null
  /** Ids of papers that this reader has had, or may have had, among those of the pool. */
  readonly alreadySent: readonly string[]
}

/** What a claim freezes of one delivery. */
export type SendDecision =
  | { readonly kind: 'skip'; readonly deliveryId: string; readonly reason: string }
  | {
      readonly kind: 'send'
      readonly deliveryId: string
      readonly address: string
      readonly paperIds: readonly string[]
      readonly selection: Selection
    }

/** All that makes one reader's digest differ from another's, apart from the papers themselves. */
export interface Selection {
  readonly frequency: Preferences['frequency']
  readonly interests: readonly string[]
  readonly featured: number
  /** What the featured say of themselves where that is not their whole abstract. */
  readonly form?: ShortForm
  /** Paper id → the interest that it matched. */
  readonly matches: Readonly<Record<string, string>>
  /** Paper id → the author of it whom the reader follows. */
  readonly follows: Readonly<Record<string, string>>
  /** Paper id → the words for which it goes with what the reader asked more of; left out when there is none. */
  readonly learned?: Readonly<Record<string, readonly string[]>>
  /** Paper id → the words for which it goes with the papers that match best, without matching; left out when there is none. */
  readonly near?: Readonly<Record<string, readonly string[]>>
  /** Whose pool it was chosen from: the day’s edition, or those of a week. */
  readonly span: 'day' | 'week'
  /** Whether it is the first digest after a pause. */
  readonly catchUp: boolean
  /** The generation of the links in the digest; left out: 0. */
  readonly linkGeneration?: number
}

/** A choice as the ledger kept it; those frozen before 0.2 know neither followed authors nor pauses. */
export function readSelection(frozen: unknown): Selection {
  const choice = frozen as Selection
  return {
    ...choice,
    follows: choice.follows ?? {},
    span: choice.span ?? spanOf(choice),
    catchUp: choice.catchUp ?? false,
  }
}

function spanOf({ frequency }: Selection): Selection['span'] {
  return frequency === 'weekly' ? 'week' : 'day'
}

/** One member of a claimed parcel, frozen: every attempt makes the same bytes of it. */
export interface DigestItem {
  readonly deliveryId: string
  readonly subscriberId: string
  readonly address: string
  readonly paperIds: readonly string[]
  readonly selection: Selection
  /** Temporary refusals of this very letter so far. */
  readonly deferrals: number
}

/** One message of a claim: a delivery of a parcel, or a transactional mail. */
export interface SendItem {
  /** The id of the delivery, or of the transactional mail. */
  readonly deliveryId: string
  /** How often a server has deferred this message. */
  readonly deferrals: number
  /** When it was first queued; kept when a parcel is split. */
  readonly queuedAt: Date
  /** A message that a server still defers then is given up. */
  readonly giveUpAt: Date
}

/** The messages of one provider call, claimed by one worker. */
export interface ClaimedSend<I extends SendItem = SendItem> {
  readonly claimedAt: Date
  /** The transport to which the claim bound it. */
  readonly transport: string
  readonly attempt: number
  readonly firstCallAt: Date
  /** True when an earlier attempt may have reached the provider: only the same key with the same bytes may go. */
  readonly repeat: boolean
  readonly members: readonly I[]
  /** Ids of the members that left since they were frozen, the first to leave first. */
  readonly excludedIds: readonly string[]
}

/** A member of a claimed parcel, with the times that decide how long it is tried. */
export interface ParcelItem extends DigestItem, SendItem {}

/**
 * A parcel that this worker, and no other, may send now. `left` are deliveries whose subscriber unsubscribed, paused, was
 * suppressed or erased since the first attempt froze them. An attempt before this one may have gone without the first so
 * many of them.
 */
export interface ClaimedParcel extends ClaimedSend<ParcelItem> {
  readonly id: string
  readonly day: Day
  readonly worker: string
  readonly keyId: string
  readonly frozenAt: Date
}
