import { sql } from 'kysely'
import { type Day, dayIn, startOfDay } from '../../domain/day.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { eligibleFrom } from './subscribers.ts'

/**
 * Pauses a subscriber, or changes the end of a pause, by guarded update. The first day of the pause is stored, so that the next
 * digest can catch up.
 * @param until the day, in the subscriber's time zone, on which mails start again; null: no end.
 * @returns false if the subscriber is neither active nor paused.
 */
export async function pauseSubscriber(
  db: Database,
  subscriber: Pick<Subscriber, 'id' | 'timezone'>,
  until: Day | null,
  at: Date,
): Promise<boolean> {
  return db.transaction().execute((trx) => pauseWithin(trx, subscriber, { until, at, data: { why: 'by the reader' } }))
}

/** As `pauseSubscriber`, in a transaction of the caller. `data` says who did it and why, for the event. */
export async function pauseWithin(
  trx: Database,
  { id, timezone }: Pick<Subscriber, 'id' | 'timezone'>,
  { until, at, data }: { readonly until: Day | null; readonly at: Date; readonly data: EventData },
): Promise<boolean> {
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
  await appendEvent(trx, { at, kind: 'subscriber.paused', subscriberId: id, data: { ...data, until } })
  return true
}

type EventData = Readonly<Record<string, unknown>>

/** Ends a pause because the subscriber asked for it. */
export async function resumeSubscriber(
  db: Database,
  subscriber: Pick<Subscriber, 'id' | 'timezone'>,
  at: Date,
): Promise<boolean> {
  return db
    .transaction()
    .execute((trx) => resumeWithin(trx, subscriber, { at, data: { why: 'resumed by the reader' } }))
}

/** Ends a pause, in a transaction of the caller. A pause that began today needs no catch-up. */
export async function resumeWithin(
  trx: Database,
  { id, timezone }: Pick<Subscriber, 'id' | 'timezone'>,
  { at, data }: { readonly at: Date; readonly data: EventData },
): Promise<boolean> {
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
  await appendEvent(trx, { at, kind: 'subscriber.active', subscriberId: id, data })
  return true
}

/**
 * Resumes at most `limit` subscribers whose pause ends today or ended earlier, in their own time zones. Two calls at once
 * process different subscribers. Node computes the days, not SQL, so that only one time-zone database is used. A pause ends at
 * the start of its last day, even if this runs late.
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
