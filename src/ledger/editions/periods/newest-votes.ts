import { sql } from 'kysely'
import type { Paper, Signals } from '../../../domain/paper.ts'

/** One paper of a list that spans several days, with its newest known votes. */
export interface RankedPaper {
  readonly paper: Paper
  readonly signals: Signals
}

/** The columns of a row that {@link rankedPaper} reads. */
export interface RankedRow extends Signals {
  readonly content: Paper
}

export function rankedPaper({ content, upvotes, comments, stars }: RankedRow): RankedPaper {
  return { paper: content, signals: { upvotes, comments, stars } }
}

/** The newest signals with votes of the paper `id`, as `v`. They are one step in the index of each paper. */
export function newestVotes(id: ReturnType<typeof sql.ref>) {
  return sql`left join lateral (
      select upvotes, comments, stars from signals
      where paper_id = ${id} and upvotes is not null order by observed_at desc limit 1
    ) v on true`
}
