import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

/** A paper with the moments that a feed shows. */
export interface FeedPaper {
  readonly paper: Paper
  /** The first day that listed it. */
  readonly firstDay: Day
  /** Its rank on that day, or null if that edition no longer has it. */
  readonly rank: number | null
  /** When the edition of that day was published, or null if there is none. */
  readonly publishedAt: Date | null
  /** When an edition last brought new data of the paper. */
  readonly updatedAt: Date
}

/** Returns the newest papers, and those of one day by rank. */
export async function readNewPapers(db: Database, limit: number): Promise<FeedPaper[]> {
  const { rows } =
    await sql<Row>`${FEED_PAPERS} order by p.first_day desc, n.rank nulls last, p.id limit ${limit}`.execute(db)
  return rows.map(feedPaper)
}

/** Returns the papers with these ids, in the order of the ids. */
export async function readFeedPapers(db: Database, ids: readonly string[]): Promise<FeedPaper[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`${FEED_PAPERS} where p.id = any(${[...ids]}::text[])`.execute(db)
  const byId = new Map(rows.map((row) => [row.content.id, feedPaper(row)]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

const FEED_PAPERS = sql`
  select p.content, p.first_day, p.updated_at, n.rank, e.published_at from papers p
  left join edition_papers n on n.paper_id = p.id and n.day = p.first_day
  left join editions e on e.day = p.first_day`

interface Row {
  readonly content: Paper
  readonly first_day: string
  readonly updated_at: Date
  readonly rank: number | null
  readonly published_at: Date | null
}

function feedPaper(row: Row): FeedPaper {
  return {
    paper: row.content,
    firstDay: asDay(row.first_day),
    rank: row.rank,
    publishedAt: row.published_at,
    updatedAt: row.updated_at,
  }
}
