import {
  DATABASE_POOL_MAX,
  DISPATCH_WINDOW_SUBSCRIBERS,
  ROUTINE_EVENT_DAYS,
  SEND_CONCURRENCY,
  SMTP_CONNECTIONS_DEFAULT,
} from '../config/limits.ts'
import type { Costs } from './costs.ts'
import type { Prices } from './prices.ts'
import type { Question } from './question.ts'

export const GB = 1e9
const MICROS = 1e6
const DAYS_PER_MONTH = 30
const OPEN_EDITIONS = 3 // Readers' own hours keep an edition open for 36 h, so up to three overlap.
const SCHEDULERS = 2
const WEB_MIN = 2

export interface Rates {
  readonly digestsPerSecond: number
  readonly callsPerSecond: number
  readonly eventsPerSecond: number
  readonly gbitPerSecond: number
}

/** What one installation needs: a PostgreSQL, a Redis, and the processes on them. */
export interface Needs {
  readonly subscribers: number
  readonly rates: Rates
  /** Digests a second of one worker process, and what holds it: its core, or waiting for the provider. */
  readonly workerRate: number
  readonly workerHeldBy: 'its core' | 'the provider’s answers'
  readonly workers: number
  readonly webs: number
  /** Busy with what the provider reports; readers’ visits are not foreseen. */
  readonly webCores: number
  readonly schedulers: number
  readonly postgres: {
    /** Busy, before any room is left. */
    readonly cores: number
    readonly memoryBytes: number
    readonly connections: number
    readonly readersBytes: number
    readonly deliveriesBytes: number
    readonly eventsBytes: number
    /** All of these, with headroom. */
    readonly diskBytes: number
    readonly growthBytesPerMonth: number
    readonly walBytesPerDay: number
    readonly operationsPerSecond: number
  }
  readonly redis: { readonly cores: number; readonly memoryBytes: number }
}

/** What one installation needs for so many readers in the window. */
export function needsOf(question: Question, costs: Costs, prices: Prices): Needs {
  const { transport, subscribers } = question
  const { useOfACore, diskHeadroom, sendingDaysPerMonth } = prices.assumptions
  const one = costs.transports[transport]
  const rates = ratesOf(question, costs, prices)
  const { workerRate, workerHeldBy } = workerOf(question, costs, prices)
  const workers = Math.ceil(rates.digestsPerSecond / workerRate)
  const webCores = (rates.eventsPerSecond * costs.event.webCpuMicros) / MICROS
  const webs = Math.max(WEB_MIN, Math.ceil(webCores / useOfACore))
  const connections = (workers + webs + SCHEDULERS) * DATABASE_POOL_MAX
  const eventsPerDay = transport === 'resend' ? subscribers * prices.assumptions.eventsPerLetter : 0
  const kept = (days: number) => (days * sendingDaysPerMonth) / DAYS_PER_MONTH
  const readersBytes = subscribers * costs.subscriberBytes
  const deliveriesBytes = subscribers * one.ledgerBytes * kept(question.retentionDays)
  const eventsBytes = eventsPerDay * costs.event.ledgerBytes * kept(ROUTINE_EVENT_DAYS)
  const walBytesPerDay = subscribers * one.walBytes + eventsPerDay * costs.event.walBytes
  return {
    subscribers,
    rates,
    workerRate,
    workerHeldBy,
    workers,
    webs,
    webCores,
    schedulers: SCHEDULERS,
    postgres: {
      cores:
        (rates.digestsPerSecond * (one.postgresCpuMicros + one.dispatchPostgresMicros) +
          rates.eventsPerSecond * costs.event.postgresCpuMicros) /
        MICROS,
      // Hot are the readers and the deliveries of the day; what is older is read by their keys, a page at a time.
      memoryBytes: readersBytes + subscribers * one.ledgerBytes + connections * costs.connectionBytes + 2 * GB,
      connections,
      readersBytes,
      deliveriesBytes,
      eventsBytes,
      diskBytes: (readersBytes + deliveriesBytes + eventsBytes) * diskHeadroom,
      growthBytesPerMonth: subscribers * one.ledgerBytes * sendingDaysPerMonth,
      walBytesPerDay,
      // A commit waits for a write of the log; changed pages follow at the next checkpoint, one for each event.
      operationsPerSecond:
        rates.digestsPerSecond * (one.logWrites + one.pagesWritten) + rates.eventsPerSecond * 2 * costs.event.logWrites,
    },
    redis: {
      cores: (rates.digestsPerSecond * one.redisCpuMicros) / MICROS,
      memoryBytes:
        // Twice: while it rewrites its file, Redis may hold both the old pages and the new.
        2 *
        (costs.redisBaseBytes + (OPEN_EDITIONS * DISPATCH_WINDOW_SUBSCRIBERS * costs.redisJobBytes) / one.parcelSize),
    },
  }
}

export function ratesOf(question: Question, costs: Costs, prices: Prices): Rates {
  const digestsPerSecond = question.subscribers / question.windowSeconds
  return {
    digestsPerSecond,
    callsPerSecond: digestsPerSecond / costs.transports[question.transport].parcelSize,
    eventsPerSecond: question.transport === 'resend' ? digestsPerSecond * prices.assumptions.eventsPerLetter : 0,
    gbitPerSecond: (digestsPerSecond * question.digestBytes * 8) / 1e9,
  }
}

/** A process is one thread: it is held by its core, or by the calls that it may have under way. */
function workerOf({ transport, digestBytes }: Question, costs: Costs, prices: Prices) {
  const one = costs.transports[transport]
  const { useOfACore, resendCallMs, smtpLetterMs } = prices.assumptions
  // A larger digest costs more in proportion: nearly all of the worker's time goes into bytes.
  const cpuMicros = one.workerCpuMicros * (digestBytes / one.wireBytes)
  const byCore = (useOfACore * MICROS) / cpuMicros
  const lanes = transport === 'smtp' ? Math.min(SEND_CONCURRENCY, SMTP_CONNECTIONS_DEFAULT) : SEND_CONCURRENCY
  const byCalls = (lanes * one.parcelSize * 1_000) / (transport === 'smtp' ? smtpLetterMs : resendCallMs)
  return byCore <= byCalls
    ? ({ workerRate: byCore, workerHeldBy: 'its core' } as const)
    : ({ workerRate: byCalls, workerHeldBy: 'the provider’s answers' } as const)
}
