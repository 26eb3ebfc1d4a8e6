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

/** One paper with the days of its editions and its votes over time. */
export interface PaperRecord {
  readonly paper: Paper
  readonly days: readonly { readonly day: Day; readonly rank: number; readonly papers: number }[]
  readonly votes: readonly { readonly at: Date; readonly upvotes: number | null }[]
}

const MOMENTS_MAX = 60

export async function readPaper(db: Database, id: string): Promise<PaperRecord | null> {
  const row = await db.selectFrom('papers').select('content').where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  const days = await sql<{ day: string; rank: number; papers: string }>`
    select n.day, n.rank, (select count(*) from edition_papers m where m.day = n.day) as papers
    from edition_papers n where n.paper_id = ${id} order by n.day limit ${MOMENTS_MAX}`.execute(db)
  const votes = await db
    .selectFrom('signals')
    .select(['observed_at', 'upvotes'])
    .where('paper_id', '=', id)
    .orderBy('observed_at')
    .limit(MOMENTS_MAX)
    .execute()
  return {
    paper: row.content,
    days: days.rows.map((each) => ({ day: asDay(each.day), rank: each.rank, papers: Number(each.papers) })),
    votes: votes.map((each) => ({ at: each.observed_at, upvotes: each.upvotes })),
  }
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
