import { sql } from 'kysely'
import { OUTCOME_REASON_CHARS_MAX } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { ClaimedParcel, PendingDelivery } from '../../domain/parcel.ts'
import type { Retry } from '../../pipeline/send/send-job.ts'
import type { Settlement } from '../../pipeline/send/settlement.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'

type Requeue = Extract<Settlement, { kind: 'requeue' }>

/**
 * Moves members beyond `membersMax` of a queued parcel into new parcels, because a parcel may be sent over a transport that
 * accepts fewer messages in one call. Returns the new parcels.
 */
export async function splitSurplus(
  trx: Database,
  options: {
    readonly parcelId: string
    readonly day: Day
    readonly membersMax: number
    readonly at: Date
    readonly newParcelId: () => string
  },
  candidates: readonly PendingDelivery[],
): Promise<readonly string[]> {
  const { parcelId, membersMax, at } = options
  const surplus = candidates.slice(membersMax)
  if (surplus.length === 0) return []
  const ids = Array.from({ length: Math.ceil(surplus.length / membersMax) }, options.newParcelId)
  await sql`
    insert into parcels (id, day, state, attempts, next_try_at, reason, created_at, votes_at)
    select x.id, p.day, 'queued', p.attempts, ${at}, p.reason, ${at}, p.votes_at
    from parcels p, unnest(${ids}::uuid[]) as x(id) where p.id = ${parcelId}`.execute(trx)
  await sql`
    update deliveries d set parcel_id = x.parcel_id
    from unnest(
      ${surplus.map(({ deliveryId }) => deliveryId)}::bigint[],
      ${surplus.map((_, index) => ids[Math.floor(index / membersMax)] ?? '')}::uuid[]
    ) as x(id, parcel_id)
    where d.id = x.id and ${ofDay(options.day)} and d.state = 'queued' and d.parcel_id = ${parcelId}`.execute(trx)
  return ids
}

/**
 * Moves unsent members into new parcels, even if these are all members. They are frozen again, so that subscribers who left are
 * excluded. They need new keys, because a provider may have stored the key with the old bytes.
 */
export async function requeueUnsent(
  trx: Database,
  options: { readonly parcel: ClaimedParcel; readonly at: Date; readonly newParcelId: () => string },
  unsent: readonly Requeue[],
): Promise<Retry[]> {
  if (unsent.length === 0) return []
  const { parcel } = options
  const parcels = groupsOf(unsent).map((members) => ({ id: options.newParcelId(), members }))
  await trx
    .insertInto('parcels')
    .values(
      parcels.map(({ id, members: [first] }) => ({
        id,
        day: parcel.day,
        state: 'queued' as const,
        // Attempts are counted across parcels, so that the pauses between them continue to grow.
        attempts: parcel.attempt,
        next_try_at: first.retryAt,
        reason: clipReason(first.reason),
        created_at: options.at,
        votes_at: sql<Date | null>`(select votes_read_at from editions where day = ${parcel.day})`,
      })),
    )
    .execute()
  const rows = parcels.flatMap(({ id, members }) => members.map((member) => ({ id, ...member })))
  await sql`
    update deliveries d set state = 'queued', parcel_id = x.parcel_id, reason = x.reason, attempts = d.attempts + x.counts,
      address = null, paper_numbers = null, selection = null
    from unnest(
      ${rows.map((row) => row.deliveryId)}::bigint[], ${rows.map((row) => row.id)}::uuid[],
      ${rows.map((row) => clipReason(row.reason))}::text[], ${rows.map((row) => (row.countsAsAttempt ? 1 : 0))}::int[]
    ) as x(id, parcel_id, reason, counts)
    where d.id = x.id and ${ofDay(parcel.day)} and d.state = 'sending' and d.parcel_id = ${parcel.id}`.execute(trx)
  return parcels.map(({ id, members: [first] }) => ({ id, at: first.retryAt }))
}

/** Groups members by retry time. A member with `splitOff` is in a group of its own. */
function groupsOf(unsent: readonly Requeue[]): [Requeue, ...Requeue[]][] {
  const groups = new Map<string, [Requeue, ...Requeue[]]>()
  for (const each of unsent) {
    const key = each.splitOff ? each.deliveryId : each.retryAt.toISOString()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return [...groups.values()]
}

/** Returns a reason without addresses and with limited length. */
export function clipReason(reason: string): string {
  return withoutAddresses(reason).slice(0, OUTCOME_REASON_CHARS_MAX)
}
