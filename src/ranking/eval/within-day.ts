import type { RecordedDay } from './days.ts'
import { type Known, orderBy, type Score } from './rankers.ts'
import { type Measured, measure, ndcg, overlap } from './statistics.ts'

const FIRST = 10

export interface WithinDay {
  /** NDCG of the first ten; a paper gains `log2(1 + votes on the next day)`. */
  readonly ndcg10: Measured
  /** The same where a paper gains its votes: the day’s giant then weighs most. */
  readonly ndcg10Linear: Measured
  /** The share of the next day’s ten most voted, among the papers of the morning, that are in the first ten. */
  readonly overlap10: Measured
}

/** How well each ranker orders the papers that a morning’s list held, by the votes that they had a day later. */
export function evaluateWithinDay(
  days: readonly RecordedDay[],
  scores: Readonly<Record<string, Score>>,
  seed: number,
): Record<string, WithinDay> {
  return Object.fromEntries(
    Object.entries(scores).map(([name, score]) => {
      const rows = days.map((day) => dayFigures(day, score))
      const of = (key: keyof WithinDay) =>
        measure(
          rows.map((row) => row[key]),
          seed,
        )
      return [name, { ndcg10: of('ndcg10'), ndcg10Linear: of('ndcg10Linear'), overlap10: of('overlap10') }]
    }),
  )
}

function dayFigures(day: RecordedDay, score: Score): Record<keyof WithinDay, number[]> {
  const known = knownOf(day)
  const order = orderBy(score, known, day)
  const ids = order.map(({ id }) => id)
  const best = orderBy(({ later }) => later, known, day).map(({ id }) => id)
  const figure = (gain: (paper: Known) => number) => {
    const value = ndcg(order.map(gain), known.map(gain), FIRST)
    return value === null ? [] : [value]
  }
  return {
    ndcg10: figure(({ later }) => Math.log2(1 + later)),
    ndcg10Linear: figure(({ later }) => later),
    // On a day of ten papers or fewer every order has all of them: such a day says nothing.
    overlap10: known.length <= FIRST ? [] : [overlap(ids, best.slice(0, FIRST), FIRST) / FIRST],
  }
}

/** The papers of a morning, with what became of each. */
export function knownOf({ papers, later }: RecordedDay): Known[] {
  return papers.map(({ paper, votes, age }) => ({ id: paper.id, votes, age, later: later.get(paper.id) ?? votes }))
}
