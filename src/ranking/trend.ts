import { type Day, weekday } from '../domain/day.ts'

/** The votes and the age of a paper, as the estimator reads them. */
export interface Observed {
  /** Null if the source counts no votes. */
  readonly votes: number | null
  /** Hours on the list when the votes were read; null if the source does not say. */
  readonly age: number | null
  /** The day of the edition. */
  readonly day: Day
}

/** The fitted parameters of the estimator, stored in trend.json. */
export interface Parameters {
  /** The share of its 30-hour votes that a paper has after each number of hours. It never falls. */
  readonly exposure: readonly (readonly [hours: number, share: number])[]
  /** Shape and rate of the Gamma prior over the votes a paper gets in 30 hours. */
  readonly prior: { readonly shape: number; readonly rate: number }
  /** By ISO weekday: the votes of that weekday divided by those of an average day. */
  readonly weekdays: Readonly<Record<string, number>>
  /** 0 uses the current votes, 1 the full estimate. */
  readonly weight: number
}

/**
 * Estimates the final votes of a paper with a Gamma–Poisson model. Each paper has its own rate of votes, with a Gamma
 * prior over papers. After `votes` in a share `e` of the 30 hours its expected rate is `(shape + votes) / (rate + e)`, and
 * the votes to come are that rate times the remaining share. An old paper gains little. A new one is estimated close to the
 * average paper. The result is never below the current votes.
 */
export function trend({ votes, age, day }: Observed, parameters: Parameters): number {
  const count = votes ?? 0
  if (age === null || parameters.weight === 0) return count
  const { shape, rate } = parameters.prior
  const factor = parameters.weekdays[String(weekday(day))] ?? 1
  const share = exposureAt(age, parameters.exposure)
  const expected = (shape + count) / (rate + share * factor)
  return count + parameters.weight * expected * Math.max(0, 1 - share) * factor
}

/** Returns the share of its 30-hour votes that a paper has after `hours`, by linear interpolation between the measured points. */
export function exposureAt(hours: number, points: Parameters['exposure']): number {
  let [previousHours, previousShare] = [0, 0]
  for (const [pointHours, share] of points) {
    if (hours <= pointHours)
      return previousShare + ((share - previousShare) * (hours - previousHours)) / (pointHours - previousHours || 1)
    ;[previousHours, previousShare] = [pointHours, share]
  }
  return previousShare
}
