import { type RawBuilder, sql } from 'kysely'
import { CARRIED_DAYS_MAX, HOLIDAY_LIKELY_HOURS } from '../../config/limits.ts'
import { addDays, day as asDay, type Day, dayIn, isoWeek, weekday } from '../day.ts'
import type { EditionState } from '../edition.ts'
import { type ShelvedEdition, type Turn, turnOf } from '../turn.ts'
import type { Database } from './database.ts'
import { ofDay } from './periods.ts'

/** Who is meant: readers whose own hour has come, everyone at once, or one reader. */
export type Cohort =
  | { readonly kind: 'hour'; readonly now: Date }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** An edition as it stands when somebody asks to whom it is due. */
export interface DueEdition {
  readonly day: Day
  readonly state: EditionState
}

/**
 * `subscribers s …`: the readers to whom an edition is due. Who has a delivery for the period, whatever became of it,
 * is not; nor is who may not be mailed. With `turns`, only readers of their zones whose own hour has come; without, all.
 */
export function dueFor(edition: DueEdition, turns: readonly Turn[] | null): RawBuilder<unknown> {
  return sql`subscribers s
    ${turns === null ? sql`` : sql`join ${asTable(turns)} on z.timezone = s.timezone`}
    where s.state = 'active'
      and case s.frequency when 'weekly' then ${isWeeklyDue(edition, turns)} else ${isDailyDue(edition, turns)} end
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
      and not exists (
        select from deliveries d
        where d.subscriber_id = s.id
          and ${ofDay(edition.day)}
          and d.period = ${periodFor(edition, turns)}
      )`
}

/** The period that an edition is for, by the reader's rhythm: of weekly ones the week of their own weekday. */
export function periodFor({ day }: DueEdition, turns: readonly Turn[] | null): RawBuilder<string> {
  return sql<string>`case s.frequency
    when 'daily' then ${day}
    else case when s.weekday <= ${weekdayOf(day, turns)} then ${weekOf(day, turns)} else ${weekOf(day, turns, 7)} end end`
}

function isDailyDue({ day, state }: DueEdition, turns: readonly Turn[] | null): RawBuilder<boolean> {
  if (state !== 'published') return sql<boolean>`false`
  const itsDay = sql`${weekday(day)}::smallint = any(s.weekdays)`
  if (turns === null) return sql<boolean>`${itsDay}`
  return sql<boolean>`(
    s.hour <= z.hour and z.weekday = any(s.weekdays)
      and (z.daily in ('own', 'stands-in') or (z.daily = 'late' and ${itsDay} and coalesce(s.due_from <= ${day}::date, true)))
    or s.changed_at < z.owed_until and ${itsDay}
  )`
}

/** Who did not have the week that began with their weekday before this one is due as long as the next has not begun. */
function isWeeklyDue({ day }: DueEdition, turns: readonly Turn[] | null): RawBuilder<boolean> {
  const on = weekdayOf(day, turns)
  const today = turns === null ? sql`${day}::date` : sql`z.today`
  const isWeek = sql`(s.weekday <= ${on} or coalesce(s.due_from <= ${today} - (7 + ${on} - s.weekday), true))`
  if (turns === null) return sql<boolean>`${isWeek}`
  // The hour that yesterday did not have has come with today.
  return sql<boolean>`(z.weekly and ${isWeek}
    and (s.hour <= z.hour or (s.hour > z.yesterday_last_hour and s.weekday = 1 + (z.weekday + 5) % 7)))`
}

function weekdayOf(day: Day, turns: readonly Turn[] | null) {
  return turns === null ? sql`${weekday(day)}::smallint` : sql`z.weekday`
}

function weekOf(day: Day, turns: readonly Turn[] | null, daysAgo: 0 | 7 = 0) {
  if (turns === null) return sql`${isoWeek(addDays(day, -daysAgo))}::text`
  return daysAgo === 0 ? sql`z.week` : sql`z.week_before`
}

function asTable(turns: readonly Turn[]) {
  const column = <T>(of: (turn: Turn) => T) => turns.map(of)
  return sql`unnest(
    ${column(({ timezone }) => timezone)}::text[], ${column(({ today }) => today)}::date[],
    ${column(({ today }) => weekday(today))}::smallint[], ${column(({ hour }) => hour)}::smallint[],
    ${column(({ daily }) => daily)}::text[], ${column(({ owedUntil }) => owedUntil)}::timestamptz[],
    ${column(({ weekly }) => weekly)}::boolean[], ${column((turn) => turn.yesterdayLastHour)}::smallint[],
    ${column(({ today }) => isoWeek(today))}::text[], ${column(({ today }) => isoWeek(addDays(today, -7)))}::text[]
  ) as z(timezone, today, weekday, hour, daily, owed_until, weekly, yesterday_last_hour, week, week_before)`
}

/** What an edition is now in each time zone in which it is anything. */
export async function turnsOf(trx: Database, day: Day, now: Date): Promise<Turn[]> {
  const shelf = await readShelf(trx, now)
  return (await readZonesInUse(trx)).flatMap((timezone) => turnOf(timezone, day, shelf, now) ?? [])
}

/**
 * The editions that may be anybody’s turn: those of the last days, up to the day that has begun furthest east. A list that
 * is still awaited long after its hour counts as a day without one, so that a subscriber who has not had the newest edition
 * gets it on their day; when the list does come, its own edition goes out as well.
 */
export async function readShelf(trx: Database, now: Date): Promise<ShelvedEdition[]> {
  const east = dayIn(EASTERNMOST, now)
  return [...(await readEditions(trx, east)), ...(await readLateLists(trx, east, now))]
}

async function readLateLists(trx: Database, east: Day, now: Date): Promise<ShelvedEdition[]> {
  const rows = await trx
    .selectFrom('awaited_lists as a')
    .select(['a.day', 'a.asked_at'])
    .where('a.day', '>=', addDays(east, -2))
    .where('a.day', '<=', east)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('editions as e').select('e.day').whereRef('e.day', '=', 'a.day'))),
    )
    .execute()
  return rows.flatMap(({ day, asked_at: at }): ShelvedEdition[] => {
    const likelySince = Date.parse(`${day}T00:00:00Z`) + HOLIDAY_LIKELY_HOURS * 3_600_000
    if (now.getTime() < likelySince) return []
    const none = { state: 'empty', sending: 'running', votesAt: null, isAwaited: true } as const
    return [{ day: asDay(day), ...none, publishedAt: at, openedAt: at }]
  })
}

async function readEditions(trx: Database, east: Day): Promise<ShelvedEdition[]> {
  const rows = await trx
    .selectFrom('editions')
    .select(['day', 'state', 'sending', 'votes_at', 'published_at', 'approved_at', 'needs_approval'])
    .where('day', '>=', addDays(east, -(CARRIED_DAYS_MAX + 2)))
    .where('day', '<=', east)
    .execute()
  return rows.map((row) => ({
    day: asDay(row.day),
    state: row.state,
    sending: row.sending,
    votesAt: row.votes_at,
    publishedAt: row.published_at,
    openedAt:
      row.needs_approval && row.approved_at !== null && row.approved_at > row.published_at
        ? row.approved_at
        : row.published_at,
  }))
}

/** The zones in which a day begins first and last. POSIX turns the sign about: these are UTC+14 and UTC−12. */
export const EASTERNMOST = 'Etc/GMT-14'
export const WESTERNMOST = 'Etc/GMT+12'

/** The zones of active readers, each found by one look into an index, however many readers there are. */
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
