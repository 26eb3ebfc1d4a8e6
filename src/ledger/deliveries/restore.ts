import { sql } from 'kysely'
import { RESTORE_IDS_SKIPPED } from '../../../config/limits-processes.ts'
import type { Actor } from '../../domain/actor.ts'
import { addDays, day as asDay, type Day, isoWeek } from '../../domain/day.ts'
import { statesBefore } from '../../domain/delivery.ts'
import { recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'

const REASON = 'its day may have gone out before the ledger was restored'

export interface RestoreSummary {
  /** Days that now count as sent, oldest first. */
  readonly days: readonly Day[]
  /** Deliveries that were open in the backup and may have been sent since. */
  readonly closed: number
  /** Deliveries that were written so that these days are not sent again. */
  readonly passedOver: number
}

/** Returns the newest day that was dispatched, or null. */
export async function readLastDispatched(db: Database): Promise<Day | null> {
  const row = await db
    .selectFrom('editions')
    .select('day')
    .where('dispatched_at', 'is not', null)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : asDay(row.day)
}

/**
 * Makes a restored ledger safe to send from. Mails sent after the backup are in inboxes but not in the ledger. Their links
 * must not refer to new rows, and `days`, which may have been sent, must not be sent again.
 */
export async function settleRestored(
  db: Database,
  {
    days,
    actor,
    at,
    newId,
  }: { readonly days: readonly Day[]; readonly actor: Actor; readonly at: Date; readonly newId: () => string },
): Promise<RestoreSummary> {
  return db.transaction().execute(async (trx) => {
    await skipIds(trx)
    const closed = await closeOpen(trx, days, at)
    let passedOver = 0
    for (const day of days) passedOver += await writeSkipped(trx, { day, parcelId: newId(), at })
    await recordAction(trx, actor, { action: 'ledger.restored', after: { days, closed, passedOver } }, at)
    return { days, closed, passedOver }
  })
}

/** Returns every day from `first` to `last`. */
export function daysThrough(first: Day, last: Day): Day[] {
  const days: Day[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

// Links contain the ids of subscribers and deliveries. If an id were used again, an old link would open another subscriber's
// data. Numbers of papers are not in links, and their integers have no room for it.
async function skipIds(trx: Database): Promise<void> {
  const { rows } = await sql<{ sequence: string }>`
    select pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) as sequence
    from information_schema.columns where is_identity = 'YES' and data_type = 'bigint' and table_schema = current_schema()`.execute(
    trx,
  )
  for (const { sequence } of rows)
    await sql`select setval(${sequence}::regclass, nextval(${sequence}::regclass) + ${RESTORE_IDS_SKIPPED})`.execute(
      trx,
    )
}

async function closeOpen(trx: Database, days: readonly Day[], at: Date): Promise<number> {
  if (days.length === 0) return 0
  let closed = 0
  for (const to of ['skipped', 'uncertain'] as const) {
    const { numUpdatedRows } = await trx
      .updateTable('deliveries')
      .set({ state: to, reason: REASON, settled_at: at })
      .where('state', 'in', to === 'skipped' ? ['queued'] : ['sending'])
      .where('state', 'in', statesBefore(to))
      .where('day', 'in', days)
      .executeTakeFirst()
    closed += Number(numUpdatedRows)
  }
  return closed
}

/** Writes a skipped delivery for each subscriber who has none in this period, so that the period is not sent again. */
async function writeSkipped(
  trx: Database,
  { day, parcelId, at }: { readonly day: Day; readonly parcelId: string; readonly at: Date },
): Promise<number> {
  // A failed edition is made again on request, so the website still gets its papers.
  await sql`
    insert into editions (day, state, reason, reports, published_at)
    values (${day}::date, 'failed', 'lost with the ledger', '[]', ${at}) on conflict (day) do nothing`.execute(trx)
  await sql`
    insert into parcels (id, day, state, next_try_at, created_at)
    values (${parcelId}::uuid, ${day}::date, 'settled', ${at}, ${at})`.execute(trx)
  const { numAffectedRows } = await sql`
    insert into deliveries (subscriber_id, period, day, parcel_id, state, reason, queued_at, settled_at)
    select id, case frequency when 'weekly' then ${isoWeek(day)} else ${day} end, ${day}::date, ${parcelId}::uuid,
      'skipped', ${REASON}, ${at}, ${at}
    from subscribers where state in ('active', 'paused')
    on conflict (subscriber_id, period) do nothing`.execute(trx)
  const written = Number(numAffectedRows ?? 0n)
  // The day's delivery count includes skipped deliveries.
  await sql`update editions set delivery_count = delivery_count + ${written} where day = ${day}::date`.execute(trx)
  return written
}
