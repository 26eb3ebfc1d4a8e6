import { sql } from 'kysely'
import { MONTH_LOCK_WAIT_MS } from '../../../config/limits-processes.ts'
import { addMonths, type Month, type PeriodSpan, spansOf } from '../../domain/month.ts'
import type { Database } from '../schema/database.ts'

/** Returns the partitions of a month's deliveries: one for daily periods, one for weeks. */
interface Part {
  readonly name: string
  readonly span: PeriodSpan
}

/** The partition for periods without a month of their own, so that every delivery can be stored. */
const OTHER = 'deliveries_other'

/**
 * Creates missing monthly partitions ahead of time and moves their rows out of `deliveries_other`. Several processes may run
 * it at once. Rejects when the tables are locked for too long. The next run tries again.
 * @returns the months that this call opened.
 */
export async function openMonths(db: Database, months: readonly Month[]): Promise<Month[]> {
  if ((await missingOf(db, months)).length === 0) return []
  return oneAtATime(db, async (trx) => {
    const missing = await missingOf(trx, months)
    for (const month of missing) for (const part of partsOf(month)) await openPart(trx, part)
    return missing
  })
}

/** Returns the months that have partitions, oldest first. */
export async function readMonths(db: Database): Promise<Month[]> {
  const { rows } = await sql<{ month: Month }>`
    select distinct replace(substring(c.relname from '^deliveries_(\\d{4}_\\d{2})'), '_', '-') as month
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'deliveries'::regclass and c.relname ~ '^deliveries_\\d{4}_\\d{2}' order by month`.execute(db)
  return rows.map(({ month }) => month)
}

/** Returns the newest month whose deliveries are no longer stored. Neither it nor an older one is sent again. */
export async function readHorizon(db: Database): Promise<Month | null> {
  const { rows } = await sql<{ month: Month | null }>`select max(month) as month from dropped_months`.execute(db)
  return rows[0]?.month ?? null
}

export function partsOf(month: Month): readonly [Part, Part] {
  const name = `deliveries_${month.replace('-', '_')}`
  const { days, weeks } = spansOf(month)
  return [
    { name, span: days },
    { name: `${name}_weeks`, span: weeks },
  ]
}

/**
 * Runs `work` under an advisory lock, so that only one process changes partitions at a time. The timeout for table locks is
 * short, because all later queries wait behind such a lock.
 */
export async function oneAtATime<T>(db: Database, work: (trx: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('paperround deliveries'))`.execute(trx)
    await sql.raw(`set local lock_timeout = '${MONTH_LOCK_WAIT_MS}ms'`).execute(trx)
    return work(trx)
  })
}

/** Prevents new rows for a dropped month, because the rows that ensured uniqueness are deleted. */
export async function closeUpTo(trx: Database, month: Month): Promise<void> {
  const { days, weeks } = spansOf(addMonths(month, 1))
  await sql.raw(`alter table ${OTHER} drop constraint if exists ${OTHER}_kept`).execute(trx)
  await sql
    .raw(
      `alter table ${OTHER} add constraint ${OTHER}_kept
        check (case when period like '%W%' then period >= '${weeks.from}' else period >= '${days.from}' end)`,
    )
    .execute(trx)
}

async function missingOf(db: Database, months: readonly Month[]): Promise<Month[]> {
  const { rows } = await sql<{ month: Month }>`
    select x.month from unnest(${[...months]}::text[], ${months.map((month) => partsOf(month)[1].name)}::text[]) as x(month, name)
    where to_regclass(x.name) is null and x.month > coalesce((select max(month) from dropped_months), '')
    order by x.month`.execute(db)
  return rows.map(({ month }) => month)
}

/** Attaches the partition in a separate step, so that deliveries stay readable and writable meanwhile. */
async function openPart(trx: Database, { name, span: { from, before } }: Part): Promise<void> {
  await sql.raw(`lock table ${OTHER} in access exclusive mode`).execute(trx)
  await sql.raw(makePart(name)).execute(trx)
  await sql
    .raw(
      `with moved as (delete from ${OTHER} where period >= '${from}' and period < '${before}' returning *)
        insert into ${name} select * from moved`,
    )
    .execute(trx)
  await sql
    .raw(`alter table deliveries attach partition ${name} for values from ('${from}') to ('${before}')`)
    .execute(trx)
}

/**
 * Creates a partition with smaller autovacuum thresholds: with PostgreSQL's default, a fifth of a large month would be dead or
 * not analyzed.
 */
export function makePart(name: string): string {
  return `create table ${name} (like deliveries including defaults including constraints including storage) with (
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`
}
