import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
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

export interface DayInArchive {
  readonly day: Day
  readonly papers: number
  /** The title of the day's first paper. */
  readonly first: string
}

/** Returns days with papers before `before`, newest first. */
export async function readArchiveDays(db: Database, before: Day, limit: number): Promise<DayInArchive[]> {
  const { rows } = await sql<{ day: string; papers: string; first: string }>`
    select e.day, count(*) as papers, min(n.content->>'title') filter (where n.rank = 1) as first
    from (select day from editions where state = 'published' and day < ${before} order by day desc limit ${limit}) e
    join edition_papers n on n.day = e.day
    group by e.day order by e.day desc`.execute(db)
  return rows.map((row) => ({ day: asDay(row.day), papers: Number(row.papers), first: row.first ?? '' }))
}

export interface NewPaper {
  readonly paper: Paper
  readonly firstDay: Day
  readonly updatedAt: Date
}

/** Returns the newest papers, and those of one day by rank. */
export async function readNewPapers(db: Database, limit: number): Promise<NewPaper[]> {
  const { rows } = await sql<{ content: Paper; first_day: string; updated_at: Date }>`
    select p.content, p.first_day, p.updated_at from papers p
    left join edition_papers n on n.paper_id = p.id and n.day = p.first_day
    order by p.first_day desc, n.rank nulls last, p.id limit ${limit}`.execute(db)
  return rows.map((row) => ({ paper: row.content, firstDay: asDay(row.first_day), updatedAt: row.updated_at }))
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
