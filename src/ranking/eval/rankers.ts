import { type Parameters, trend } from '../trend.ts'
import { tieBreakOf } from '../trending.ts'
import type { RecordedDay } from './days.ts'

/** The facts about a paper that a ranker may use. Only the oracle uses facts from after the morning. */
export interface Known {
  readonly id: string
  readonly votes: number
  readonly age: number
  /** Only for the oracle. */
  readonly later: number
}

export type Score = (paper: Known, day: RecordedDay) => number

/**
 * The rankers that are held against each other. Hacker News’ formula is that of its published source
 * (`(votes − 1) / (hours + 2)^1.8`); Reddit’s is `hot` of its published source, `log10(votes) + seconds / 45,000`.
 */
export function rankers(parameters: Parameters): Readonly<Record<string, Score>> {
  return {
    paperround: ({ votes, age }, { day }) => trend({ votes, age, day }, parameters),
    votes: ({ votes }) => votes,
    'hacker-news': ({ votes, age }) => (votes - 1) / (age + 2) ** 1.8,
    'reddit-hot': ({ votes, age }) => Math.log10(Math.max(votes, 1)) - (age * 3_600) / 45_000,
    velocity: ({ votes, age }) => votes / Math.max(age, 0.5),
    // A lot of its own, so that it is not the one that breaks ties.
    random: ({ id }, { day }) => Number.parseInt(tieBreakOf(`random ${day}`, id).slice(0, 12), 16),
    oracle: ({ later }) => later,
  }
}

/** The order by a score; ties fall by lot, as in an edition. */
export function orderBy(score: Score, papers: readonly Known[], day: RecordedDay): Known[] {
  return papers
    .map((paper) => ({ paper, score: score(paper, day), lot: tieBreakOf(day.day, paper.id) }))
    .sort((a, b) => b.score - a.score || (a.lot < b.lot ? -1 : 1))
    .map(({ paper }) => paper)
}
