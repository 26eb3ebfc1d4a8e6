import { PAUSE_POLL_MS, WORKER_SILENT_MS } from '../../config/limits.ts'
import type { ClaimedParcel } from '../domain/parcel.ts'
import type { ClaimOrder, ClaimResult, ParcelView } from '../ledger/deliveries/claim.ts'
import type { SettleOrder, SettleResult } from '../ledger/deliveries/settle.ts'
import type { Composer } from './compose/compose.ts'
import { attempt, type SendDeps } from './send/attempt.ts'
import { later } from './send/retry-schedule.ts'
import type { ClaimTimes, SendClaim, SendResult } from './send/send-job.ts'

export interface DeliverParts extends SendDeps {
  readonly composer: Composer
  readonly peek: (parcelId: string) => Promise<ParcelView | null>
  readonly claim: (order: ClaimOrder) => Promise<ClaimResult>
  readonly settle: (order: SettleOrder) => Promise<SettleResult>
  readonly giveUpHours: number
  readonly newParcelId: () => string
}

/**
 * One parcel of digests, from the queue to the provider. It is safe to run any number of times and anywhere: a worker
 * that does not get the claim does nothing.
 */
export async function deliver(parcelId: string, parts: DeliverParts): Promise<SendResult> {
  const { newParcelId } = parts
  return attempt<ClaimedParcel, ParcelView>(
    {
      key: parcelId,
      peek: async () => {
        const view = await parts.peek(parcelId)
        return view?.open === true ? view : null
      },
      claim: (view, times) => claim(parcelId, view, times, parts),
      settle: (parcel, settlements, at) => parts.settle({ parcel, settlements, at, newParcelId }),
    },
    parts,
  )
}

async function claim(
  parcelId: string,
  view: ParcelView,
  times: () => ClaimTimes,
  parts: DeliverParts,
): Promise<SendClaim<ClaimedParcel>> {
  const { composer, giveUpHours, newParcelId } = parts
  const issue = await composer.open(view.day, view.weekly, view.votesAt)
  const { template, pool, decide } = issue
  const order = { ...times(), parcelId, newParcelId, keyId: composer.keyId, template, pool, decide, giveUpHours }
  const result = await parts.claim(order)
  switch (result.kind) {
    case 'claimed': {
      const { parcel, spare } = result
      const compose = async () => parcel.members.map((member) => issue.letter(parcel, member))
      return { kind: 'claimed', claimed: parcel, compose, spare }
    }
    case 'settled':
      return result
    case 'busy':
      return { kind: 'wait', at: later(order.at, WORKER_SILENT_MS), why: 'another worker holds it' }
    case 'later':
      return { kind: 'wait', at: result.until, why: 'not due yet' }
    case 'paused':
      return { kind: 'wait', at: later(order.at, PAUSE_POLL_MS), why: 'the edition is paused' }
  }
}
