import { sql } from 'kysely'
import { type Day, dayIn } from '../../domain/day.ts'
import { wholeDay } from '../../domain/schedule/schedule.ts'
import type { SubscriberGroup } from '../../pipeline/state/subscribers-ahead.ts'
import type { Database } from '../schema/database.ts'
import { dueFor, readZonesInUse } from './due-subscribers.ts'

/**
 * Counts the subscribers who get an edition on its day and have no delivery of it yet, by time zone and delivery hour. Zones in
 * which the day is over are left out. It reads the whole list.
 */
export async function readAhead(db: Database, day: Day, at: Date): Promise<SubscriberGroup[]> {
  const edition = await db
    .selectFrom('editions')
    .select(['state', 'votes_at', 'cohort', 'opened_to_all_at'])
    .where('day', '=', day)
    .executeTakeFirst()
  // A day without papers is for weekly subscribers, if the votes of their week were read.
  if (edition === undefined || edition.state === 'failed') return []
  if (edition.state === 'empty' && edition.votes_at === null) return []
  const due = { day, state: edition.state }
  const zones = (await readZonesInUse(db)).filter((timezone) => dayIn(timezone, at) <= day)
  const early = edition.cohort === 'everyone' ? edition.opened_to_all_at : null
  const turns = zones.map((timezone) => wholeDay(timezone, due))
  if (turns.length === 0) return []
  const { rows } = await sql<{ timezone: string; hour: number | null; count: string }>`
    select s.timezone, count(*) as count,
      case when ${early}::timestamptz is null or s.eligible_from_at > ${early}::timestamptz then s.delivery_hour end as hour
    from ${dueFor(due, { kind: 'hour', turns })} group by 1, 3`.execute(db)
  return rows.map(({ timezone, hour, count }) => ({ timezone, hour, count: Number(count) }))
}
