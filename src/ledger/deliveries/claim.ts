import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import { type ClaimedParcel, readSelection } from '../../domain/parcel.ts'
import type { ClaimOptions, ClaimResult, ParcelView } from '../../pipeline/deliver.ts'
import type { Database } from '../schema/database.ts'

import { ofDay, ofDayIn } from '../schema/periods.ts'
import { freezeMembers, timesOf, writeSkips } from './freeze.ts'
import { readPendingDeliveries } from './pending.ts'
import { splitSurplus } from './split.ts'
import { giveUpStale } from './stale.ts'

/** Reads a parcel before it is claimed. */
export async function findParcel(db: Database, id: string): Promise<ParcelView | null> {
  const { rows } = await sql<{
    day: string
    transport: string | null
    state: string
    weekly: boolean
    votes_at: Date | null
  }>`
    select p.day, p.transport, p.state, p.votes_at,
      exists (
        select from deliveries d
        where d.parcel_id = p.id and ${ofDayIn('p.day')} and (d.period like '%W%' or d.catch_up_from is not null)
      ) as weekly
    from parcels p where p.id = ${id}`.execute(db)
  const row = rows[0]
  if (row === undefined) return null
  return {
    day: asDay(row.day),
    open: row.state !== 'settled',
    boundTo: row.state === 'sending' ? row.transport : null,
    weekly: row.weekly,
    votesAt: row.votes_at,
  }
}

/**
 * Claims a parcel by guarded update and freezes its members, in one transaction: it either changes nothing, or every member has
 * its address, its papers and the state `sending`. If the worker of a parcel died, the next claim returns the members as they
 * were frozen.
 */
export async function claimParcel(db: Database, order: ClaimOptions): Promise<ClaimResult> {
  return db.transaction().execute(async (trx) => {
    const row = await lockParcel(trx, order)
    if (row === null || row.state === 'settled') return { kind: 'settled' }
    if (row.state === 'sending' && row.alive) return { kind: 'busy' }
    if (row.next_try_at > order.at) return { kind: 'later', until: row.next_try_at }
    if (row.state === 'sending') return { kind: 'claimed', parcel: await reclaim(trx, order, row), spare: [] }
    if (row.sending === 'paused') return { kind: 'paused' }
    if (row.sending === 'cancelled') {
      await cancelMembers(trx, { ...order, day: asDay(row.day) })
      return { kind: 'settled' }
    }
    const day = asDay(row.day)
    // Only parcels of earlier attempts have deliveries that a server deferred.
    if (row.attempts > 0) await giveUpStale(trx, { ...order, day })
    const candidates = await readPendingDeliveries(trx, { ...order, day })
    const spare = await splitSurplus(trx, { ...order, day }, candidates)
    const decisions = order.decide(candidates.slice(0, order.membersMax))
    await writeSkips(trx, { ...order, day }, decisions)
    const members = await freezeMembers(trx, { ...order, day }, decisions)
    if (members.length === 0) {
      await trx.updateTable('parcels').set({ state: 'settled' }).where('id', '=', order.parcelId).execute()
      return { kind: 'settled' }
    }
    await trx
      .updateTable('parcels')
      .set({
        state: 'sending',
        transport: order.transport,
        template: order.template,
        key_id: order.keyId,
        claimed_by: order.worker,
        claimed_at: order.at,
        frozen_at: order.at,
        first_call_at: order.at,
        attempts: row.attempts + 1,
      })
      .where('id', '=', order.parcelId)
      .execute()
    return {
      kind: 'claimed',
      parcel: {
        id: order.parcelId,
        day,
        worker: order.worker,
        attempt: row.attempts + 1,
        transport: order.transport,
        keyId: order.keyId,
        claimedAt: order.at,
        frozenAt: order.at,
        firstCallAt: order.at,
        repeat: false,
        members,
        excludedIds: [],
      },
      spare,
    }
  })
}

/** The day of the parcel is known once it is locked. */
type DayOrder = ClaimOptions & { readonly day: Day }

interface LockedParcel {
  day: string
  state: 'queued' | 'sending' | 'settled'
  transport: string | null
  key_id: string | null
  attempts: number
  frozen_at: Date | null
  first_call_at: Date | null
  excluded_delivery_ids: string[]
  next_try_at: Date
  sending: 'running' | 'paused' | 'cancelled'
  alive: boolean
}

async function lockParcel(trx: Database, order: ClaimOptions): Promise<LockedParcel | null> {
  const { rows } = await sql<LockedParcel>`
    select p.day, p.state, p.transport, p.key_id, p.attempts, p.frozen_at, p.first_call_at, p.excluded_delivery_ids, p.next_try_at, e.sending,
      (p.claimed_at >= ${order.staleBefore} and p.claimed_by <> ${order.worker} and exists (
        select from workers w where w.id = p.claimed_by and w.seen_at >= ${order.silentBefore}
      )) is true as alive
    from parcels p join editions e on e.day = p.day
    where p.id = ${order.parcelId}
    for update of p`.execute(trx)
  return rows[0] ?? null
}

async function reclaim(trx: Database, order: ClaimOptions, row: LockedParcel): Promise<ClaimedParcel> {
  const members = await trx
    .selectFrom('deliveries as d')
    .leftJoin('subscribers as s', 's.id', 'd.subscriber_id')
    .leftJoin('suppressions as x', 'x.address_hash', 's.address_hash')
    .select([
      'd.id',
      'd.subscriber_id',
      'd.address',
      'd.paper_ids',
      'd.selection',
      'd.attempts',
      'd.period',
      'd.queued_at',
      's.state',
      'x.reason as barred',
    ])
    .where('d.parcel_id', '=', order.parcelId)
    .where(ofDay(asDay(row.day)))
    .where('d.state', '=', 'sending')
    .orderBy('d.id')
    .execute()
  // Stored before the call, because the excluded members change the bytes of the request. Subscribers who come back stay
  // excluded.
  const goneNow = members.filter(({ state, barred }) => state !== 'active' || barred !== null).map(({ id }) => id)
  const leftOut = [...new Set([...row.excluded_delivery_ids, ...goneNow])]
  await trx
    .updateTable('parcels')
    .set({ claimed_by: order.worker, claimed_at: order.at, attempts: row.attempts + 1, excluded_delivery_ids: leftOut })
    .where('id', '=', order.parcelId)
    .execute()
  const open = new Set(members.map(({ id }) => id))
  return {
    id: order.parcelId,
    day: asDay(row.day),
    worker: order.worker,
    attempt: row.attempts + 1,
    transport: row.transport ?? order.transport,
    keyId: row.key_id ?? order.keyId,
    claimedAt: order.at,
    frozenAt: row.frozen_at ?? order.at,
    firstCallAt: row.first_call_at ?? order.at,
    repeat: true,
    members: members.map((member) => ({
      deliveryId: member.id,
      subscriberId: member.subscriber_id,
      address: member.address ?? '',
      paperIds: member.paper_ids ?? [],
      selection: readSelection(member.selection),
      ...timesOf(member, order),
    })),
    excludedIds: leftOut.filter((id) => open.has(id)),
  }
}

async function cancelMembers(trx: Database, order: DayOrder): Promise<void> {
  await trx
    .updateTable('deliveries as d')
    .set({ state: 'skipped', reason: 'cancelled', settled_at: order.at })
    .where('parcel_id', '=', order.parcelId)
    .where(ofDay(order.day))
    .where('state', '=', 'queued')
    .execute()
  await trx.updateTable('parcels').set({ state: 'settled' }).where('id', '=', order.parcelId).execute()
}
