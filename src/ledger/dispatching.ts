import { sql } from 'kysely'
import { EDITION_OPEN_HOURS } from '../../config/limits.ts'
import { type Day, dayIn, hourIn, isoWeek, weekday } from '../day.ts'
import type { Database } from './database.ts'

/** Who is meant: readers whose own hour has come, everyone at once, or one reader. */
export type Cohort =
  | { readonly kind: 'hour'; readonly now: Date }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'only'; readonly subscriberId: string }

export interface PageOrder {
  readonly day: Day
  readonly cohort: Cohort
  /** Id of the last subscriber of the page before; `0` to begin. */
  readonly after: string
  readonly subscribersMax: number
  readonly parcelSize: number
  readonly newParcelId: () => string
  readonly at: Date
}

/** `held`: paused, cancelled, or no edition with papers; nothing was written. */
export type PageResult =
  | { readonly kind: 'held'; readonly why: 'paused' | 'cancelled' | 'not-published' }
  | {
      readonly kind: 'page'
      readonly parcelIds: readonly string[]
      readonly subscribers: number
      readonly after: string
      readonly more: boolean
    }

/**
 * Writes the deliveries of the next page of due readers, in parcels, in one transaction. The edition's
 * row is locked meanwhile, so that two dispatchers take turns; a reader who has a delivery for the
 * period, whatever became of it, is not due; and the table's own uniqueness stands behind both.
 */
export async function writePage(db: Database, order: PageOrder): Promise<PageResult> {
  return db.transaction().execute(async (trx) => {
    const edition = await trx
      .selectFrom('editions')
      .select(['state', 'sending', 'dispatched_at'])
      .where('day', '=', order.day)
      .forUpdate()
      .executeTakeFirst()
    if (edition === undefined || edition.state !== 'published') return { kind: 'held', why: 'not-published' }
    if (edition.sending !== 'running') return { kind: 'held', why: edition.sending }
    const due = await selectDue(trx, order)
    const after = due.at(-1)?.id ?? order.after
    if (due.length === 0) return { kind: 'page', parcelIds: [], subscribers: 0, after, more: false }
    const parcelIds = await writeParcels(trx, order, due)
    if (edition.dispatched_at === null)
      await trx.updateTable('editions').set({ dispatched_at: order.at }).where('day', '=', order.day).execute()
    return { kind: 'page', parcelIds, subscribers: due.length, after, more: due.length === order.subscribersMax }
  })
}

/** Deliveries of a day that are written and not yet settled: what the window bounds. */
export async function countOpen(db: Database, day: Day): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<string>().as('open'))
    .where('day', '=', day)
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirstOrThrow()
  return Number(row.open)
}

/** Deliveries of all days that are open and may go: those of paused editions wait for their operator. */
export async function countAllOpen(db: Database): Promise<number> {
  const row = await db
    .selectFrom('deliveries as d')
    .innerJoin('editions as e', 'e.day', 'd.day')
    .select((eb) => eb.fn.countAll<string>().as('open'))
    .where('d.state', 'in', ['queued', 'sending'])
    .where('e.sending', '!=', 'paused')
    .executeTakeFirstOrThrow()
  return Number(row.open)
}

/** Says that a day goes to everyone at once, so that a dispatch job that was lost is made again with the same meaning. */
export async function openToEveryone(db: Database, day: Day): Promise<void> {
  await db.updateTable('editions').set({ cohort: 'everyone' }).where('day', '=', day).execute()
}

/**
 * Editions that may still have readers waiting, with the cohort that they are open to. By the hour, a day is open
 * until it has ended in every time zone; an edition of an older day, made later, waits for an operator's `run` or
 * `dispatch`, which opens it to everyone.
 */
export async function readOpenEditions(db: Database, now: Date): Promise<{ day: Day; cohort: 'hour' | 'everyone' }[]> {
  const since = new Date(now.getTime() - EDITION_OPEN_HOURS * 3_600_000)
  const { rows } = await sql<{ day: string; cohort: 'hour' | 'everyone' }>`
    select day, cohort from editions
    where state = 'published' and sending = 'running'
      and ((cohort = 'everyone' and published_at > ${since}) or (day::timestamp at time zone 'UTC') > ${since})
    order by day`.execute(db)
  return rows.map((row) => ({ day: row.day as Day, cohort: row.cohort }))
}

interface DueRow {
  readonly id: string
  readonly period: string
  readonly since: string | null
}

async function selectDue(trx: Database, order: PageOrder): Promise<DueRow[]> {
  const { day, cohort } = order
  const hours = cohort.kind === 'hour' ? await dueZones(trx, day, cohort.now) : null
  const due = await sql<DueRow>`
    select s.id, case s.frequency when 'weekly' then ${isoWeek(day)} else ${day} end as period, s.away_since as since
    from subscribers s
    ${hours === null ? sql`` : sql`join unnest(${hours.zones}::text[], ${hours.from}::int[]) as z(timezone, hour) on z.timezone = s.timezone and s.hour <= z.hour`}
    where s.state = 'active'
      and s.id > ${order.after}
      and case s.frequency when 'weekly' then s.weekday <= ${weekday(day)} else ${weekday(day)}::smallint = any(s.weekdays) end
      ${cohort.kind === 'only' ? sql`and s.id = ${cohort.subscriberId}` : sql``}
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
      and not exists (
        select from deliveries d
        where d.subscriber_id = s.id
          and d.period = case s.frequency when 'weekly' then ${isoWeek(day)} else ${day} end
      )
    order by s.id
    limit ${order.subscribersMax}`.execute(trx)
  return due.rows
}

/**
 * For each time zone in use, the latest hour of the reader's day that has begun by now on `day`: 24 once
 * the day is over. Zones where the day has not begun are left out. Computed here and not in SQL, so that
 * one time-zone database decides.
 */
async function dueZones(trx: Database, day: Day, now: Date): Promise<{ zones: string[]; from: number[] }> {
  const rows = await trx.selectFrom('subscribers').select('timezone').distinct().where('state', '=', 'active').execute()
  const begun = rows
    .map(({ timezone }) => ({ timezone, today: dayIn(timezone, now) }))
    .filter(({ today }) => today >= day)
    .map(({ timezone, today }) => ({ timezone, hour: today > day ? 24 : hourIn(timezone, now) }))
  return { zones: begun.map((zone) => zone.timezone), from: begun.map((zone) => zone.hour) }
}

async function writeParcels(trx: Database, order: PageOrder, due: readonly DueRow[]): Promise<string[]> {
  const parcelIds = Array.from({ length: Math.ceil(due.length / order.parcelSize) }, order.newParcelId)
  await sql`
    insert into parcels (id, day, state, next_try_at, created_at)
    select id, ${order.day}::date, 'queued', ${order.at}, ${order.at} from unnest(${parcelIds}::uuid[]) as id`.execute(
    trx,
  )
  await sql`
    insert into deliveries (subscriber_id, period, since, day, parcel_id, state, queued_at)
    select x.subscriber_id, x.period, x.since, ${order.day}::date, x.parcel_id, 'queued', ${order.at}
    from unnest(
      ${due.map((row) => row.id)}::bigint[],
      ${due.map((row) => row.period)}::text[],
      ${due.map((row) => row.since)}::date[],
      ${due.map((_, index) => parcelIds[Math.floor(index / order.parcelSize)])}::uuid[]
    ) as x(subscriber_id, period, since, parcel_id)
    on conflict (subscriber_id, period) do nothing`.execute(trx)
  return parcelIds
}
