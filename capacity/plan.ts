import type { Costs } from './costs.ts'
import { findLimits, type Limit, limitOfOne } from './limits.ts'
import { type Fleet, fleetOf } from './machines.ts'
import { type Bill, billOf } from './money.ts'
import { type Needs, needsOf, type Rates, ratesOf } from './needs.ts'
import type { Prices } from './prices.ts'
import { type ProviderPlan, providerOf } from './provider.ts'
import type { Question } from './question.ts'

export interface Plan {
  readonly question: Question
  readonly rates: Rates
  readonly installations: number
  readonly each: Needs
  readonly fleet: Fleet
  readonly trafficTbPerMonth: number
  readonly provider: ProviderPlan
  /** The lowest first: what ends the growth of one installation in this window. */
  readonly limits: readonly Limit[]
  readonly bill: Bill
}

/** From a question, what was measured and what things cost, to what is needed. No clock, no files: the same in, the same out. */
export function planFor(question: Question, costs: Costs, prices: Prices): Plan {
  const limits = findLimits(question, costs, prices)
  const installations = Math.max(1, Math.ceil(question.subscribers / limitOfOne(limits)))
  const each = needsOf({ ...question, subscribers: Math.ceil(question.subscribers / installations) }, costs, prices)
  const fleet = fleetOf(each, installations, costs.transports[question.transport].workerPeakBytes, prices)
  const { sendingDaysPerMonth } = prices.assumptions
  const trafficTbPerMonth = (question.subscribers * question.digestBytes * sendingDaysPerMonth) / 1e12
  const provider = providerOf(question, prices)
  return {
    question,
    rates: ratesOf(question, costs, prices),
    installations,
    each,
    fleet,
    trafficTbPerMonth,
    provider,
    limits,
    bill: billOf({ fleet, diskBytes: each.postgres.diskBytes, installations, trafficTbPerMonth, provider, prices }),
  }
}
