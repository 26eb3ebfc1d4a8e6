import { weekday } from '../../../domain/day.ts'
import { usageError } from '../../../platform/errors.ts'
import type { Fitted } from '../../parameters.ts'
import type { RecordedDay } from '../days.ts'
import { movedDays } from '../inputs.ts'
import { rankers } from '../rankers.ts'
import { sum } from '../statistics.ts'
import { evaluateWithinDay } from '../within-day.ts'
import { fitMatch, type MatchFit } from './fit-match.ts'

/** The result of a fit and the days it used: the content of the parameters file. */
export interface Fit extends Fitted {
  readonly match: MatchFit
  readonly fittedOn: string
  readonly from: string
  readonly to: string
  readonly days: number
  /** NDCG@10 on those days, with the current votes and with the best estimate. */
  readonly scores: { readonly votes: number; readonly estimate: number; readonly estimateWeight: number }
}

const HORIZON_HOURS = 30
const AGE_POINTS_HOURS = [1, 2, 3, 4, 5, 6, 8] as const
const WEIGHTS = [0.1, 0.25, 0.5, 0.75, 1] as const
/** This many average days are added to each weekday, so that a weekday with few days stays close to the average. */
const WEEKDAY_PRIOR_DAYS = 8
/** The estimator reads ages. It is not used if fewer than this share of them are recorded. */
const KNOWN_AGES_SHARE_MIN = 0.5
/** An estimate that gains less than this is not used. */
const GAIN_MIN = 0.002

/**
 * Fits the estimator and the match to recorded days. If the estimator is no better than raw votes, its weight is 0. Throws a usage
 * error if no later votes are recorded.
 */
export function fitTrend(all: readonly RecordedDay[], fittedOn: string, seed: number): Fit {
  const days = movedDays(all)
  if (days.length === 0)
    throw usageError('The later votes in hf-daily-next-day.csv are those of the lists in hf-daily/.')
  const totals = days.flatMap(({ later }) => [...later.values()])
  const fitted = { exposure: exposureOf(days), prior: priorOf(totals), weekdays: weekdaysOf(days, totals) }
  const score = (weight: number) =>
    evaluateWithinDay(days, { estimate: rankers({ ...fitted, weight }).paperround as never }, seed).estimate?.ndcg10
      .mean ?? 0
  const votes = score(0)
  const seen = days.flatMap(({ papers }) => papers)
  const isTimed = seen.filter(({ ageKnown }) => ageKnown).length >= KNOWN_AGES_SHARE_MIN * seen.length
  const weights = isTimed ? WEIGHTS : []
  const [best = { weight: 0, figure: votes }] = weights
    .map((weight) => ({ weight, figure: score(weight) }))
    .sort((a, b) => b.figure - a.figure || a.weight - b.weight)
  return {
    fittedOn,
    from: days[0]?.day ?? '',
    to: days.at(-1)?.day ?? '',
    days: days.length,
    scores: { votes: rounded(votes), estimate: rounded(best.figure), estimateWeight: best.weight },
    ...fitted,
    weight: best.figure - votes >= GAIN_MIN ? best.weight : 0,
    match: fitMatch(days, seed),
  }
}

/**
 * Returns the share of the next day’s votes that papers of each known age had in the morning. The shares never fall. Without any
 * known age they are those of votes that come evenly.
 */
function exposureOf(days: readonly RecordedDay[]): [number, number][] {
  const papers = days.flatMap(({ papers: seen, later }) =>
    seen
      .filter(({ ageKnown }) => ageKnown)
      .map(({ paper, votes, age }) => ({ age, votes, later: later.get(paper.id) ?? votes })),
  )
  let [previousHours, highestShare] = [0, 0]
  const points = AGE_POINTS_HOURS.flatMap((hours): [number, number][] => {
    const some = papers.filter(({ age }) => age > previousHours && age <= hours)
    previousHours = hours
    const later = sum(some.map((paper) => paper.later))
    if (later === 0) return []
    highestShare = Math.max(highestShare, sum(some.map(({ votes }) => votes)) / later)
    return [[hours, rounded(Math.min(highestShare, 1))]]
  })
  return [...points, [HORIZON_HOURS, 1]]
}

/** Fits the Gamma prior by the method of moments. Negative binomial counts have the variance `mean + mean² / shape`. */
function priorOf(totals: readonly number[]): { shape: number; rate: number } {
  const mean = sum(totals) / totals.length
  const variance = sum(totals.map((total) => (total - mean) ** 2)) / totals.length
  const shape = mean ** 2 / Math.max(variance - mean, 1e-9)
  return { shape: rounded(shape), rate: rounded(shape / mean) }
}

/** Returns the votes of each weekday divided by those of an average day. */
function weekdaysOf(days: readonly RecordedDay[], totals: readonly number[]): Record<string, number> {
  const average = sum(totals) / totals.length
  return Object.fromEntries(
    [1, 2, 3, 4, 5].map((which) => {
      const matching = days.filter(({ day }) => weekday(day) === which)
      const means = matching.map(({ later }) => sum([...later.values()]) / Math.max(later.size, 1) / average)
      return [which, rounded((sum(means) + WEEKDAY_PRIOR_DAYS) / (matching.length + WEEKDAY_PRIOR_DAYS))]
    }),
  )
}

function rounded(value: number): number {
  return Number(value.toFixed(4))
}
