import { type RawBuilder, sql } from 'kysely'
import { HOLIDAY_LIKELY_HOURS, STAND_IN_DAYS_MAX } from '../../../config/limits.ts'
import { addDays, day as asDay, type Day, dayIn, isoWeek, weekday } from '../../domain/day.ts'
import type { CanaryState, EditionState, SendingState } from '../../domain/edition.ts'
import { type RecentEdition, scheduleOf, type ZoneSchedule } from '../../domain/schedule/schedule.ts'
import type { Audience } from '../../pipeline/dispatch.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'

/** The data of an edition that decides who is due. */
export interface DueEdition {
  readonly day: Day
  readonly state: EditionState
}

/**
 * Returns `subscribers s …`: the subscribers of `audience` who are due for an edition. It leaves out those who have a delivery
 * for the period, in any state, and those who may not be mailed.
 */
export function dueFor(edition: DueEdition, audience: Audience): RawBuilder<unknown> {
  return sql`subscribers s
    ${audience.kind === 'hour' ? sql`join ${asTable(audience.turns)} on z.timezone = s.timezone` : sql``}
    where s.state = 'active'
      ${audience.kind === 'only' ? sql`and s.id = ${audience.subscriberId}` : sql``}
      ${audience.kind === 'everyone' && audience.openedAt !== null ? sql`and coalesce(s.eligible_from_at <= ${audience.openedAt}, true)` : sql``}
      and case s.frequency when 'weekly' then ${isWeeklyDue(edition, audience)} else ${isDailyDue(edition, audience)} end
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
      and not exists (
        select from deliveries d
        where d.subscriber_id = s.id
          and ${ofDay(edition.day)}
          and d.period = ${periodFor(edition, audience)}
      )`
}

/** The period for which a subscriber gets an edition: its day, or for weekly subscribers the week of their own weekday. */
export function periodFor({ day }: DueEdition, audience: Audience): RawBuilder<string> {
  const current = todayOf(day, audience)
  return sql<string>`case s.frequency
    when 'daily' then ${day}
    else case when s.weekday <= ${current.weekday} then ${current.week} else ${current.weekBefore} end end`
}

function isDailyDue({ day, state }: DueEdition, audience: Audience): RawBuilder<boolean> {
  if (state !== 'published') return sql<boolean>`false`
  const includesWeekday = sql`${weekday(day)}::smallint = any(s.weekdays)`
  if (audience.kind !== 'hour') return sql<boolean>`${includesWeekday}`
  return sql<boolean>`(
    s.delivery_hour <= z.hour and z.weekday = any(s.weekdays)
      and (z.daily in ('own', 'stands-in') or (z.daily = 'late' and ${includesWeekday} and coalesce(s.eligible_from <= ${day}::date, true)))
    or s.updated_at < z.day_ended_at and ${includesWeekday}
  )`
}

/**
 * Returns whether a weekly subscriber is due. Their week begins on their weekday. They are due if they were subscribed on that
 * day, until the next week begins.
 */
function isWeeklyDue({ day }: DueEdition, audience: Audience): RawBuilder<boolean> {
  const current = todayOf(day, audience)
  const wasSubscribedOnWeekday = sql`coalesce(s.eligible_from <= ${current.today} - (7 + ${current.weekday} - s.weekday) % 7, true)`
  if (audience.kind === 'hour')
    return sql<boolean>`(z.weekly and ${wasSubscribedOnWeekday}
      and (s.delivery_hour <= z.hour or ${missedWeekday()}))`
  // An operator may name a subscriber, or send an edition from before they joined. It is due if their weekday in its week is not after it.
  const mayPrecedeSubscription = audience.kind === 'only' ? sql`true` : sql`s.eligible_from > ${current.today}`
  return sql<boolean>`(${wasSubscribedOnWeekday} or (s.weekday <= ${current.weekday} and ${mayPrecedeSubscription}))`
}

/** Returns whether a weekly subscriber got nothing on their weekday, which was yesterday. They are due at any hour. */
export function missedWeekday(): RawBuilder<boolean> {
  return sql<boolean>`coalesce(
    s.frequency = 'weekly' and s.updated_at < z.weekday_ended_at and s.weekday = 1 + (z.weekday + 5) % 7, false)`
}

/** Returns the current day of the audience: today in each zone, or the day of the edition that an operator sends. */
function todayOf(day: Day, { kind }: Audience) {
  return kind === 'hour'
    ? { today: sql`z.today`, weekday: sql`z.weekday`, week: sql`z.week`, weekBefore: sql`z.week_before` }
    : {
        today: sql`${day}::date`,
        weekday: sql`${weekday(day)}::smallint`,
        week: sql`${isoWeek(day)}::text`,
        weekBefore: sql`${isoWeek(addDays(day, -7))}::text`,
      }
}

