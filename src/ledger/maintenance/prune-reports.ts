import { sql } from 'kysely'
import { FAILURE_EVENT_DAYS, ROUTINE_EVENT_DAYS, WAITING_EVENT_HOURS } from '../../../config/limits-inbound.ts'
import type { Database } from '../schema/database.ts'

/** Conditions of routine events and of problems. Each matches the condition of a partial index. */
export const ROUTINE_EVENTS = sql`kind in ('sent', 'delayed', 'delivered', 'unknown')`
export const TROUBLE_EVENTS = sql`kind not in ('sent', 'delayed', 'delivered', 'unknown')`

/** Deletes old reports, at most `limit` rows of each kind. Returns the greatest number deleted of one kind. */
export async function pruneReports(db: Database, at: Date, limit: number): Promise<number> {
  const before = (hours: number) => new Date(at.getTime() - hours * 3_600_000)
  const sorts = [
    sql`state = 'waiting' and received_at < ${before(WAITING_EVENT_HOURS)}`,
    sql`${ROUTINE_EVENTS} and received_at < ${before(ROUTINE_EVENT_DAYS * 24)}`,
    sql`${TROUBLE_EVENTS} and received_at < ${before(FAILURE_EVENT_DAYS * 24)}`,
  ]
  let most = 0n
  for (const sort of sorts) {
    const { numAffectedRows = 0n } = await sql`
      delete from webhook_events where ctid = any(array(
        select ctid from webhook_events where ${sort} order by received_at limit ${limit}))`.execute(db)
    if (numAffectedRows > most) most = numAffectedRows
  }
  return Number(most)
}
