import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Database } from '../schema/database.ts'

/** Returns the newest day with papers up to `day`, or null. */
export async function readDayUpTo(db: Database, day: Day): Promise<Day | null> {
  const row = await db
    .selectFrom('editions')
    .select('day')
    .where('state', '=', 'published')
    .where('day', '<=', day)
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : asDay(row.day)
}

/** Returns the closest days with papers before and after `day`. */
export async function readNeighbours(db: Database, day: Day): Promise<{ previous: Day | null; next: Day | null }> {
  const { rows } = await sql<{ previous: string | null; next: string | null }>`
    select (select max(day) from editions where state = 'published' and day < ${day}) as previous,
      (select min(day) from editions where state = 'published' and day > ${day}) as next`.execute(db)
  const [row] = rows
  return {
    previous: row?.previous == null ? null : asDay(row.previous),
    next: row?.next == null ? null : asDay(row.next),
  }
}

/** Returns the days and papers for the sitemap, newest first. */
export async function readAddresses(db: Database, limit: number): Promise<{ days: Day[]; papers: string[] }> {
  const days = await db
    .selectFrom('editions')
    .select('day')
    .where('state', '=', 'published')
    .orderBy('day', 'desc')
    .limit(limit)
    .execute()
  const papers = await db
    .selectFrom('papers')
    .select('id')
    .orderBy('first_day', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return { days: days.map((row) => asDay(row.day)), papers: papers.map((row) => row.id) }
}
