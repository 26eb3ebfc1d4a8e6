import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import { ACCEPTED_STATES, type DeliveryState } from '../../domain/delivery.ts'
import type { EditionState, SendingState } from '../../domain/edition.ts'
import type { Database } from '../schema/database.ts'
import { ofDay, ofDayIn } from '../schema/periods.ts'

/** The number of deliveries of a day that were settled in one interval. */
export interface SendingSpan {
  readonly at: Date
  readonly taken: number
  readonly failed: number
}

const counted = (...states: DeliveryState[]) => sql`count(*) filter (where state = any(${states}::text[]))::int`

const summed = (...states: DeliveryState[]) =>
  sql`coalesce(sum(count) filter (where state = any(${states}::text[])), 0)::int`

/** Returns the settled deliveries of a day in intervals of `seconds`, oldest first, without empty ones. */
export async function readSendingSpans(db: Database, day: Day, seconds: number): Promise<SendingSpan[]> {
  const { rows } = await sql<SendingSpan>`
    select to_timestamp(floor(extract(epoch from settled_at) / ${seconds}::int) * ${seconds}::int) as at,
      ${counted(...ACCEPTED_STATES)} as taken, ${counted('refused', 'uncertain')} as failed
    from deliveries d where day = ${day} and ${ofDay(day)} and settled_at is not null
    group by 1 order by 1`.execute(db)
  return rows
}

export interface GrowthDay {
  readonly day: string
  /** Subscribers at the end of the day, in any state now. */
  readonly total: number
}

/** Returns the growth of the list: current subscribers by the day on which they joined. */
export async function readGrowth(db: Database, until: Day, days: number): Promise<GrowthDay[]> {
  const { rows } = await sql<GrowthDay>`
    with came as materialized (
      select (created_at at time zone 'UTC')::date as day, count(*) as count
      from subscribers where state in ('active', 'paused') group by 1
    ), shown as (
      select ${until}::date - n as day from generate_series(0, ${days - 1}::int) as n
    ), before as (
      select coalesce(sum(count), 0) as count from came where day < (select min(day) from shown)
    )
    select to_char(shown.day, 'YYYY-MM-DD') as day,
      ((select count from before) + coalesce(sum(came.count) over (order by shown.day), 0))::int as total
    from shown left join came using (day) order by shown.day`.execute(db)
  return rows
}

export interface EditionFigures {
  readonly day: Day
  readonly revision: number
  readonly state: EditionState
  readonly sending: SendingState
  readonly reason: string | null
  readonly papers: number
  readonly candidates: number
  readonly taken: number
  readonly bounced: number
  readonly complained: number
  readonly skipped: number
  readonly refused: number
  readonly uncertain: number
  readonly open: number
}

/** Returns the newest editions with their results. `before` is the last day of the previous page. */
export async function readEditionFigures(db: Database, before: Day | null, limit: number): Promise<EditionFigures[]> {
  const { rows } = await sql<EditionFigures & { candidates: string | number }>`
    select e.day, e.revision, e.state, e.sending, e.reason, e.delivery_count as candidates, d.*,
      (select count(*)::int from edition_papers n where n.day = e.day) as papers
    from (select * from editions ${before === null ? sql`` : sql`where day < ${before}`} order by day desc limit ${limit}) as e
    cross join lateral (
      select ${summed(...ACCEPTED_STATES)} as taken, ${summed('bounced')} as bounced,
        ${summed('complained')} as complained, ${summed('skipped')} as skipped, ${summed('refused')} as refused,
        ${summed('uncertain')} as uncertain, ${summed('queued', 'sending')} as open
      from (
        select state, count(*) as count from deliveries d where d.day = e.day and ${ofDayIn('e.day')} group by state
        union all select state, count from archived_counts k where k.day = e.day
      ) as all_of_it
    ) as d
    order by e.day desc`.execute(db)
  return rows.map((row) => ({ ...row, candidates: Number(row.candidates) }))
}
