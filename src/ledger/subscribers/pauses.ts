import { sql } from 'kysely'
import { type Day, dayIn, startOfDay } from '../../domain/day.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { eligibleFrom } from './subscribers.ts'

/**
 * Pauses a reader, or moves the end of a pause, by guarded update. The day it began is kept, so that the first
 * digest afterwards can catch up.
 * @param until the day in the reader's own zone on which mails come again; null: when the reader says so.
 * @returns false when the reader is neither active nor paused.
 */
export async function pauseSubscriber(
  db: Database,
  { id, timezone }: Pick<Subscriber, 'id' | 'timezone'>,
  until: Day | null,
  at: Date,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const paused = await trx
      .updateTable('subscribers')
      .set({
        state: 'paused',
        paused_until: until,
        paused_since: sql<string>`coalesce(paused_since, ${dayIn(timezone, at)}::date)`,
        updated_at: at,
      })
      .where('id', '=', id)
      .where('state', 'in', ['active', 'paused'])
      .returning('id')
      .executeTakeFirst()
    if (paused === undefined) return false
    await appendEvent(trx, { at, kind: 'subscriber.paused', subscriberId: id, data: { why: 'by the reader', until } })
    return true
  })
}

/** Ends a pause by the reader's own word. Of a pause that began today there is nothing to catch up on. */
export async function resumeSubscriber(
  db: Database,
  { id, timezone }: Pick<Subscriber, 'id' | 'timezone'>,
  at: Date,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const resumed = await trx
      .updateTable('subscribers')
      .set({
        state: 'active',
        paused_until: null,
        ...eligibleFrom(timezone, at),
        paused_since: sql<string | null>`case when paused_since < ${dayIn(timezone, at)}::date then paused_since end`,
        updated_at: at,
      })
      .where('id', '=', id)
      .where('state', '=', 'paused')
      .returning('id')
      .executeTakeFirst()
    if (resumed === undefined) return false
    await appendEvent(trx, { at, kind: 'subscriber.active', subscriberId: id, data: { why: 'resumed by the reader' } })
    return true
  })
}

/**
 * Wakes readers whose pause ends today or ended earlier, by the calendar of their own zones, at most `limit` of
 * them; two wakers share the work. Days are computed here and not in SQL, so that one time-zone database decides. A pause
 * ends with the first moment of its day, however late this is called: a subscriber is on the list from then on.
 */
export async function resumeDueSubscribers(
  db: Database,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<number> {
  const zones = await db
    .selectFrom('subscribers')
    .select('timezone')
    .distinct()
    .where('state', '=', 'paused')
    .where('paused_until', 'is not', null)
    .execute()
  if (zones.length === 0) return 0
  const today = zones.map(({ timezone }) => dayIn(timezone, now))
  const { rows } = await sql<{ id: string }>`
    with due as (
      select s.id, z.today, z.begun from subscribers s
      join unnest(
        ${zones.map((zone) => zone.timezone)}::text[],
        ${today}::date[],
        ${zones.map(({ timezone }, index) => startOfDay(timezone, today[index] ?? dayIn(timezone, now)))}::timestamptz[]
      ) as z(timezone, today, begun) on z.timezone = s.timezone
      where s.state = 'paused' and s.paused_until <= z.today
      order by s.id limit ${limit} for update of s skip locked
    ), woken as (
      update subscribers s set state = 'active', paused_until = null, eligible_from = due.today, eligible_from_at = due.begun,
        updated_at = ${now}
      from due where s.id = due.id and s.state = 'paused'
      returning s.id
    )
    insert into events (created_at, kind, subscriber_id, data)
    select ${now}, 'subscriber.active', id, '{"why": "the pause is over"}' from woken
    returning id`.execute(db)
  return rows.length
}
