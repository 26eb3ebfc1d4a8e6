import type { Signals } from '../paper.ts'

/** The day's evidence for a paper, equal for every reader: `42 votes, 2nd of the day`. */
export function explainRank(rank: number, papers: number, signals: Signals, span: 'day' | 'week' = 'day'): string {
  const { upvotes } = signals
  if (upvotes === null) return 'New on arXiv; no votes are counted there'
  if (upvotes === 0) return 'New on the list, no votes yet'
  const votes = upvotes === 1 ? '1 vote' : `${upvotes} votes`
  if (papers === 1) return `${votes}, the ${span}’s only paper`
  return rank === 1 ? `${votes}, the ${span}’s most voted` : `${votes}, ${ordinal(rank)} of the ${span}’s ${papers}`
}

/** The same for a reader one of whose interests the paper matches. */
export function explainMatch(interest: string, why: string): string {
  return `Matches “${interest}” · ${why}`
}

/** The same for a reader who follows one of the paper’s authors. */
export function explainAuthor(author: string, why: string): string {
  return `By ${author}, whom you follow · ${why}`
}

/** English ordinal: 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(rank: number): string {
  const teens = rank % 100 >= 11 && rank % 100 <= 13
  const suffix = teens ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th')
  return `${rank}${suffix}`
}
