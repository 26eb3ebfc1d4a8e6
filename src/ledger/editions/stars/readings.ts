import { sql } from 'kysely'
import { STARS_EVERY_MS, STARS_PAPERS_MAX } from '../../../../config/limits-stars.ts'
import { day as asDay, type Day } from '../../../domain/day.ts'
import type { StarsFault, StarsState } from '../../../domain/stars.ts'
import type { StarReading } from '../../../pipeline/read-stars.ts'
import type { Database } from '../../schema/database.ts'

/**
 * Claims the next round of reading stars. The row stores when the next one may begin, so that a second scheduler waits, and a
 * crashed one needs no cleanup. Returns the fault of the last round, or null if it is not time.
 */
export async function claimStarRound(
  db: Database,
  now: Date,
): Promise<{ readonly before: StarsState['fault'] } | null> {
  // Half the interval, so that the next round of the same process always finds its turn.
  const next = new Date(now.getTime() + STARS_EVERY_MS / 2)
  const row = await db
    .insertInto('star_rounds')
    .values({ next_at: next, read_at: null, fault_kind: null, fault_reason: null })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ next_at: next }).where('star_rounds.next_at', '<=', now),
    )
    .returning(['fault_kind', 'fault_reason'])
    .executeTakeFirst()
  return row === undefined ? null : { before: faultOf(row) }
}

/** Returns the links to GitHub of the newest papers since a day, without those that have a reading of `day`. */
export async function readUnreadCode(
  db: Database,
  since: Day,
  day: Day,
): Promise<{ readonly id: string; readonly link: string }[]> {
  const { rows } = await sql<{ id: string; link: string }>`
    with newest as (
      select id, content->'links'->>'code' as link from papers
      where first_day >= ${since}::date and content->'links'->>'code' ~* '^https?://(www\\.)?github\\.com/'
      order by first_day desc, id limit ${STARS_PAPERS_MAX}
    )
    select id, link from newest
    where not exists (select from star_readings r where r.paper_id = newest.id and r.day = ${day}::date)`.execute(db)
  return rows
}

/** Stores readings of a day. The first reading of a paper on a day stays. */
export async function saveStars(db: Database, readings: readonly StarReading[], day: Day, at: Date): Promise<void> {
  await db
    .insertInto('star_readings')
    .values(readings.map(({ id, repository, stars }) => ({ paper_id: id, day, repository, stars, read_at: at })))
    .onConflict((conflict) => conflict.columns(['paper_id', 'day']).doNothing())
    .execute()
}

/** Stores how a round ended. A round that had nothing to read keeps the time of the last reading. */
export async function settleStarRound(
  db: Database,
  { readAt, fault }: { readonly readAt: Date | null; readonly fault: StarsState['fault'] },
): Promise<void> {
  await db
    .updateTable('star_rounds')
    .set({
      read_at: sql`coalesce(${readAt}::timestamptz, read_at)`,
      fault_kind: fault?.kind ?? null,
      fault_reason: fault?.reason ?? null,
    })
    .execute()
}

/** Returns the state of reading stars, or null if no round has begun yet. */
export async function readStarsState(db: Database): Promise<StarsState | null> {
  const row = await db
    .selectFrom('star_rounds')
    .select(['read_at', 'fault_kind', 'fault_reason'])
    .select(
      sql<string>`(select count(*) from star_readings where day = (select max(day) from star_readings))`.as('papers'),
    )
    .executeTakeFirst()
  return row === undefined ? null : { readAt: row.read_at, papers: Number(row.papers), fault: faultOf(row) }
}

/** Returns all stored stars, oldest first. */
export async function readAllStars(
  db: Database,
): Promise<{ readonly id: string; readonly day: Day; readonly stars: number }[]> {
  const rows = await db
    .selectFrom('star_readings')
    .select(['paper_id', 'day', 'stars'])
    .where('stars', 'is not', null)
    .orderBy('day')
    .orderBy('paper_id')
    .execute()
  return rows.map((row) => ({ id: row.paper_id, day: asDay(row.day), stars: row.stars ?? 0 }))
}

interface FaultColumns {
  readonly fault_kind: StarsFault | null
  readonly fault_reason: string | null
}

function faultOf({ fault_kind: kind, fault_reason: reason }: FaultColumns): StarsState['fault'] {
  return kind === null ? null : { kind, reason: reason ?? '' }
}
