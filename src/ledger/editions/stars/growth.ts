import { sql } from 'kysely'
import {
  STARS_GAINED_MIN,
  STARS_GAINED_SHARE_MIN,
  STARS_GROWTH_DAYS,
  STARS_STALE_DAYS,
} from '../../../../config/limits-stars.ts'
import { addDays, day as asDay, type Day, dayIn } from '../../../domain/day.ts'
import type { StarGrowth } from '../../../domain/stars.ts'
import type { Database } from '../../schema/database.ts'
import { newestVotes, type RankedPaper, type RankedRow, rankedPaper } from '../periods/newest-votes.ts'

/** Returns the growth of each of these papers that has two recent readings, from the readings that were stored up to a moment. */
export async function readStarGrowth(
  db: Database,
  paperIds: readonly string[],
  at: Date,
): Promise<Map<string, StarGrowth>> {
  if (paperIds.length === 0) return new Map()
  const { rows } = await sql<StarGrowth & { id: string }>`
    select x.id, g.stars, g.gained, g.days from unnest(${[...paperIds]}::text[]) as x(id)
    join lateral (${starGrowth(sql.ref('x.id'), at)}) g on true`.execute(db)
  return new Map(rows.map(({ id, stars, gained, days }) => [id, { stars, gained, days }]))
}

/** The growth of one paper: `stars`, `gained` and `days`, or no row. */
export function starGrowth(id: PaperId, at: Date) {
  return sql`
    select last.stars, last.stars - first.stars as gained, last.day - first.day as days from (
      select day, stars, repository from star_readings r
      where r.paper_id = ${id} and ${usable(at)} order by day desc limit 1
    ) last ${firstReading(id, at)}
    where last.day >= ${oldest(at)}::date`
}

type PaperId = ReturnType<typeof sql.ref> | string

/** A paper whose code gains many stars. */
export interface TrendingCodePaper extends RankedPaper {
  readonly firstDay: Day
  readonly growth: StarGrowth
}

/** Returns the papers with a notable growth, those that gained most first. */
export async function readTrendingCode(db: Database, at: Date, limit: number): Promise<TrendingCodePaper[]> {
  const { rows } = await sql<RankedRow & { first_day: string; now: number; gained: number; days: number }>`
    with last as materialized (
      select distinct on (paper_id) paper_id, day, stars, repository from star_readings r
      where ${usable(at)} and day >= ${oldest(at)}::date order by paper_id, day desc
    ), grown as (
      select last.paper_id, last.stars as now, last.stars - first.stars as gained, last.day - first.day as days
      from last ${firstReading(sql.ref('last.paper_id'), at)}
      where last.stars - first.stars >= greatest(${STARS_GAINED_MIN}, ${STARS_GAINED_SHARE_MIN}::float8 * first.stars)
      order by gained desc, last.paper_id limit ${limit}
    )
    select p.content, p.first_day, grown.now, grown.gained, grown.days, v.*
    from grown join papers p on p.id = grown.paper_id ${newestVotes(sql.ref('p.id'))}
    order by grown.gained desc, p.id`.execute(db)
  return rows.map(({ first_day: firstDay, now, gained, days, ...row }) => ({
    ...rankedPaper(row),
    firstDay: asDay(firstDay),
    growth: { stars: now, gained, days },
  }))
}

/** Returns whether a recent day has readings, so that there can be a list of trending code. */
export async function hasStarReadings(db: Database, at: Date): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (select from star_readings where day >= ${oldest(at)}::date) as has`.execute(db)
  return rows[0]?.has === true
}

function usable(at: Date) {
  return sql`r.stars is not null and r.read_at <= ${at}::timestamptz`
}

function oldest(at: Date): Day {
  return addDays(dayIn('UTC', at), -STARS_STALE_DAYS)
}

/** The first reading of the same repository in the days before `last`, as `first`. */
function firstReading(id: PaperId, at: Date) {
  return sql`join lateral (
      select day, stars from star_readings r
      where r.paper_id = ${id} and r.repository = last.repository and ${usable(at)}
        and r.day >= last.day - ${STARS_GROWTH_DAYS}::int and r.day < last.day
      order by day limit 1
    ) first on true`
}
