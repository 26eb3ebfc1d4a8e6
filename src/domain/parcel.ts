import type { Day } from './day.ts'
import type { FeedbackProfile } from './interests/feedback-profile.ts'
import type { UnmatchedInterests } from './interests/unmatched.ts'
import type { Preferences, ShortForm, SubscriberState, TitleLinks } from './subscriber.ts'

/** One delivery of a parcel that is being claimed, with the current data of its subscriber. */
export interface PendingDelivery {
  readonly deliveryId: string
  readonly subscriberId: string
  readonly period: string
  /** The first day of the pause that this delivery catches up on, or null. */
  readonly catchUpFrom: Day | null
  /** null: the subscriber was erased. */
  readonly subscriber:
    | (Preferences & { readonly email: string; readonly state: SubscriberState; readonly suppressed: boolean } & {
        /** Undefined: no feedback. */
        readonly learned?: FeedbackProfile | null
        /** Undefined: 0. */
        readonly linkGeneration?: number
      })
    | null
  /** Ids of candidate papers that the subscriber received, or may have received. */
  readonly alreadySent: readonly string[]
}

/** The decision that a claim freezes for one delivery. */
export type SendDecision =
  | { readonly kind: 'skip'; readonly deliveryId: string; readonly reason: string }
  | {
      readonly kind: 'send'
      readonly deliveryId: string
      readonly address: string
      readonly paperIds: readonly string[]
      readonly selection: Selection
    }

/** Everything that differs between the digests of two subscribers, apart from the papers. */
export interface Selection {
  readonly frequency: Preferences['frequency']
  readonly interests: readonly string[]
  readonly featured: number
  /** How the featured papers are shown, if not with the whole abstract. */
  readonly form?: ShortForm
  /** The target of the titles, if not our pages. */
  readonly titles?: Exclude<TitleLinks, 'page'>
  /** How many chosen papers did not fit into the digest. Undefined: none. */
  readonly left?: number
  /** True if the subscriber follows authors. */
  readonly following?: true
  /** True if the subscriber wants the papers by votes only. */
  readonly byVotes?: true
  /** The matched interest by paper id. */
  readonly matches: Readonly<Record<string, string>>
  /** The synonym by which a paper matches, by its id. Undefined: none. */
  readonly synonyms?: Readonly<Record<string, string>>
  /** The ids of those papers that only mention their interest. Undefined: none. */
  readonly mentions?: readonly string[]
  /** The followed author by paper id. */
  readonly follows: Readonly<Record<string, string>>
  /** The words that match the subscriber’s feedback, by paper id. */
  readonly learned?: Readonly<Record<string, readonly string[]>>
  /** The words shared with the best matches, by id of a related paper that does not match itself. */
  readonly near?: Readonly<Record<string, readonly string[]>>
  /** Whether the candidates were those of a day or of a week. */
  readonly span: 'day' | 'week'
  /** True for the first digest after a pause. */
  readonly catchUp: boolean
  /** The generation of the links in the digest. Undefined: 0. */
  readonly linkGeneration?: number
  /** Set if the digest shows pictures. It is frozen, so that a repeat is the same after a change of DIGEST_IMAGES. */
  readonly pictures?: true
  /** The interests without a match in a month, in the digests that name them. */
  readonly unmatched?: UnmatchedInterests
}

/** One frozen delivery of a claimed parcel. Every attempt composes the same bytes from it. */
export interface DigestItem {
  readonly deliveryId: string
  readonly subscriberId: string
  readonly address: string
  readonly paperIds: readonly string[]
  readonly selection: Selection
  /** How often a server has deferred this message. */
  readonly deferrals: number
}

/** One message of a claim: a delivery of a parcel, or a transactional email. */
export interface SendItem {
  /** The id of the delivery or of the transactional email. */
  readonly deliveryId: string
  /** How often a server has deferred this message. */
  readonly deferrals: number
  /** When it was first queued. Splitting a parcel keeps it. */
  readonly queuedAt: Date
  /** A message that is still deferred then is given up. */
  readonly giveUpAt: Date
}

/** The messages of one provider call, claimed by one worker. */
export interface ClaimedSend<I extends SendItem = SendItem> {
  readonly claimedAt: Date
  /** The transport that the claim bound it to. */
  readonly transport: string
  readonly attempt: number
  readonly firstCallAt: Date
  /** True when an earlier attempt may have reached the provider: only the same key with the same bytes may go. */
  readonly repeat: boolean
  /** Whether it was claimed before a connection was free. Its call must be recorded before it begins. */
  readonly ahead: boolean
  readonly members: readonly I[]
  /** Ids of deliveries that were excluded after the freeze, in the order of their exclusion. */
  readonly excludedIds: readonly string[]
}

/** A delivery of a claimed parcel, with the times that limit its retries. */
export interface ParcelItem extends DigestItem, SendItem {
  /** The period of the delivery: a day or an ISO week. */
  readonly period: string
}

/**
 * A parcel that only this worker may send now. `excludedIds` are deliveries whose subscriber unsubscribed, paused, was
 * suppressed or was erased after the first attempt froze them. An earlier attempt may have excluded only the first few.
 */
export interface ClaimedParcel extends ClaimedSend<ParcelItem> {
  readonly id: string
  readonly day: Day
  readonly worker: string
  readonly keyId: string
  readonly frozenAt: Date
}
