import { SCORE_PAPERS_MIN } from '../../../config/limits-sources.ts'
import type { Edition } from '../../domain/edition.ts'
import type { ScoreVerdict } from '../../domain/scorecard.ts'
import { tieBreakOf } from '../trending.ts'
import { ndcg, overlap, sum } from './statistics.ts'

const FIRST = 10

/**
 * Holds a past edition’s order against the votes that its day’s list had later (paper id → votes). Papers that had come
 * late from other lists are left out. The gain of a paper is `log2(1 + votes later)`, as in `eval`; ties of votes fall by
 * the day’s lot, as in an edition. Pure.
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
  const votes = byVotes(new Map(known.map(({ id, then }) => [id, then])), day)
  const oracle = byVotes(new Map(known.map(({ id, now }) => [id, now])), day)
  const best = byVotes(later, day).slice(0, FIRST)
  const gains = known.map(({ now }) => Math.log2(1 + now))
  const gainOf = new Map(known.map(({ id }, index) => [id, gains[index] ?? 0]))
  // Votes were taken back until nothing is left of them: there is nothing to be found.
  const quality = (order: readonly string[]) =>
    ndcg(
      order.map((id) => gainOf.get(id) ?? 0),
      gains,
      FIRST,
    ) ?? 1
  const mean = sum(gains) / gains.length
  return {
    kind: 'scored',
    figures: {
      papers: known.length,
      listed: later.size,
      ndcg: {
        ours: quality(ours),
        votes: quality(votes),
        // By lot every place can expect the mean.
        chance:
          ndcg(
            gains.map(() => mean),
            gains,
            FIRST,
          ) ?? 1,
      },
      found:
        later.size <= FIRST
          ? null
          : {
              ours: overlap(ours, best, FIRST),
              votes: overlap(votes, best, FIRST),
              oracle: overlap(oracle, best, FIRST),
            },
    },
  }
}

function byVotes(votes: ReadonlyMap<string, number>, day: string): string[] {
  return [...votes]
    .map(([id, count]) => ({ id, count, lot: tieBreakOf(day, id) }))
    .sort((a, b) => b.count - a.count || (a.lot < b.lot ? -1 : 1))
    .map(({ id }) => id)
}
