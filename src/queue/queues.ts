import {
  createPostgresBackend,
  DelayedError,
  type Job,
  type JobsOptions,
  type PostgresConnectionOptions,
  Queue,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import type pg from 'pg'
import {
  JOB_ATTEMPTS_MAX,
  JOB_BACKOFF_MS,
  JOB_BACKOFF_MS_MAX,
  JOB_LOCK_MS,
  JOB_STALLED_CHECK_MS,
  JOBS_ADDED_AT_ONCE_MAX,
  QUEUE_EVENTS_KEPT_MAX,
  QUEUE_READY_ATTEMPTS_MAX,
  QUEUE_RETRY_MS,
} from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { Clock } from '../platform/clock.ts'
import type { QueueConnection } from './connection.ts'

/** What each queue's jobs carry: ids and days, never an address nor a line of a mail. */
export interface Jobs {
  publish: { readonly day: Day }
  dispatch: { readonly day: Day }
  send: { readonly parcelId: string }
  /** Transactional mail has a queue of its own: a confirmation never waits behind a million digests. */
  notice: { readonly transactionalId: string }
  signup: { readonly signUpId: string }
}
export type QueueName = keyof Jobs
export const QUEUE_NAMES: readonly QueueName[] = ['publish', 'dispatch', 'send', 'notice', 'signup']

/** What a processor answers: done, or come back at a time. */
export type JobResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly at: Date }

export type Processor<N extends QueueName> = (data: Jobs[N]) => Promise<JobResult>

export interface Queues {
  add<N extends QueueName>(name: N, data: readonly Jobs[N][], at?: Date): Promise<void>
  /** Starts working one queue in this process. */
  work<N extends QueueName>(name: N, processor: Processor<N>, options: WorkOptions): Promise<QueueWorker>
  /** Makes all delayed jobs of a queue due now. One whose work must wait is delayed again. */
  promote(name: QueueName): Promise<void>
  /** How many jobs wait, run and are delayed. */
  depth(name: QueueName): Promise<QueueDepth>
  /** When the job that has waited longest was added; null when none waits. */
  oldest(name: QueueName): Promise<Date | null>
  /** Ends the workers that are still there too, without a wait for their jobs. */
  close(): Promise<void>
}

export interface WorkOptions {
  readonly concurrency: number
  /** Jobs per second over all workers of the queue; null for no limit. */
  readonly ratePerSecond?: number | null
  readonly onError: (error: Error) => void
  /** Told how long after it was due each job was done, in seconds. */
  readonly onAge?: (seconds: number) => void
}

export interface QueueWorker {
  /** Waits for the jobs in hand, for as long as the caller allows. */
  close(force?: boolean): Promise<void>
}

export interface QueueDepth {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
}

// The ledger is the truth: a job that ended is forgotten at once, so that its id may be used again by reconcile.
const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: JOB_ATTEMPTS_MAX,
  backoff: { type: 'spread' },
}

export interface QueueOptions {
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** Opens the queues on whichever back end `connection` is; producers and workers share the code. */
export function openQueues(connection: QueueConnection, { clock, random }: QueueOptions): Queues {
  const queues = new Map<QueueName, Promise<Queue>>()
  const workers: Worker[] = []
  const told = new WeakSet<Error>()
  const queueOf = (name: QueueName): Promise<Queue> => {
    const known = queues.get(name)
    if (known !== undefined) return known
    const opening = whenReady(() => {
      const made =
        connection.kind === 'redis'
          ? new Queue(name, {
              connection: connection.redis,
              prefix: connection.prefix,
              // Nobody listens to them, and by default ten thousand are kept.
              streams: { events: { maxLen: QUEUE_EVENTS_KEPT_MAX } },
            })
          : (new Queue(name, { connection: postgres(connection.pool) }, createPostgresBackend) as unknown as Queue)
      // Errors of a producer surface at the call that failed.
      made.on('error', () => {})
      return made
    })
    queues.set(name, opening)
    opening.catch(() => queues.delete(name))
    return opening
  }
  return {
    async add(name, data, at) {
      const delay = at === undefined ? 0 : Math.max(0, at.getTime() - clock().getTime())
      for (let from = 0; from < data.length; from += JOBS_ADDED_AT_ONCE_MAX) {
        const bulk = data.slice(from, from + JOBS_ADDED_AT_ONCE_MAX)
        await (await queueOf(name)).addBulk(
          bulk.map((each) => ({ name, data: each, opts: { ...JOB_OPTIONS, jobId: jobId(each), delay } })),
        )
      }
    },
    async work(name, processor, options) {
      const settings = workerSettings(options, random)
      const tell = tellOnce(told, options.onError)
      const run = async (job: Job, token?: string) => {
        await runJob(job, token, () => processor(job.data).catch(tell.andThrow), clock)
        options.onAge?.((Date.now() - job.timestamp - (job.opts.delay ?? 0)) / 1_000)
      }
      const worker = await whenReady(() => {
        const made =
          connection.kind === 'redis'
            ? new Worker(name, run, { ...settings, connection: connection.redis, prefix: connection.prefix })
            : (new Worker(
                name,
                run,
                { ...settings, connection: postgres(connection.pool) },
                createPostgresBackend,
              ) as unknown as Worker)
        made.on('error', tell)
        made.on('failed', (_job, error) => tell(error))
        return made
      })
      workers.push(worker)
      worker.run().catch(tell)
      return { close: (force = false) => worker.close(force) }
    },
    async promote(name) {
      await (await queueOf(name)).promoteJobs()
    },
    async depth(name) {
      const counts = await (await queueOf(name)).getJobCounts('waiting', 'active', 'delayed', 'prioritized')
      return {
        waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
        active: counts.active ?? 0,
        delayed: counts.delayed ?? 0,
      }
    },
    async oldest(name) {
      const [job] = await (await queueOf(name)).getJobs(['waiting'], 0, 0, true)
      return job === undefined ? null : new Date(job.timestamp)
    },
    async close() {
      // One that its starter did not come to close would ask a connection that is closed, again and again.
      await Promise.all(workers.map((worker) => worker.close(true)))
      await Promise.all([...queues.values()].map((opening) => opening.then((queue) => queue.close())))
    },
  }
}

/**
 * BullMQ 6.7 remembers for good that its first look at PostgreSQL failed: a producer then fails for ever, and a worker
 * that runs asks again without ever letting go of the event loop. So each try has a new one, and a worker runs
 * when it is ready.
 */
async function whenReady<T extends Readiable>(make: () => T): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const made = make()
    try {
      await made.waitUntilReady()
      return made
    } catch (error) {
      await made.close().catch(() => {})
      if (tries >= QUEUE_READY_ATTEMPTS_MAX) throw error
    }
  }
}

