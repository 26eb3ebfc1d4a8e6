import { SCORE_PAPERS_MIN } from '../../../config/limits-sources.ts'
import type { Edition } from '../../domain/edition.ts'
import type { ScoreVerdict } from '../../domain/scorecard.ts'
import { tieBreakOf } from '../trending.ts'
import { ndcg, overlap, sum } from './statistics.ts'

const RANKS_COUNTED = 10

/**
 * Compares the order of a past edition with the later votes of its day’s list (paper id → votes). Late papers from other lists
 * are left out. The gain of a paper is `log2(1 + later votes)`, as in `eval`. A hash breaks ties, as in an edition.
 */
export function scoreEdition(
  { day, entries }: Pick<Edition, 'day' | 'entries'>,
  later: ReadonlyMap<string, number>,
): ScoreVerdict {
  const known = entries.flatMap(({ paper, signals, listedOn }) => {
    const then = signals.upvotes
    const now = later.get(paper.id)
    return then === null || now === undefined || listedOn !== undefined ? [] : [{ id: paper.id, then, now }]
  })
  if (known.length < SCORE_PAPERS_MIN) return { kind: 'unscored', reason: 'gone' }
  if (known.every(({ then, now }) => then === now)) return { kind: 'unscored', reason: 'unmoved' }
  const ours = known.map(({ id }) => id)
  const votesOrder = byVotes(new Map(known.map(({ id, then }) => [id, then])), day)
  const bestOrder = byVotes(new Map(known.map(({ id, now }) => [id, now])), day)
  const mostVoted = byVotes(later, day).slice(0, RANKS_COUNTED)
  const gains = known.map(({ now }) => Math.log2(1 + now))
  const gainOf = new Map(known.map(({ id }, index) => [id, gains[index] ?? 0]))
  // If all votes were withdrawn, no paper gains anything, so every order is the best.
  const quality = (order: readonly string[]) =>
    ndcg(
      order.map((id) => gainOf.get(id) ?? 0),
      gains,
      RANKS_COUNTED,
    ) ?? 1
  const mean = sum(gains) / gains.length
  return {
    kind: 'scored',
    figures: {
      papers: known.length,
      listed: later.size,
      ndcg: {
        ours: quality(ours),
        votes: quality(votesOrder),
        // In a random order, the expected gain of each place is the mean.
        chance:
          ndcg(
            gains.map(() => mean),
            gains,
            RANKS_COUNTED,
          ) ?? 1,
      },
      found:
        later.size <= RANKS_COUNTED
          ? null
          : {
              ours: overlap(ours, mostVoted, RANKS_COUNTED),
              votes: overlap(votesOrder, mostVoted, RANKS_COUNTED),
              oracle: overlap(bestOrder, mostVoted, RANKS_COUNTED),
            },
    },
  }
}

function byVotes(votes: ReadonlyMap<string, number>, day: string): string[] {
  return [...votes]
    .map(([id, count]) => ({ id, count, tieBreak: tieBreakOf(day, id) }))
    .sort((a, b) => b.count - a.count || (a.tieBreak < b.tieBreak ? -1 : 1))
    .map(({ id }) => id)
}
