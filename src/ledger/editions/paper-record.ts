import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper, Signals } from '../../domain/paper.ts'
import type { StarGrowth } from '../../domain/stars.ts'
import type { Database } from '../schema/database.ts'
import { starGrowth } from './stars/growth.ts'

/** One paper with the days of its editions, its neighbours in the newest of them, and its votes over time. */
export interface PaperRecord {
  readonly paper: Paper
  readonly days: readonly { readonly day: Day; readonly rank: number; readonly papers: number }[]
  /** The papers before and after it in the newest edition. */
  readonly previous: Neighbour | null
  readonly next: Neighbour | null
  readonly votes: readonly (Signals & { readonly at: Date })[]
  /** The growth of its repository's stars, if it is known. */
  readonly growth: StarGrowth | null
}

export interface Neighbour {
  readonly id: string
  readonly title: string
}

const DAYS_MAX = 60
const VOTES_MAX = 200 // The newest. They are stored only when they change.

interface Row {
  readonly content: Paper
  readonly days: readonly { readonly day: string; readonly rank: number; readonly papers: number }[] | null
  readonly around: readonly (Neighbour & { readonly rank: number })[] | null
  readonly votes: readonly (Signals & { readonly at: string })[] | null
  readonly growth: StarGrowth | null
}

/**
 * Returns all that the page of a paper shows about it, in one query, or null if the paper is unknown.
 * @param at the moment of the growth; left out: without growth.
 */
export async function readPaper(db: Database, id: string, at: Date | null = null): Promise<PaperRecord | null> {
  const { rows } = await sql<Row>`
    with listed as (
      select day, rank from edition_papers where paper_id = ${id} order by day desc limit ${DAYS_MAX}
    ), newest as (select day, rank from listed order by day desc limit 1)
    select content,
      (select json_agg(json_build_object('day', l.day, 'rank', l.rank,
        'papers', (select count(*) from edition_papers m where m.day = l.day)) order by l.day) from listed l) as days,
      (select json_agg(json_build_object('id', n.paper_id, 'rank', n.rank - newest.rank, 'title', n.content->>'title'))
        from newest join edition_papers n on n.day = newest.day and n.rank in (newest.rank - 1, newest.rank + 1)) as around,
      (select json_agg(json_build_object('at', observed_at, 'upvotes', upvotes, 'comments', comments, 'stars', stars)
        order by observed_at)
        from (select * from signals where paper_id = ${id} order by observed_at desc limit ${VOTES_MAX}) v) as votes,
      ${at === null ? sql`null` : sql`(select row_to_json(g) from (${starGrowth(id, at)}) g)`} as growth
    from papers where id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const neighbour = (rank: number) => row.around?.find((each) => each.rank === rank) ?? null
  return {
    paper: row.content,
    days: (row.days ?? []).map((each) => ({ ...each, day: asDay(each.day) })),
    previous: neighbour(-1),
    next: neighbour(1),
    votes: (row.votes ?? []).map((each) => ({ ...each, at: new Date(each.at) })),
    growth: row.growth,
  }
}
