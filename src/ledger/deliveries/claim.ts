import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { ClaimedParcel } from '../../domain/parcel.ts'
import type { ClaimOptions, ClaimResult, ParcelView } from '../../pipeline/deliver.ts'
import type { Database } from '../schema/database.ts'
import { ofDay, ofDayIn } from '../schema/periods.ts'
import { freezeMembers, timesOf, writeSkips } from './freeze.ts'
import { paperIdsIn } from './paper-numbers.ts'
import { readPendingDeliveries } from './pending.ts'
import { readSelection } from './selection-text.ts'
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
export async function claimParcel(db: Database, options: ClaimOptions): Promise<ClaimResult> {
  return db.transaction().execute(async (trx) => {
    const row = await lockParcel(trx, options)
    if (row === null || row.state === 'settled') return { kind: 'settled' }
    if (row.state === 'sending' && row.alive) return { kind: 'busy' }
    if (row.next_try_at > options.at) return { kind: 'later', until: row.next_try_at }
    if (row.state === 'sending') return { kind: 'claimed', parcel: await reclaim(trx, options, row), spare: [] }
    if (row.sending === 'paused') return { kind: 'paused' }
    if (row.sending === 'cancelled') {
      await cancelMembers(trx, { ...options, day: asDay(row.day) })
      return { kind: 'settled' }
    }
    const day = asDay(row.day)
    // Only parcels of earlier attempts have deliveries that a server deferred.
    if (row.attempts > 0) await giveUpStale(trx, { ...options, day })
    const candidates = await readPendingDeliveries(trx, { ...options, day })
    const spare = await splitSurplus(trx, { ...options, day }, candidates)
    const decisions = options.decide(candidates.slice(0, options.membersMax))
    await writeSkips(trx, { ...options, day }, decisions)
    const members = await freezeMembers(trx, { ...options, day }, decisions)
    if (members.length === 0) {
      await trx.updateTable('parcels').set({ state: 'settled' }).where('id', '=', options.parcelId).execute()
      return { kind: 'settled' }
    }
    await trx
      .updateTable('parcels')
      .set({
        state: 'sending',
        transport: options.transport,
        template: options.template,
        key_id: options.keyId,
        claimed_by: options.worker,
        claimed_at: options.at,
        frozen_at: options.at,
        first_call_at: options.at,
        attempts: row.attempts + 1,
      })
      .where('id', '=', options.parcelId)
      .execute()
    return {
      kind: 'claimed',
      parcel: {
        id: options.parcelId,
        day,
        worker: options.worker,
        attempt: row.attempts + 1,
        transport: options.transport,
        keyId: options.keyId,
        claimedAt: options.at,
        frozenAt: options.at,
        firstCallAt: options.at,
        repeat: false,
        members,
        excludedIds: [],
      },
      spare,
    }
  })
}

/** The day of the parcel is known once it is locked. */
type DayOptions = ClaimOptions & { readonly day: Day }

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

async function lockParcel(trx: Database, options: ClaimOptions): Promise<LockedParcel | null> {
  const { rows } = await sql<LockedParcel>`
    select p.day, p.state, p.transport, p.key_id, p.attempts, p.frozen_at, p.first_call_at, p.excluded_delivery_ids, p.next_try_at, e.sending,
      (p.claimed_at >= ${options.staleBefore} and p.claimed_by <> ${options.worker} and exists (
        select from workers w where w.id = p.claimed_by and w.seen_at >= ${options.silentBefore}
      )) is true as alive
    from parcels p join editions e on e.day = p.day
    where p.id = ${options.parcelId}
    for update of p`.execute(trx)
  return rows[0] ?? null
}

async function reclaim(trx: Database, options: ClaimOptions, row: LockedParcel): Promise<ClaimedParcel> {
  const members = await trx
    .selectFrom('deliveries as d')
    .leftJoin('subscribers as s', 's.id', 'd.subscriber_id')
    .leftJoin('suppressions as x', 'x.address_hash', 's.address_hash')
    .select([
      'd.id',
      'd.subscriber_id',
      'd.address',
      paperIdsIn('d.paper_numbers').as('paper_ids'),
      'd.selection',
      'd.attempts',
      'd.period',
      'd.queued_at',
      's.state',
      'x.reason as suppressionReason',
    ])
    .where('d.parcel_id', '=', options.parcelId)
    .where(ofDay(asDay(row.day)))
    .where('d.state', '=', 'sending')
    .orderBy('d.id')
    .execute()
  // Stored before the call, because the excluded members change the bytes of the request. Subscribers who come back stay
  // excluded.
  const inactiveIds = members
    .filter(({ state, suppressionReason }) => state !== 'active' || suppressionReason !== null)
    .map(({ id }) => id)
  const excludedIds = [...new Set([...row.excluded_delivery_ids, ...inactiveIds])]
  await trx
    .updateTable('parcels')
    .set({
      claimed_by: options.worker,
      claimed_at: options.at,
      attempts: row.attempts + 1,
      excluded_delivery_ids: excludedIds,
    })
    .where('id', '=', options.parcelId)
    .execute()
  const open = new Set(members.map(({ id }) => id))
  return {
    id: options.parcelId,
    day: asDay(row.day),
    worker: options.worker,
    attempt: row.attempts + 1,
    transport: row.transport ?? options.transport,
    keyId: row.key_id ?? options.keyId,
    claimedAt: options.at,
    frozenAt: row.frozen_at ?? options.at,
    firstCallAt: row.first_call_at ?? options.at,
    repeat: true,
    members: members.map((member) => ({
      deliveryId: member.id,
      subscriberId: member.subscriber_id,
      address: member.address ?? '',
      paperIds: member.paper_ids ?? [],
      selection: readSelection(member.selection ?? '{}', member.paper_ids ?? []),
      ...timesOf(member, options),
    })),
    excludedIds: excludedIds.filter((id) => open.has(id)),
  }
}

async function cancelMembers(trx: Database, options: DayOptions): Promise<void> {
  await trx
    .updateTable('deliveries as d')
    .set({ state: 'skipped', reason: 'cancelled', settled_at: options.at })
    .where('parcel_id', '=', options.parcelId)
    .where(ofDay(options.day))
    .where('state', '=', 'queued')
    .execute()
  await trx.updateTable('parcels').set({ state: 'settled' }).where('id', '=', options.parcelId).execute()
}
