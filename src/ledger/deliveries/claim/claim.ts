import { sql } from 'kysely'
import { day as asDay, type Day } from '../../../domain/day.ts'
import type { ClaimedParcel, ParcelItem, PendingDelivery, SendDecision } from '../../../domain/parcel.ts'
import type { ClaimOptions, ClaimResult, ParcelView } from '../../../pipeline/deliver.ts'
import type { Database } from '../../schema/database.ts'
import { ofDay } from '../../schema/periods.ts'
import { splitSurplus } from '../split.ts'
import { freezeMembers, writeSkips } from './freeze.ts'
import { readPendingDeliveries } from './pending.ts'
import { type LockedParcel, reclaim } from './reclaim.ts'
import { giveUpStale } from './stale.ts'

/** Reads parcels before they are claimed. Returns one for each id, in order; null for an unknown one. */
export async function findParcels(db: Database, ids: readonly string[]): Promise<(ParcelView | null)[]> {
  const { rows } = await sql<{
    id: string
    day: string
    transport: string | null
    open: boolean
    votes_at: Date | null
    template: string | null
  }>`
    select id, day, state <> 'settled' as open, votes_at,
      case when state = 'sending' and first_call_at is not null then transport end as transport,
      case when state = 'sending' and first_call_at is not null then template end as template
    from parcels where id = any(${[...ids]}::uuid[])`.execute(db)
  const parcels = new Map(rows.map((row) => [row.id, row]))
  const weekly = new Set<string>()
  for (const day of new Set(rows.map((row) => asDay(row.day))))
    for (const id of await findWeekly(db, day, ids)) weekly.add(id)
  return ids.map((id) => {
    const row = parcels.get(id)
    if (row === undefined) return null
    const { open, transport: boundTo, votes_at: votesAt, template } = row
    return { day: asDay(row.day), open, boundTo, weekly: weekly.has(id), votesAt, template }
  })
}

/** Returns the parcels of a day with members that need the papers of a week. */
async function findWeekly(db: Database, day: Day, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ parcel_id: string }>`
    select distinct d.parcel_id from deliveries d
    where d.parcel_id = any(${[...ids]}::uuid[]) and ${ofDay(day)} and (d.period like '%W%' or d.catch_up_from is not null)`.execute(
    db,
  )
  return rows.map((row) => row.parcel_id)
}

/**
 * Claims parcels by guarded update and freezes their members, in one transaction: it either changes nothing, or every member
 * has its address, its papers and the state `sending`. If the worker of a parcel died, the next claim returns the members as
 * they were frozen, unless no call can have begun.
 * @param group claims of one worker, day and transport. Returns one result for each, in order.
 */
export async function claimParcels(db: Database, group: readonly ClaimOptions[]): Promise<ClaimResult[]> {
  const [first] = group
  if (first === undefined) return []
  const ids = group.map(({ parcelId }) => parcelId)
  return db.transaction().execute(async (trx) => {
    const rows = await lockParcels(trx, first, ids)
    const results = new Map<string, ClaimResult>()
    const fresh: FreshParcel[] = []
    for (const options of group) {
      const row = rows.get(options.parcelId)
      const held = heldBack(row, options)
      if (row === undefined || held !== null) results.set(options.parcelId, held ?? { kind: 'settled' })
      else if (row.first_call_at !== null)
        results.set(options.parcelId, { kind: 'claimed', parcel: await reclaim(trx, options, row), spare: [] })
      else fresh.push({ options, row })
    }
    for (const day of new Set(fresh.map(({ row }) => row.day))) {
      const sameDay = fresh.filter(({ row }) => row.day === day)
      for (const [id, result] of await claimFresh(trx, { ...first, day: asDay(day) }, sameDay)) results.set(id, result)
    }
    return ids.map((id) => results.get(id) ?? { kind: 'settled' })
  })
}

interface FreshParcel {
  readonly options: ClaimOptions
  readonly row: LockedParcel
}

