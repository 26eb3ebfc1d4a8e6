import { CLAIM_GROUP_MESSAGES, CLAIM_GROUP_MS } from '../../../config/limits.ts'
import { grouped } from '../../platform/grouping.ts'
import type { Composer } from '../compose/compose.ts'
import type {
  BeginOptions,
  ClaimOptions,
  ClaimResult,
  DeliveryClaims,
  ParcelView,
  SettleOptions,
  SettleResult,
} from '../deliver.ts'

/** Calls that begin, and calls whose messages were all accepted. All are of one worker. */
export interface CallRecords {
  readonly begins: readonly BeginOptions[]
  readonly sent: readonly SettleOptions[]
}

/** Claims of many parcels at once, as the ledger implements them. */
export interface GroupClaims extends Pick<DeliveryClaims, 'settleParcel' | 'requeueRefused'> {
  findParcels(ids: readonly string[]): Promise<readonly (ParcelView | null)[]>
  claimParcels(group: readonly ClaimOptions[]): Promise<readonly ClaimResult[]>
  /** Records in one transaction the calls that begin and the parcels that were sent. Returns the ids of the calls that may begin. */
  recordCalls(records: CallRecords): Promise<ReadonlySet<string>>
}

type CallRecord =
  | { readonly kind: 'begin'; readonly options: BeginOptions }
  | { readonly kind: 'settle'; readonly options: SettleOptions }

/**
 * Lets the parcels of a process share transactions: those that are claimed at the same time, and the results of the last calls
 * with the beginnings of the next. Parcels of one message need one statement for each round of connections instead of a
 * transaction each.
 * @param parcelSize the messages of a parcel. Large parcels are claimed one by one.
 * @param everyMs the least time between two groups of claims that are not full.
 */
export function groupClaims(
  store: GroupClaims,
  { parcelSize, everyMs = CLAIM_GROUP_MS }: { readonly parcelSize: number; readonly everyMs?: number },
): DeliveryClaims {
  const max = Math.max(1, Math.floor(CLAIM_GROUP_MESSAGES / parcelSize))
  // The parcels that are found together are also claimed together.
  const find = grouped(store.findParcels, {
    max: CLAIM_GROUP_MESSAGES,
    everyMs: max === 1 ? 0 : everyMs,
    retriesAlone: true,
  })
  const claim = grouped(store.claimParcels, { max, keyOf: groupOf, retriesAlone: true })
  const record = grouped((records: readonly CallRecord[]) => recordAll(store, records), { max: CLAIM_GROUP_MESSAGES })
  return {
    requeueRefused: store.requeueRefused,
    findParcel: find,
    claimParcel: max === 1 ? async (options) => (await store.claimParcels([options]))[0] ?? SETTLED : claim,
    beginParcel: async (options) => (await record({ kind: 'begin', options })) === true,
    async settleParcel(options) {
      if (!options.parcel.ahead || options.settlements.some(({ kind }) => kind !== 'sent'))
        return store.settleParcel(options)
      await record({ kind: 'settle', options })
      return NOTHING_LEFT
    },
  }
}

/** Opens a day's digests once for all parcels that are claimed at the same time. */
export function sharedComposer(composer: Composer): Composer {
  const open = grouped(
    async (calls: readonly Parameters<Composer['open']>[]) => {
      const [first] = calls
      const digests = first === undefined ? null : await composer.open(...first)
      return calls.flatMap(() => digests ?? [])
    },
    { max: CLAIM_GROUP_MESSAGES, keyOf: JSON.stringify },
  )
  return { keyId: composer.keyId, open: (...options) => open(options) }
}

const SETTLED: ClaimResult = { kind: 'settled' }
const NOTHING_LEFT: SettleResult = { retry: [] }

/** Claims of a group have the same day, candidates, template and transport. */
function groupOf({ view, transport, membersMax, ahead }: ClaimOptions): string {
  return [view.day, view.weekly, view.votesAt?.toISOString(), view.template, transport, membersMax, ahead].join(' ')
}

async function recordAll(store: GroupClaims, records: readonly CallRecord[]): Promise<boolean[]> {
  const begun = await store.recordCalls({
    begins: records.flatMap((record) => (record.kind === 'begin' ? [record.options] : [])),
    sent: records.flatMap((record) => (record.kind === 'settle' ? [record.options] : [])),
  })
  return records.map((record) => record.kind === 'settle' || begun.has(record.options.parcel.id))
}
