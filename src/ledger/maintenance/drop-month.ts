import { sql } from 'kysely'
import { PROGRAM } from '../../domain/actor.ts'
import { addMonths, firstDay, type Month } from '../../domain/month.ts'
import type { DroppedMonth } from '../../pipeline/maintenance.ts'
import { recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { closeUpTo, oneAtATime, partsOf, readHorizon } from './partitions.ts'

/**
 * Drops a month's deliveries, in one transaction. Before that, it stores their counts and records the month as dropped, so that
 * it is never sent again and no row can be written for it. Other months stay readable and writable meanwhile.
 */
export async function dropMonth(db: Database, month: Month, at: Date): Promise<DroppedMonth> {
  return oneAtATime(db, async (trx): Promise<DroppedMonth> => {
    const names = await existingPartitions(trx, month)
    if (names.length === 0) return { kind: 'gone' }
    let deliveries = 0
    for (const name of names) {
      await sql.raw(`lock table ${name} in share row exclusive mode`).execute(trx)
      const open = await countOpenIn(trx, name)
      // So far only counts of the other partition have changed. The rollback undoes them.
      if (open > 0) throw new Unsettled(open)
      deliveries += await archiveCounts(trx, name)
    }
    const lastId = await lastIdIn(trx, names)
    for (const name of names) {
      await sql.raw(`alter table deliveries detach partition ${name}`).execute(trx)
      await sql.raw(`drop table ${name}`).execute(trx)
    }
    await closeUpTo(trx, latestOf(month, await readHorizon(trx)))
    await trx
      .insertInto('dropped_months')
      .values({ month, deliveries: String(deliveries), last_id: lastId, dropped_at: at })
      .execute()
    await recordAction(trx, PROGRAM, { action: 'deliveries.month-dropped', before: { month, deliveries } }, at)
    return { kind: 'dropped', deliveries }
  }).catch((error: unknown): DroppedMonth => {
    if (error instanceof Unsettled) return { kind: 'unsettled', open: error.open }
    throw error
  })
}

/** Thrown to roll the transaction back. */
class Unsettled extends Error {
  constructor(readonly open: number) {
    super(`${open} deliveries are not settled`)
  }
}

/**
 * Deletes a page of parcels of dropped months. A week may have deliveries in the month after its
 * own, so the last seven days are left to the next run.
 * @returns how many rows were deleted; less than `limit` if none is left.
 */
export async function deleteEmptyParcels(db: Database, limit: number): Promise<number> {
  const horizon = await readHorizon(db)
  if (horizon === null) return 0
  const before = firstDay(addMonths(horizon, 1))
  const { numAffectedRows } = await sql`
    delete from parcels where ctid = any(array(
      select ctid from parcels where day < ${before}::date - 7 and state = 'settled' limit ${limit}))`.execute(db)
  return Number(numAffectedRows ?? 0n)
}

/** Updates the planner statistics of the whole table. Autovacuum analyses each partition, but never the parent table. */
export async function analyzeDeliveries(db: Database): Promise<void> {
  await sql`analyze deliveries`.execute(db)
}

async function existingPartitions(trx: Database, month: Month): Promise<string[]> {
  const names = partsOf(month).map(({ name }) => name)
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${names}::text[]) as name where to_regclass(name) is not null`.execute(trx)
  return rows.map(({ name }) => name)
}

/** Returns the greatest delivery id of the month, so that links to dropped deliveries are recognized later. */
async function lastIdIn(trx: Database, names: readonly string[]): Promise<string | null> {
  const greatest = names.map((name) => sql`select max(id) as id from ${sql.table(name)}`)
  const { rows } = await sql<{ id: string | null }>`
    select max(id) as id from (${sql.join(greatest, sql` union all `)}) as greatest`.execute(trx)
  return rows[0]?.id ?? null
}

async function countOpenIn(trx: Database, name: string): Promise<number> {
  const { rows } = await sql<{ open: string }>`
    select count(*) as open from ${sql.table(name)} where state in ('queued', 'sending')`.execute(trx)
  return Number(rows[0]?.open ?? 0)
}

/** Only our own reasons are stored, because those of servers may contain an address. */
async function archiveCounts(trx: Database, name: string): Promise<number> {
  const { rows } = await sql<{ deliveries: string | null }>`
    with counts as (
      select day, state, '' as reason, count(*) as count, min(settled_at) as first, max(settled_at) as last
      from ${sql.table(name)} where state <> 'skipped' group by day, state
      union all
      select day, state, coalesce(reason, ''), count(*), min(settled_at), max(settled_at)
      from ${sql.table(name)} where state = 'skipped' group by day, state, reason
    ), kept as (
      insert into archived_counts as k (day, state, reason, count, first_settled_at, last_settled_at)
      select * from counts
      on conflict (day, state, reason) do update set count = k.count + excluded.count,
        first_settled_at = least(k.first_settled_at, excluded.first_settled_at),
        last_settled_at = greatest(k.last_settled_at, excluded.last_settled_at)
    )
    select sum(count) as deliveries from counts`.execute(trx)
  return Number(rows[0]?.deliveries ?? 0)
}

function latestOf(month: Month, other: Month | null): Month {
  return other !== null && other > month ? other : month
}
