import { CARRIED_EDITIONS } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { Fitted } from '../parameters.ts'
import { createLexicon, type Lexicon } from '../words/lexicon.ts'
import type { RecordedDay, Recording } from './days.ts'
import { type Inputs, inputsOf } from './inputs.ts'
import { evaluateInterests, type InterestFigures } from './interests.ts'
import { evaluateLearning, type LearningFigures } from './learning.ts'
import { evaluateMatches, type MatchFigures } from './matches.ts'
import { type CombinedEvaluation, evaluateCombined } from './people/combined.ts'
import { evaluatePeople, type PeopleEvaluation } from './people/people.ts'
import { peoplePapersOf } from './people/people-data.ts'
import { PROTOCOLS } from './pseudo-subscribers.ts'
import { rankers, type Score } from './rankers.ts'
import { evaluateStars, type StarFigures } from './stars/stars.ts'
import type { WeekPages } from './weeks/week-pages.ts'
import { evaluateWeeks, type WeekFigures } from './weeks/weeks.ts'
import { evaluateIndependentWeeks } from './weeks/weeks-independent.ts'
import { evaluateWithinDay, type WithinDay } from './within-day.ts'

/** The measured days. */
export interface EvaluatedDays {
  readonly days: { readonly from: Day; readonly to: Day; readonly count: number; readonly papers: number }
  /** Whether none of these days was used to fit the parameters. */
  readonly heldOut: boolean
  /** The last day of the fit. */
  readonly fittedTo: string
  readonly seed: number
  readonly inputs: Inputs
}

/** The figures of each part. */
export interface Figures {
  readonly withinDay: Readonly<Record<string, WithinDay>>
  readonly weekly: Weekly
  readonly interests: Readonly<Record<keyof typeof PROTOCOLS, Readonly<Record<string, InterestFigures>>>>
  readonly matches: MatchFigures
  /** Keys: number of likes. */
  readonly learning: Readonly<Record<string, LearningFigures>>
  readonly people: PeopleEvaluation
  readonly combined: CombinedEvaluation
  readonly stars: StarFigures
}

export type Part = keyof Figures
export const PARTS = [
  'withinDay',
  'weekly',
  'interests',
  'matches',
  'learning',
  'people',
  'combined',
  'stars',
] as const satisfies readonly Part[]

/** The results of `eval`. The JSON is stable: figures may be added, but not renamed. */
export type Evaluation<P extends Part = Part> = EvaluatedDays & Pick<Figures, P>

/** Recall of a week’s most voted papers, by papers per day. */
export interface Weekly extends Readonly<Record<`${(typeof SIZES)[number]}`, WeeklyRankers>> {
  /** Against Hugging Face’s page of the week. */
  readonly independent: Readonly<Record<string, IndependentWeeks>>
}

/** Keys: number of earlier lists, ranker. The truth is the votes a day after each list, which flatters. */
export type WeeklyRankers = Readonly<Record<string, Readonly<Record<string, WeekFigures>>>>

/** The figures of the shipped rule on all recorded days. */
export interface IndependentWeeks extends WeekFigures {
  /** Keys: number of earlier lists. */
  readonly lists: Readonly<Record<string, WeekFigures>>
  /** The same on the measured days only. */
  readonly measured: WeekFigures
}

const SIZES = [5, 10, 20] as const
const CARRYING_DAYS = [0, 1, 3, CARRIED_EDITIONS] as const
const WEEKLY_RANKERS = ['paperround', 'votes', 'hacker-news', 'reddit-hot', 'velocity', 'random', 'oracle'] as const

export interface EvaluateDeps<P extends Part> {
  readonly parameters: Fitted
  readonly seed: number
  /** The parts to compute. By default all. */
  readonly only?: readonly P[]
}

/**
 * Measures the ranking on the days after the fit’s last day, or on all days if there are none. Word rarity comes from the
 * earlier days, or from the pools if there are none.
 */