function asTable(schedules: readonly ZoneSchedule[]) {
  const column = <T>(read: (schedule: ZoneSchedule) => T) => schedules.map(read)
  return sql`unnest(
    ${column(({ timezone }) => timezone)}::text[], ${column(({ today }) => today)}::date[],
    ${column(({ today }) => weekday(today))}::smallint[], ${column(({ hour }) => hour)}::smallint[],
    ${column(({ daily }) => daily)}::text[], ${column(({ dayEndedAt }) => dayEndedAt)}::timestamptz[],
    ${column(({ weekly }) => weekly)}::boolean[], ${column(({ weekdayEndedAt }) => weekdayEndedAt)}::timestamptz[],
    ${column(({ today }) => isoWeek(today))}::text[], ${column(({ today }) => isoWeek(addDays(today, -7)))}::text[]
  ) as z(timezone, today, weekday, hour, daily, day_ended_at, weekly, weekday_ended_at, week, week_before)`
}

/** Returns the schedule of an edition in each time zone where it is due now. */
export async function schedulesOf(trx: Database, day: Day, now: Date): Promise<ZoneSchedule[]> {
  const recent = await readRecentEditions(trx, now)
  return (await readZonesInUse(trx)).flatMap((timezone) => scheduleOf(timezone, day, recent, now) ?? [])
}

/**
 * Returns the editions that may be due for somebody: those of the last days, up to the day in the easternmost zone. A list that
 * is long overdue counts as a day without papers, so that subscribers get the newest edition on their day. If the list comes
 * later, its own edition is sent as well.
 */
export async function readRecentEditions(trx: Database, now: Date): Promise<RecentEdition[]> {
  const lastDay = dayIn(EASTERNMOST, now)
  return [...(await readEditions(trx, lastDay)), ...(await readLateLists(trx, lastDay, now))]
}

async function readLateLists(trx: Database, lastDay: Day, now: Date): Promise<RecentEdition[]> {
  const rows = await trx
    .selectFrom('awaited_lists as a')
    .select(['a.day', 'a.asked_at'])
    .where('a.day', '>=', addDays(lastDay, -2))
    .where('a.day', '<=', lastDay)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('editions as e').select('e.day').whereRef('e.day', '=', 'a.day'))),
    )
    .execute()
  return rows.flatMap(({ day, asked_at: at }): RecentEdition[] => {
    const likelySince = Date.parse(`${day}T00:00:00Z`) + HOLIDAY_LIKELY_HOURS * 3_600_000
    if (now.getTime() < likelySince) return []
    const noPapers = { state: 'empty', release: 'open', deferredCount: 0, votesAt: null, isAwaited: true } as const
    return [{ day: asDay(day), ...noPapers, publishedAt: at, openedAt: at }]
  })
}

async function readEditions(trx: Database, lastDay: Day): Promise<RecentEdition[]> {
  const rows = await trx
    .selectFrom('editions')
    .select([
      'day',
      'state',
      'sending',
      'votes_at',
      'published_at',
      'approved_at',
      'needs_approval',
      'canary',
      'deferred_count',
    ])
    .where('day', '>=', addDays(lastDay, -(STAND_IN_DAYS_MAX + 2)))
    .where('day', '<=', lastDay)
    .execute()
  return rows.map((row) => ({
    day: asDay(row.day),
    state: row.state,
    release: releaseOf(row),
    deferredCount: row.deferred_count,
    votesAt: row.votes_at,
    publishedAt: row.published_at,
    openedAt:
      row.needs_approval && row.approved_at !== null && row.approved_at > row.published_at
        ? row.approved_at
        : row.published_at,
  }))
}

function releaseOf(row: {
  readonly sending: SendingState
  readonly needs_approval: boolean
  readonly approved_at: Date | null
  readonly canary: CanaryState
}): RecentEdition['release'] {
  if (row.sending === 'cancelled') return 'cancelled'
  const isWaiting = (row.needs_approval && row.approved_at === null) || ['sending', 'waiting'].includes(row.canary)
  return row.sending === 'paused' || isWaiting ? 'held' : 'open'
}

/** The zones in which a day begins first and last. POSIX names have the opposite sign: these are UTC+14 and UTC−12. */
export const EASTERNMOST = 'Etc/GMT-14'
export const WESTERNMOST = 'Etc/GMT+12'

/** Selects the distinct zones of active subscribers. It takes one index lookup per zone, for any number of subscribers. */
export async function readZonesInUse(trx: Database): Promise<string[]> {
  const { rows } = await sql<{ timezone: string }>`
    with recursive zones as (
      (select timezone from subscribers where state = 'active' order by timezone limit 1)
      union all
      select (select s.timezone from subscribers s where s.state = 'active' and s.timezone > z.timezone
        order by s.timezone limit 1)
      from zones z where z.timezone is not null
    )
    select timezone from zones where timezone is not null`.execute(trx)
  return rows.map(({ timezone }) => timezone)
}
