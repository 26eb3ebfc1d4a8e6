import { type Day, weekday } from '../domain/day.ts'

/** The observation of one paper that the estimator reads. */
export interface Observed {
  /** null: its source counts none. */
  readonly votes: number | null
  /** Hours on the list when the votes were read; null when the source does not say. */
  readonly age: number | null
  /** The day whose edition asks. */
  readonly day: Day
}

/** The fitted parameters, stored in a readable file. */
export interface Parameters {
  /** The share of its votes of 30 hours that a paper has after so many hours, by hours; rises. */
  readonly exposure: readonly (readonly [hours: number, share: number])[]
  /** Shape and rate of the Gamma prior over the votes a paper gets in 30 hours. */
  readonly prior: { readonly shape: number; readonly rate: number }
  /** ISO weekday → the factor by which the votes of such a day differ from the average’s. */
  readonly weekdays: Readonly<Record<string, number>>
  /** From 0, the votes as they are, to 1, where they are going. */
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

/** The share of its votes that a paper has after so many hours, by straight lines between what was measured. */
export function exposureAt(hours: number, points: Parameters['exposure']): number {
  let [before, low] = [0, 0]
  for (const [at, share] of points) {
    if (hours <= at) return low + ((share - low) * (hours - before)) / (at - before || 1)
    ;[before, low] = [at, share]
  }
  return low
}
