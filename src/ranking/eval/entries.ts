import type { Entry } from '../../domain/edition.ts'
import type { Paper } from '../../domain/paper.ts'
import { explainRank } from '../explain.ts'

/** Returns a pool as the entries of an edition, by votes. A tie is broken by the id. */
export function entriesByVotes(pool: readonly { readonly paper: Paper; readonly votes: number }[]): Entry[] {
  const byVotes = [...pool].sort((a, b) => b.votes - a.votes || (a.paper.id < b.paper.id ? -1 : 1))
  return byVotes.map(({ paper, votes }, index) => {
    const signals = { upvotes: votes, comments: null, stars: null }
    return { rank: index + 1, score: votes, why: explainRank(index + 1, byVotes.length, signals), paper, signals }
  })
}
