import { DISPATCH_POLL_MS, DISPATCH_WINDOW_SUBSCRIBERS } from '../config/limits.ts'
import type { Costs } from './costs.ts'
import { GB, needsOf } from './needs.ts'
import type { Prices } from './prices.ts'
import type { Question } from './question.ts'

/** Something that ends, at so many subscribers in the window. */
export interface Limit {
  readonly name: string
  readonly subscribers: number
  /** `ours`: a second installation has its own. `theirs`: the provider’s, which is asked for more. */
  readonly whose: 'ours' | 'theirs'
}

const SAMPLE = 1_000_000 // What is needed grows in proportion, so one size tells all.
const MICROS = 1e6

/** Every limit of one installation, the lowest first. */
export function findLimits(question: Question, costs: Costs, prices: Prices): Limit[] {
  return [...ourLimits(question, costs, prices), ...theirLimits(question, costs, prices)].sort(
    (a, b) => a.subscribers - b.subscribers,
  )
}

/** How many readers one installation can have. */
export function limitOfOne(limits: readonly Limit[]): number {
  return Math.min(...limits.filter(({ whose }) => whose === 'ours').map(({ subscribers }) => subscribers))
}

function ourLimits(question: Question, costs: Costs, prices: Prices): Limit[] {
  const { useOfACore, resendCallMs, smtpLetterMs } = prices.assumptions
  const one = costs.transports[question.transport]
  const { postgres, redis } = needsOf({ ...question, subscribers: SAMPLE }, costs, prices)
  const largest = prices.machines.sizes.at(-1) ?? prices.machines.worker
  const times = (has: number, needs: number) => Math.floor((SAMPLE * has) / needs)
  const callMs = question.transport === 'smtp' ? smtpLetterMs : resendCallMs
  const inWindow = (perSecond: number) => Math.floor(perSecond * question.windowSeconds)
  const ours = (name: string, subscribers: number): Limit => ({ name, subscribers, whose: 'ours' })
  return [
    ours('PostgreSQL: cores of the largest machine', times(largest.cores * useOfACore, postgres.cores)),
    ours('PostgreSQL: memory of the largest machine', times(largest.memoryGb * GB, postgres.memoryBytes)),
    ours('PostgreSQL: the largest disk', times(prices.disk.gbMax * GB, postgres.diskBytes)),
    ours('PostgreSQL: operations of the disk', times(prices.disk.operationsPerSecondMax, postgres.operationsPerSecond)),
    ours('Redis: its one core', times(useOfACore, redis.cores)),
    // One at a time writes an edition's deliveries, and waits for each page.
    ours(
      'dispatch: one at a time',
      inWindow((useOfACore * MICROS) / (one.dispatchCpuMicros + one.dispatchPostgresMicros)),
    ),
    ours(
      'dispatch: its window of open deliveries',
      inWindow((DISPATCH_WINDOW_SUBSCRIBERS * 1_000) / (callMs + DISPATCH_POLL_MS)),
    ),
  ]
}

function theirLimits(question: Question, costs: Costs, prices: Prices): Limit[] {
  if (question.transport === 'smtp') return []
  const { plans, callsPerSecond } = prices.resend
  const calls = question.callsPerSecond ?? callsPerSecond
  const mails = plans.at(-1)?.mails ?? 0
  return [
    {
      name: `Resend: ${calls} calls a second`,
      subscribers: Math.floor(calls * costs.transports.resend.parcelSize * question.windowSeconds),
      whose: 'theirs',
    },
    {
      name: 'Resend: mails a month of the largest published plan',
      subscribers: Math.floor(mails / prices.assumptions.sendingDaysPerMonth),
      whose: 'theirs',
    },
  ]
}