interface Readiable {
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}

// BullMQ types only the part of pg that it calls, in words of its own.
function postgres(pool: pg.Pool): PostgresConnectionOptions {
  return pool as unknown as PostgresConnectionOptions
}

/** The same work has the same id, so that adding it twice queues it once. A job id may hold no colon and not be all digits. */
function jobId(data: Jobs[QueueName]): string {
  if ('parcelId' in data) return `parcel-${data.parcelId}`
  if ('transactionalId' in data) return `notice-${data.transactionalId}`
  if ('signUpId' in data) return `signup-${data.signUpId}`
  return `day-${data.day}`
}

/**
 * Reports each error once: BullMQ reports a lost connection of the pool to every worker. A processor’s error is reported
 * before the queue stores it: should that fail, BullMQ reports the second failure only.
 */
function tellOnce(told: WeakSet<Error>, onError: (error: Error) => void) {
  const tell = (error: Error): void => {
    if (told.has(error)) return
    told.add(error)
    onError(error)
  }
  return Object.assign(tell, {
    andThrow: (error: Error): never => {
      tell(error)
      throw error
    },
  })
}

type WorkerSettings = Pick<
  WorkerOptions,
  | 'concurrency'
  | 'autorun'
  | 'maxStalledCount'
  | 'lockDuration'
  | 'stalledInterval'
  | 'runRetryDelay'
  | 'settings'
  | 'limiter'
>

function workerSettings({ concurrency, ratePerSecond }: WorkOptions, random: () => number): WorkerSettings {
  return {
    concurrency,
    autorun: false,
    // The ledger decides what a repeated job may do; the queue need not give one up for having stalled.
    maxStalledCount: 1_000,
    lockDuration: JOB_LOCK_MS,
    stalledInterval: JOB_STALLED_CHECK_MS,
    runRetryDelay: QUEUE_RETRY_MS,
    // Rounded, because PostgreSQL refuses a fraction as a bigint, and the job would wait for its lock to end.
    settings: {
      backoffStrategy: (tries) =>
        Math.round(Math.min(JOB_BACKOFF_MS_MAX, JOB_BACKOFF_MS * 2 ** (tries - 1)) * (0.5 + random() / 2)),
    },
    ...(ratePerSecond === undefined || ratePerSecond === null ? {} : { limiter: limiterOf(ratePerSecond) }),
  }
}

function limiterOf(perSecond: number): { max: number; duration: number } {
  const max = Math.max(1, Math.floor(perSecond))
  return { max, duration: Math.ceil((max * 1_000) / perSecond) }
}

async function runJob(
  job: Job,
  token: string | undefined,
  processor: () => Promise<JobResult>,
  clock: Clock,
): Promise<void> {
  const result = await processor()
  if (result.kind === 'done') return
  // A job moved to "delayed" is not a try that failed.
  await job.moveToDelayed(Date.now() + Math.max(1, result.at.getTime() - clock().getTime()), token)
  throw new DelayedError()
}
