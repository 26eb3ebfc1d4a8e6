import { type Parameters, trend } from '../trend.ts'
import { tieBreakOf } from '../trending.ts'
import type { RecordedDay } from './days.ts'

/** The facts about a paper that a ranker may use. Only the oracle uses facts from after the morning. */
export interface Known {
  readonly id: string
  readonly votes: number
  readonly age: number
  /** The votes on the next day. */
  readonly later: number
}

export type Score = (paper: Known, day: RecordedDay) => number

/**
 * Returns the rankers that are compared. The formula of Hacker News is from its published source:
 * `(votes − 1) / (hours + 2)^1.8`. That of Reddit is `hot` in its published source: `log10(votes) + seconds / 45,000`.
 */
export function rankers(parameters: Parameters): Readonly<Record<string, Score>> {
  return {
    paperround: ({ votes, age }, { day }) => trend({ votes, age, day }, parameters),
    votes: ({ votes }) => votes,
    'hacker-news': ({ votes, age }) => (votes - 1) / (age + 2) ** 1.8,
    'reddit-hot': ({ votes, age }) => Math.log10(Math.max(votes, 1)) - (age * 3_600) / 45_000,
    velocity: ({ votes, age }) => votes / Math.max(age, 0.5),
    // The hash differs from the one that breaks ties.
    random: ({ id }, { day }) => Number.parseInt(tieBreakOf(`random ${day}`, id).slice(0, 12), 16),
    // The best possible order.
    oracle: ({ later }) => later,
  }
}

/** The rankers that need the age of a paper. */
export const AGE_RANKERS: readonly string[] = ['hacker-news', 'reddit-hot', 'velocity']

/** Orders papers by a score. A hash breaks ties, as in an edition. */
export function orderBy(score: Score, papers: readonly Known[], day: RecordedDay): Known[] {
  return papers
    .map((paper) => ({ paper, score: score(paper, day), tieBreak: tieBreakOf(day.day, paper.id) }))
    .sort((a, b) => b.score - a.score || (a.tieBreak < b.tieBreak ? -1 : 1))
    .map(({ paper }) => paper)
}