export function evaluate<P extends Part = Part>(
  { days: all, lists, pages = new Map(), stars = new Map() }: Recording,
  { parameters, seed, only }: EvaluateDeps<P>,
): Evaluation<P> {
  const later = all.filter(({ day }) => day > parameters.to)
  const days = later.length > 0 ? later : all
  const earlier = all.filter(({ day }) => day <= parameters.to)
  const papersOf = (group: readonly RecordedDay[]) => group.flatMap(({ papers }) => papers.map(({ paper }) => paper))
  const lexicon = createLexicon(papersOf(later.length > 0 && earlier.length > 0 ? earlier : days))
  const scores = rankers(parameters)
  const interests = (protocol: keyof typeof PROTOCOLS) =>
    evaluateInterests(days, lexicon, { protocol: PROTOCOLS[protocol], seed, match: parameters.match })
  const measured = days.map(({ day }) => day)
  const parts: { readonly [K in Part]: () => Figures[K] } = {
    withinDay: () => evaluateWithinDay(days, scores, seed),
    weekly: () => ({
      5: weeklyOf(days, scores, 5, seed),
      10: weeklyOf(days, scores, 10, seed),
      20: weeklyOf(days, scores, 20, seed),
      independent: independentOf({ all, days, pages }, scores.paperround as Score, seed),
    }),
    interests: () => ({ concepts: interests('concepts'), neighbours: interests('neighbours') }),
    matches: () => evaluateMatches(days, lexicon, { seed }),
    learning: () => learningOf(later.length > 0 ? earlier : [], days, { lexicon, seed }),
    people: () => evaluatePeople(peoplePapersOf(lists, measured), seed),
    combined: () => evaluateCombined(peoplePapersOf(lists, measured), seed),
    // All recorded days count, because no parameter was fitted on stars.
    stars: () => evaluateStars({ days: all, stars, pages, seed }),
  }
  return {
    days: spanOf(days),
    heldOut: later.length > 0,
    fittedTo: parameters.to,
    seed,
    inputs: inputsOf(days, lists),
    ...(Object.fromEntries((only ?? PARTS).map((part) => [part, parts[part]()])) as Pick<Figures, P>),
  }
}

function weeklyOf(
  days: readonly RecordedDay[],
  scores: Readonly<Record<string, Score>>,
  size: number,
  seed: number,
): WeeklyRankers {
  return Object.fromEntries(
    CARRYING_DAYS.map((back) => [
      back,
      Object.fromEntries(
        WEEKLY_RANKERS.flatMap((name) => {
          const score = scores[name]
          return score === undefined
            ? []
            : [[name, evaluateWeeks(days, score, { size, carrying: { days: back }, seed })]]
        }),
      ),
    ]),
  )
}

/** All recorded days count, because nothing was fitted on weeks and the measured days have few of them. */
function independentOf(
  { all, days, pages }: Readonly<Record<'all' | 'days', readonly RecordedDay[]>> & { readonly pages: WeekPages },
  score: Score,
  seed: number,
): Weekly['independent'] {
  return Object.fromEntries(
    SIZES.map((size) => {
      const figures = (some: readonly RecordedDay[], back: number) =>
        evaluateIndependentWeeks(some, pages, score, { size, carrying: { days: back }, seed })
      const lists = Object.fromEntries(CARRYING_DAYS.map((back) => [back, figures(all, back)]))
      return [size, { ...figures(all, CARRIED_EDITIONS), lists, measured: figures(days, CARRIED_EDITIONS) }]
    }),
  )
}

function spanOf(days: readonly RecordedDay[]): EvaluatedDays['days'] {
  const first = days[0]
  const last = days.at(-1)
  if (first === undefined || last === undefined) throw new Error('there is no day to evaluate')
  return {
    from: first.day,
    to: last.day,
    count: days.length,
    papers: days.reduce((total, { papers }) => total + papers.length, 0),
  }
}

/** Evaluates learning with likes from earlier days. Without earlier days, the likes come from the first half of the days. */
function learningOf(
  earlier: readonly RecordedDay[],
  days: readonly RecordedDay[],
  deps: { readonly lexicon: Lexicon; readonly seed: number },
): Figures['learning'] {
  if (earlier.length > 0) return evaluateLearning(earlier, days, deps)
  const half = Math.floor(days.length / 2)
  return evaluateLearning(days.slice(0, half), days.slice(half), deps)
}
