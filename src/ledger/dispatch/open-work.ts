import { sql } from 'kysely'
import { TRANSPORT_PAUSE_RESET_MS } from '../../../config/limits.ts'
import type { PauseOptions, TransportPause } from '../../pipeline/send/send-job.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import type { Database } from '../schema/database.ts'

import { ofDayIn } from '../schema/periods.ts'

/** Parcels that are not settled and have nobody at work on them, oldest first. */
export async function readIdleParcels(
  db: Database,
  order: { readonly after: string; readonly limit: number; readonly silentBefore: Date; readonly staleBefore: Date },
): Promise<{ id: string; dueAt: Date }[]> {
  const { rows } = await sql<{ id: string; next_try_at: Date }>`
    select p.id, p.next_try_at from parcels p join editions e on e.day = p.day
    where p.state <> 'settled' and p.id > ${order.after} and e.sending <> 'paused'
      and not (p.state = 'sending' and p.claimed_at >= ${order.staleBefore} and exists (
        select from workers w where w.id = p.claimed_by and w.seen_at >= ${order.silentBefore}))
    order by p.id limit ${order.limit}`.execute(db)
  return rows.map((row) => ({ id: row.id, dueAt: row.next_try_at }))
}

/** Settles parcels whose members are all settled: the last step of one that a crash interrupted. */
export async function closeEmptyParcels(db: Database): Promise<number> {
  const { numAffectedRows } = await sql`
    update parcels p set state = 'settled', claimed_by = null
    where p.state <> 'settled' and not exists (
      select from deliveries d where d.parcel_id = p.id and ${ofDayIn('p.day')} and d.state in ('queued', 'sending'))`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Says that this worker lives; what it has claimed is its own as long as it says so. */
export async function heartbeat(
  db: Database,
  worker: { readonly id: string; readonly host: string; readonly pid: number },
  at: Date,
): Promise<void> {
  await db
    .insertInto('workers')
    .values({ ...worker, started_at: at, seen_at: at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: at }))
    .execute()
}

/** Takes a worker off the list: at its end, or when it has been silent for long. */
export async function deregisterWorkers(
  db: Database,
  which: { readonly id: string } | { readonly silentBefore: Date },
): Promise<void> {
  const query = db.deleteFrom('workers')
  await ('id' in which ? query.where('id', '=', which.id) : query.where('seen_at', '<', which.silentBefore)).execute()
}

/** How many workers have beaten since. */
export async function countWorkers(db: Database, since: Date): Promise<number> {
  const row = await db
    .selectFrom('workers')
    .select((eb) => eb.fn.countAll<string>().as('workers'))
    .where('seen_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(row.workers)
}

export type Hold = TransportPause

/** Transports that must not be called for a while. */
export async function readActivePauses(db: Database, at: Date): Promise<Hold[]> {
  return (await readPauses(db)).filter(({ until }) => until > at)
}

/** The last pause of each transport that has not sent since, whether or not it is over. */
export async function readPauses(db: Database): Promise<TransportPause[]> {
  const rows = await db.selectFrom('transport_pauses').selectAll().execute()
  return rows.map((row) => ({
    transport: row.name,
    until: row.paused_until,
    reason: row.reason,
    kind: row.kind,
    since: row.since,
    repeats: row.repeats,
  }))
}

/**
 * Pauses a transport for all workers. A longer pause that is already there stays. One that begins soon after the last has
 * ended, without a success between them, is counted as its repeat, and keeps its beginning.
 */
export async function pauseTransport(
  db: Database,
  { transport, kind, until, reason, at }: PauseOptions,
): Promise<void> {
  const isLonger = sql`excluded.paused_until > transport_pauses.paused_until`
  const remembered = new Date(at.getTime() - TRANSPORT_PAUSE_RESET_MS)
  await db
    .insertInto('transport_pauses')
    .values({ name: transport, paused_until: until, reason: withoutAddresses(reason), kind, since: at })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        paused_until: sql`greatest(transport_pauses.paused_until, excluded.paused_until)`,
        reason: sql`case when ${isLonger} then excluded.reason else transport_pauses.reason end`,
        kind: sql`case when ${isLonger} then excluded.kind else transport_pauses.kind end`,
        since: sql`case when transport_pauses.paused_until > ${remembered} then transport_pauses.since else excluded.since end`,
        repeats: sql`case when transport_pauses.paused_until > ${at} then transport_pauses.repeats
          when transport_pauses.paused_until > ${remembered} then transport_pauses.repeats + 1 else 0 end`,
      }),
    )
    .execute()
}

/** Forgets a pause that is over, because its transport sends again. */
export async function forgetPause(db: Database, transport: string, at: Date): Promise<void> {
  await db.deleteFrom('transport_pauses').where('name', '=', transport).where('paused_until', '<=', at).execute()
}

/** Opens every transport again: an operator's `resume`. */
export async function resumeAllTransports(db: Database): Promise<number> {
  const result = await db.deleteFrom('transport_pauses').executeTakeFirst()
  return Number(result.numDeletedRows)
}
