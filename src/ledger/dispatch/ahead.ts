import { type RawBuilder, sql } from 'kysely'
import { type Day, dayIn } from '../../domain/day.ts'
import { type RecentEdition, scheduleOf, wholeDay, type ZoneSchedule } from '../../domain/schedule/schedule.ts'
import type { Audience } from '../../pipeline/dispatch.ts'
import type { SubscriberGroup } from '../../pipeline/state/subscribers-ahead.ts'
import type { Database } from '../schema/database.ts'
import { isCanary } from './canary.ts'
import { type DueEdition, dueFor, missedWeekday, readRecentEditions, readZonesInUse } from './due-subscribers.ts'

/**
 * Counts the subscribers who get an edition and have no delivery of it yet, by time zone and delivery hour. They are the ones
 * of dispatch. An edition that waits for approval is taken as approved now. It reads the whole list.
 */
export async function readAhead(db: Database, day: Day, at: Date): Promise<SubscriberGroup[]> {
  const edition = await readEdition(db, day)
  // A day without papers is for weekly subscribers, if the votes of their week were read.
  if (edition === undefined || edition.state === 'failed') return []
  if (edition.state === 'empty' && edition.votes_at === null) return []
  const due = { day, state: edition.state }
  const share = isCanary(day, edition.canary_percent)
  const turns = await turnsOf(db, due, at, edition)
  const byHour = sql`case when z.today > ${day}::date or ${missedWeekday()} then null else s.delivery_hour end`
  if (edition.cohort !== 'everyone') return countGroups(db, due, { kind: 'hour', turns }, { hour: byHour, share })
  // Subscribers who joined after that moment wait for their own hour.
  const openedAt = edition.opened_to_all_at
  const joined = openedAt === null ? sql`false` : sql`s.eligible_from_at > ${openedAt}`
  return [
    ...(await countGroups(db, due, { kind: 'everyone', openedAt }, { hour: sql`null::smallint`, share })),
    ...(await countGroups(db, due, { kind: 'hour', turns }, { hour: byHour, share, only: joined })),
  ]
}

function readEdition(db: Database, day: Day) {
  return db
    .selectFrom('editions')
    .select(['state', 'votes_at', 'cohort', 'opened_to_all_at', 'needs_approval', 'approved_at'])
    .select(['canary_percent', 'deferred_count'])
    .where('day', '=', day)
    .executeTakeFirst()
}

/**
 * Returns the schedules of dispatch, with all hours of the edition's day. While the warm-up postpones subscribers, a zone whose
 * day is over gets nothing more.
 */
async function turnsOf(
  db: Database,
  due: DueEdition,
  at: Date,
  edition: { readonly needs_approval: boolean; readonly approved_at: Date | null; readonly deferred_count: number },
): Promise<ZoneSchedule[]> {
  const isHeld = edition.needs_approval && edition.approved_at === null
  const recent = (await readRecentEditions(db, at)).map(
    (each): RecentEdition => (isHeld && each.day === due.day ? { ...each, openedAt: at } : each),
  )
  return (await readZonesInUse(db)).flatMap((timezone): ZoneSchedule[] => {
    const today = dayIn(timezone, at)
    if (today < due.day) return [wholeDay(timezone, due)]
    if (today > due.day && edition.deferred_count > 0) return []
    const schedule = scheduleOf(timezone, due.day, recent, at)
    if (schedule === null) return []
    return [today === due.day ? { ...schedule, hour: 24 } : schedule]
  })
}

async function countGroups(
  db: Database,
  due: DueEdition,
  audience: Audience,
  {
    hour,
    share,
    only = sql`true`,
  }: { readonly hour: RawBuilder<unknown>; readonly share: RawBuilder<unknown>; readonly only?: RawBuilder<unknown> },
): Promise<SubscriberGroup[]> {
  if (audience.kind === 'hour' && audience.turns.length === 0) return []
  const { rows } = await sql<SubscriberGroup>`
    select s.timezone, ${hour} as hour, count(*)::int as count, count(*) filter (where ${share})::int as canary
    from ${dueFor(due, audience)} and ${only}
    group by 1, 2`.execute(db)
  return rows
}
