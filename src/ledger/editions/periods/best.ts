import { sql } from 'kysely'
import { day as asDay, type Day } from '../../../domain/day.ts'
import type { Database } from '../../schema/database.ts'
import { newestVotes, type RankedPaper, type RankedRow, rankedPaper } from './newest-votes.ts'

/** The best papers of a span of days. */
export interface BestPapers {
  /** Each paper once, with the first of its days in the span. */
  readonly papers: readonly (RankedPaper & { readonly day: Day })[]
  /** How many papers the lists have, each counted once. */
  readonly total: number
  /** How many days have a list. */
  readonly lists: number
}

/** Returns the papers of the lists from `from` to `to`, those with the most newest known votes first. */
export async function readBestPapers(
  db: Database,
  { from, to, limit }: { readonly from: Day; readonly to: Day; readonly limit: number },
): Promise<BestPapers> {
  const { rows } = await sql<RankedRow & { day: string; total: string; lists: string }>`
    with listed as materialized (
      select n.paper_id, min(n.day) as day, (array_agg(n.rank order by n.day))[1] as rank
      from editions e join edition_papers n on n.day = e.day
      where e.state = 'published' and e.day between ${from}::date and ${to}::date
      group by n.paper_id
    ), best as (
      select l.paper_id, l.day, l.rank, v.upvotes, v.comments, v.stars, count(*) over () as total
      from listed l ${newestVotes(sql.ref('l.paper_id'))}
      order by v.upvotes desc nulls last, l.day desc, l.rank limit ${limit}
    )
    select p.content, best.*,
      (select count(*) from editions where state = 'published' and day between ${from}::date and ${to}::date) as lists
    from best join papers p on p.id = best.paper_id
    order by best.upvotes desc nulls last, best.day desc, best.rank`.execute(db)
  const [first] = rows
  return {
    papers: rows.map((row) => ({ ...rankedPaper(row), day: asDay(row.day) })),
    total: Number(first?.total ?? 0),
    lists: Number(first?.lists ?? 0),
  }
}

/** A paper whose votes grew after its day. */
export interface RisingPaper extends RankedPaper {
  readonly day: Day
  /** Its votes in the list of its day. The newest are in `signals`. */
  readonly votesThen: number
}

/**
 * Returns the papers of the lists from `from` to `to` whose newest votes are at least `votesMin` and `timesMin` times more
 * than in the list of their first day, those that grew most first.
 */
export async function readRisingPapers(
  db: Database,
  {
    from,
    to,
    votesMin,
    timesMin,
    limit,
  }: {
    readonly from: Day
    readonly to: Day
    readonly votesMin: number
    readonly timesMin: number
    readonly limit: number
  },
): Promise<RisingPaper[]> {
  const { rows } = await sql<RankedRow & { day: string; votes_then: number }>`
    with listed as materialized (
      select distinct on (n.paper_id) n.paper_id, n.day, n.upvotes
      from editions e join edition_papers n on n.day = e.day
      where e.state = 'published' and e.day between ${from}::date and ${to}::date and n.upvotes is not null
      order by n.paper_id, n.day
    ), grown as (
      select l.paper_id, l.day, l.upvotes as votes_then, v.*
      from listed l ${newestVotes(sql.ref('l.paper_id'))}
      where v.upvotes - l.upvotes >= ${votesMin} and v.upvotes >= l.upvotes * ${timesMin}::float8
      order by v.upvotes - l.upvotes desc, l.day desc, l.paper_id limit ${limit}
    )
    select p.content, grown.* from grown join papers p on p.id = grown.paper_id
    order by grown.upvotes - grown.votes_then desc, grown.day desc, grown.paper_id`.execute(db)
  return rows.map((row) => ({ ...rankedPaper(row), day: asDay(row.day), votesThen: row.votes_then }))
}
