import { PAUSE_POLL_MS, WORKER_SILENT_MS } from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { ClaimedParcel, PendingDelivery, SendDecision } from '../domain/parcel.ts'
import type { Composer } from './compose/compose.ts'
import { attempt } from './send/attempt.ts'
import { later } from './send/retry-schedule.ts'
import type { RefusedMessages, SendDeps } from './send/send-deps.ts'
import type { ClaimTimes, Retry, SendClaim, SendResult } from './send/send-job.ts'
import type { Settlement } from './send/settlement.ts'

export interface DeliverDeps extends SendDeps {
  readonly deliveries: DeliveryClaims
  readonly composer: Composer
}

/** The claims of parcels, as the ledger implements them. */
export interface DeliveryClaims extends RefusedMessages {
  /** Returns what a claim needs to know about a parcel, or null for an unknown parcel. */
  findParcel(id: string): Promise<ParcelView | null>
  /** Claims a parcel for one worker and freezes what each member gets. Only one worker can have it at a time. */
  claimParcel(options: ClaimOptions): Promise<ClaimResult>
  /**
   * Records that the call of a parcel that was claimed ahead begins. Returns false if it must not: the claim is lost, the
   * transport or the edition is paused, or a member has left, was suppressed or has another address by now.
   */
  beginParcel(options: BeginOptions): Promise<boolean>
  /** Records the outcome of each member of a claimed parcel, in one transaction. */
  settleParcel(options: SettleOptions): Promise<SettleResult>
}

/**
 * Sends one parcel of digests. It is safe to run any number of times and anywhere: a worker that does not get the claim
 * does nothing.
 */
export async function deliver(parcelId: string, deps: DeliverDeps): Promise<SendResult> {
  const { deliveries, newParcelId } = deps
  return attempt<ClaimedParcel, ParcelView>(
    {
      key: parcelId,
      find: async () => {
        const view = await deliveries.findParcel(parcelId)
        return view?.open === true ? view : null
      },
      claim: (view, times) => claim(parcelId, view, times, deps),
      begin: (parcel, at) => deliveries.beginParcel({ parcel, at }),
      settle: (parcel, settlements, at) => deliveries.settleParcel({ parcel, settlements, at, newParcelId }),
    },
    deps,
  )
}

async function claim(
  parcelId: string,
  view: ParcelView,
  times: () => ClaimTimes,
  deps: DeliverDeps,
): Promise<SendClaim<ClaimedParcel>> {
  const { composer, deliveries, giveUpHours, newParcelId } = deps
  const digests = await composer.open(view.day, view.weekly, view.votesAt, view.template)
  const { template, pool, decide } = digests
  const own = { parcelId, newParcelId, giveUpHours, view, keyId: composer.keyId, template, pool, decide }
  const options = { ...times(), ...own }
  const result = await deliveries.claimParcel(options)
  switch (result.kind) {
    case 'claimed': {
      const { parcel, spare } = result
      const compose = async () => parcel.members.map((member) => digests.message(parcel, member))
      return { kind: 'claimed', claimed: parcel, compose, spare }
    }
    case 'settled':
      return result
    case 'busy':
      return { kind: 'wait', at: later(options.at, WORKER_SILENT_MS), why: 'another worker has claimed it' }
    case 'later':
      return { kind: 'wait', at: result.until, why: 'not due yet' }
    case 'paused':
      return { kind: 'wait', at: later(options.at, PAUSE_POLL_MS), why: 'the edition is paused' }
  }
}

export interface ClaimOptions extends ClaimTimes {
  readonly parcelId: string
  /** The parcel as it was found. */
  readonly view: ParcelView
  readonly newParcelId: () => string
  readonly keyId: string
  readonly template: string
  /** The papers of the pool, and the earliest day on which one of them was in an edition. */
  readonly pool: { readonly ids: readonly string[]; readonly since: Day }
  readonly decide: (candidates: readonly PendingDelivery[]) => readonly SendDecision[]
  /** A daily digest that a server still defers after this time is given up. */
  readonly giveUpHours: number
}

export type ClaimResult =
  /** `spare`: ids of new parcels for the members that do not fit into one call of the transport. */
  | { readonly kind: 'claimed'; readonly parcel: ClaimedParcel; readonly spare: readonly string[] }
  | { readonly kind: 'settled' }
  | { readonly kind: 'busy' } // Another worker has claimed it. Try again when that claim would be stale.
  | { readonly kind: 'later'; readonly until: Date }
  | { readonly kind: 'paused' }

/** The parcel as it is before a claim. */
export interface ParcelView {
  readonly day: Day
  readonly open: boolean
  /** The transport of an earlier attempt, if any. */
  readonly boundTo: string | null
  /** Whether a member needs the papers of a week: a weekly digest, or a digest after a pause. */
  readonly weekly: boolean
  /** The votes that it shows; null: those of the edition. */
  readonly votesAt: Date | null
  /** The template of an earlier call, if any. */
  readonly template?: string | null
}

export interface BeginOptions {
  readonly parcel: ClaimedParcel
  readonly at: Date
}

export interface SettleOptions {
  readonly parcel: ClaimedParcel
  readonly settlements: readonly Settlement[]
  readonly at: Date
  readonly newParcelId: () => string
}

/** `retry`: parcels that need a job: the same one again, or new ones for members that were not sent. */
export interface SettleResult {
  readonly retry: readonly Retry[]
}