/** Locks the parcels in the order of their ids, which prevents deadlocks. */
async function lockParcels(
  trx: Database,
  options: ClaimOptions,
  ids: readonly string[],
): Promise<Map<string, LockedParcel>> {
  const { rows } = await sql<LockedParcel>`
    select p.id, p.day, p.state, p.transport, p.key_id, p.attempts, p.frozen_at, p.first_call_at, p.excluded_delivery_ids,
      p.next_try_at, e.sending,
      (p.claimed_at >= ${options.staleBefore} and p.claimed_by <> ${options.worker} and exists (
        select from workers w where w.id = p.claimed_by and w.seen_at >= ${options.silentBefore}
      )) is true as alive
    from parcels p join editions e on e.day = p.day
    where p.id = any(${[...ids]}::uuid[])
    order by p.id for update of p`.execute(trx)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Returns why a parcel cannot be claimed now, or null. */
function heldBack(row: LockedParcel | undefined, { at }: ClaimOptions): ClaimResult | null {
  if (row === undefined || row.state === 'settled') return { kind: 'settled' }
  if (row.state === 'sending' && row.alive) return { kind: 'busy' }
  if (row.next_try_at > at) return { kind: 'later', until: row.next_try_at }
  return row.first_call_at === null && row.sending === 'paused' ? { kind: 'paused' } : null
}

/** Claims parcels of a day that certainly had no call: decides what each member gets, and freezes it. */
async function claimFresh(
  trx: Database,
  options: GroupOptions,
  parcels: readonly FreshParcel[],
): Promise<Map<string, ClaimResult>> {
  await release(trx, options, idsOf(parcels.filter(({ row }) => row.state === 'sending')))
  const cancelled = parcels.filter(({ row }) => row.sending === 'cancelled')
  await cancelMembers(trx, options, idsOf(cancelled))
  const open = parcels.filter((parcel) => !cancelled.includes(parcel))
  // Only parcels of earlier attempts have deliveries that a server deferred.
  await giveUpStale(trx, options, idsOf(open.filter(({ row }) => row.attempts > 0)))
  const pending = await readPendingDeliveries(trx, options, idsOf(open))
  const spare = new Map<string, readonly string[]>()
  const chosen = new Map<string, readonly SendDecision[]>()
  const received = new Map<string, readonly string[]>()
  for (const { options: own, row } of open) {
    const candidates = pending.get(row.id) ?? []
    spare.set(row.id, await splitSurplus(trx, { ...own, day: options.day }, candidates))
    chosen.set(row.id, decideFor(own, candidates.slice(0, own.membersMax), received))
  }
  const decisions = [...chosen.values()].flat()
  await writeSkips(trx, options, decisions)
  const frozen = new Map((await freezeMembers(trx, options, decisions)).map((item) => [item.deliveryId, item]))
  const claimed = open.map(({ row }): ClaimedParcel => {
    const decided = chosen.get(row.id) ?? []
    return claimedOf(
      options,
      row,
      decided.flatMap(({ deliveryId }) => frozen.get(deliveryId) ?? []),
    )
  })
  await bind(trx, options, claimed)
  return new Map(
    claimed.map((parcel) => [
      parcel.id,
      parcel.members.length === 0
        ? { kind: 'settled' }
        : { kind: 'claimed', parcel, spare: spare.get(parcel.id) ?? [] },
    ]),
  )
}

/** The claims of a group differ only in their parcels. */
type GroupOptions = Omit<ClaimOptions, 'parcelId' | 'view' | 'decide'> & { readonly day: Day }

function idsOf(parcels: readonly FreshParcel[]): string[] {
  return parcels.map(({ row }) => row.id)
}

/** A subscriber may have deliveries in two parcels of a group, so what an earlier one chose counts as received. */
function decideFor(
  { decide }: ClaimOptions,
  candidates: readonly PendingDelivery[],
  received: Map<string, readonly string[]>,
): readonly SendDecision[] {
  const decisions = decide(
    candidates.map((candidate) => {
      const more = received.get(candidate.subscriberId)
      return more === undefined ? candidate : { ...candidate, alreadySent: [...candidate.alreadySent, ...more] }
    }),
  )
  for (const [index, { subscriberId }] of candidates.entries()) {
    const decision = decisions[index]
    if (decision?.kind === 'send')
      received.set(subscriberId, [...(received.get(subscriberId) ?? []), ...decision.paperIds])
  }
  return decisions
}

function claimedOf(options: GroupOptions, row: LockedParcel, members: readonly ParcelItem[]): ClaimedParcel {
  const { day, worker, transport, keyId, at, ahead } = options
  return {
    id: row.id,
    day,
    worker,
    attempt: row.attempts + 1,
    transport,
    keyId,
    claimedAt: at,
    frozenAt: at,
    firstCallAt: at,
    repeat: false,
    ahead,
    members,
    excludedIds: [],
  }
}

/** Binds parcels to this worker and its transport, and settles those of which no member is left. */
async function bind(trx: Database, options: GroupOptions, parcels: readonly ClaimedParcel[]): Promise<void> {
  const isFull = ({ members }: ClaimedParcel) => members.length > 0
  await settleEmpty(
    trx,
    parcels.filter((parcel) => !isFull(parcel)).map(({ id }) => id),
  )
  const ids = parcels.filter(isFull).map(({ id }) => id)
  if (ids.length === 0) return
  await trx
    .updateTable('parcels')
    .set((eb) => ({
      state: 'sending',
      transport: options.transport,
      template: options.template,
      key_id: options.keyId,
      claimed_by: options.worker,
      claimed_at: options.at,
      frozen_at: options.at,
      first_call_at: options.ahead ? null : options.at,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', 'in', ids)
    .execute()
}

async function settleEmpty(trx: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx.updateTable('parcels').set({ state: 'settled', claimed_by: null }).where('id', 'in', ids).execute()
}

/** Takes back what a worker froze that died or stopped before a call could begin. */
async function release(trx: Database, { day }: GroupOptions, parcelIds: readonly string[]): Promise<void> {
  if (parcelIds.length === 0) return
  await trx
    .updateTable('deliveries as d')
    .set({ state: 'queued', address: null, paper_numbers: null, selection: null })
    .where('parcel_id', 'in', parcelIds)
    .where(ofDay(day))
    .where('state', '=', 'sending')
    .execute()
}

async function cancelMembers(trx: Database, { day, at }: GroupOptions, parcelIds: readonly string[]): Promise<void> {
  if (parcelIds.length === 0) return
  await trx
    .updateTable('deliveries as d')
    .set({ state: 'skipped', reason: 'cancelled', settled_at: at })
    .where('parcel_id', 'in', parcelIds)
    .where(ofDay(day))
    .where('state', '=', 'queued')
    .execute()
  await settleEmpty(trx, parcelIds)
}
