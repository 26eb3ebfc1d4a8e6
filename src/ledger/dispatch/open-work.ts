import { sql } from 'kysely'
import { TRANSPORT_PAUSE_RESET_MS } from '../../../config/limits.ts'
import type { PauseOptions, TransportPause } from '../../pipeline/send/send-job.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import type { Database } from '../schema/database.ts'
import { ofDayIn } from '../schema/periods.ts'

/** Returns unsettled parcels that no live worker has claimed, oldest first. */
export async function readIdleParcels(
  db: Database,
  options: { readonly after: string; readonly limit: number; readonly silentBefore: Date; readonly staleBefore: Date },
): Promise<{ id: string; dueAt: Date }[]> {
  const { rows } = await sql<{ id: string; next_try_at: Date }>`
    select p.id, p.next_try_at from parcels p join editions e on e.day = p.day
    where p.state <> 'settled' and p.id > ${options.after} and e.sending <> 'paused'
      and not (p.state = 'sending' and p.claimed_at >= ${options.staleBefore} and exists (
        select from workers w where w.id = p.claimed_by and w.seen_at >= ${options.silentBefore}))
    order by p.id limit ${options.limit}`.execute(db)
  return rows.map((row) => ({ id: row.id, dueAt: row.next_try_at }))
}

/** Settles parcels whose members are all settled, which happens when a crash interrupts the last step. */
export async function closeEmptyParcels(db: Database): Promise<number> {
  const { numAffectedRows } = await sql`
    update parcels p set state = 'settled', claimed_by = null
    where p.state <> 'settled' and not exists (
      select from deliveries d where d.parcel_id = p.id and ${ofDayIn('p.day')} and d.state in ('queued', 'sending'))`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Records that this worker is alive. Other workers leave its claims alone while it is. */
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

/** Deletes a worker that stops, or whose heartbeat is long overdue. */
export async function deregisterWorkers(
  db: Database,
  which: { readonly id: string } | { readonly silentBefore: Date },
): Promise<void> {
  const query = db.deleteFrom('workers')
  await ('id' in which ? query.where('id', '=', which.id) : query.where('seen_at', '<', which.silentBefore)).execute()
}

/** Returns how many workers had a heartbeat since then. */
export async function countWorkers(db: Database, since: Date): Promise<number> {
  const row = await db
    .selectFrom('workers')
    .select((eb) => eb.fn.countAll<string>().as('workers'))
    .where('seen_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(row.workers)
}

/** Returns the transports that are paused now. */
export async function readActivePauses(db: Database, at: Date): Promise<TransportPause[]> {
  return (await readPauses(db)).filter(({ until }) => until > at)
}

/** Returns the last pause of each transport that has not sent since, including pauses that are over. */
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
 * Pauses a transport for all workers. A longer pause is not shortened. If a pause begins soon after the last one ended, without
 * a successful call between them, it counts as a repetition and has the same start.
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

/** Deletes a past pause when its transport sends again. */
export async function forgetPause(db: Database, transport: string, at: Date): Promise<void> {
  await db.deleteFrom('transport_pauses').where('name', '=', transport).where('paused_until', '<=', at).execute()
}

/** Ends the pauses of all transports. */
export async function resumeAllTransports(db: Database): Promise<number> {
  const result = await db.deleteFrom('transport_pauses').executeTakeFirst()
  return Number(result.numDeletedRows)
}
