import type { RecordedDay } from './days.ts'
import { movedDays } from './inputs.ts'
import { type Known, orderBy, type Score } from './rankers.ts'
import { type Measured, measure, ndcg, overlap } from './statistics.ts'

const RANKS_COUNTED = 10

export interface WithinDay {
  /** NDCG@10. The gain of a paper is `log2(1 + votes on the next day)`. */
  readonly ndcg10: Measured
  /** NDCG@10 with the votes themselves as the gain, so that the most voted paper dominates. */
  readonly ndcg10Linear: Measured
  /** The share of the ten morning papers with the most votes on the next day that are in the first ten. */
  readonly overlap10: Measured
}

/**
 * Measures how well each ranker orders the papers of a morning’s list by the votes that they had a day later. Days whose
 * later votes are those of the morning are left out.
 */
export function evaluateWithinDay(
  days: readonly RecordedDay[],
  scores: Readonly<Record<string, Score>>,
  seed: number,
): Record<string, WithinDay> {
  const moved = movedDays(days)
  return Object.fromEntries(
    Object.entries(scores).map(([name, score]) => {
      const rows = moved.map((day) => dayFigures(day, score))
      const figure = (key: keyof WithinDay) =>
        measure(
          rows.map((row) => row[key]),
          seed,
        )
      return [name, { ndcg10: figure('ndcg10'), ndcg10Linear: figure('ndcg10Linear'), overlap10: figure('overlap10') }]
    }),
  )
}

function dayFigures(day: RecordedDay, score: Score): Record<keyof WithinDay, number[]> {
  const known = knownOf(day)
  const order = orderBy(score, known, day)
  const ids = order.map(({ id }) => id)
  const best = orderBy(({ later }) => later, known, day).map(({ id }) => id)
  const figure = (gain: (paper: Known) => number) => {
    const value = ndcg(order.map(gain), known.map(gain), RANKS_COUNTED)
    return value === null ? [] : [value]
  }
  return {
    ndcg10: figure(({ later }) => Math.log2(1 + later)),
    ndcg10Linear: figure(({ later }) => later),
    // With ten papers or fewer, every order contains all of them, so the figure would be meaningless.
    overlap10:
      known.length <= RANKS_COUNTED ? [] : [overlap(ids, best.slice(0, RANKS_COUNTED), RANKS_COUNTED) / RANKS_COUNTED],
  }
}

/** Returns the papers of a morning with their votes on the next day. */
export function knownOf({ papers, later }: RecordedDay): Known[] {
  return papers.map(({ paper, votes, age }) => ({ id: paper.id, votes, age, later: later.get(paper.id) ?? votes }))
}
