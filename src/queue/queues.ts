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
  QUEUE_EVENTS_MAX,
} from '../../config/limits.ts'
import { QUEUE_READY_ATTEMPTS_MAX, QUEUE_RETRY_MS } from '../../config/limits-processes.ts'
import type { Day } from '../domain/day.ts'
import type { Clock } from '../platform/clock.ts'
import type { QueueConnection } from './connection.ts'

/** The data of each queue's jobs: ids and days, never addresses or content of messages. */
export interface Jobs {
  publish: { readonly day: Day }
  dispatch: { readonly day: Day }
  send: { readonly parcelId: string }
  /** Transactional emails. Their own queue keeps a confirmation from waiting behind a million digests. */
  notice: { readonly transactionalId: string }
  signup: { readonly signUpId: string }
}
export type QueueName = keyof Jobs
export const QUEUE_NAMES: readonly QueueName[] = ['publish', 'dispatch', 'send', 'notice', 'signup']

/** The result of a processor: the job is done, or it is to run again at a time. */
export type JobResult = { readonly kind: 'done' } | { readonly kind: 'again'; readonly at: Date }

export type Processor<N extends QueueName> = (data: Jobs[N]) => Promise<JobResult>

export interface Queues {
  add<N extends QueueName>(name: N, data: readonly Jobs[N][], at?: Date): Promise<void>
  /** Starts a worker for a queue in this process. */
  work<N extends QueueName>(name: N, processor: Processor<N>, options: WorkOptions): Promise<QueueWorker>
  /** Makes all delayed jobs of a queue due now. A job that still has to wait is delayed again. */
  promote(name: QueueName): Promise<void>
  /** Counts the jobs that wait, run and are delayed. */
  depth(name: QueueName): Promise<QueueDepth>
  /** Returns when the oldest waiting job was added, or null if none waits. */
  oldest(name: QueueName): Promise<Date | null>
  /** Also closes workers that are still open, without waiting for their jobs. */
  close(): Promise<void>
}

export interface WorkOptions {
  readonly concurrency: number
  /** Jobs per second of all workers of the queue together; null: no limit. */
  readonly ratePerSecond?: number | null
  readonly onError: (error: Error) => void
  /** Receives how many seconds after its due time each job was done. */
  readonly onAge?: (seconds: number) => void
}

export interface QueueWorker {
  /** Waits for the running jobs, unless `force` is set. */
  close(force?: boolean): Promise<void>
}

export interface QueueDepth {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
}

// A job is removed as soon as it ends, so that reconcile can use its id again.
const JOB_OPTIONS: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: JOB_ATTEMPTS_MAX,
  backoff: { type: 'spread' },
}

/** Carries the context of a trace from the process that adds a job to the one that runs it. */
export type QueueTelemetry = NonNullable<WorkerOptions['telemetry']>

export interface QueueOptions {
  readonly clock: Clock
  /** 0 ≤ x < 1. */
  readonly random: () => number
  readonly telemetry?: QueueTelemetry | null
}

/** Opens the queues on Redis or PostgreSQL, for producers and workers. */
export function openQueues(connection: QueueConnection, { clock, random, telemetry }: QueueOptions): Queues {
  const traced = telemetry === undefined || telemetry === null ? {} : { telemetry }
  const queues = new Map<QueueName, Promise<Queue>>()
  const workers: Worker[] = []
  const reported = new WeakSet<Error>()
  const queueOf = (name: QueueName): Promise<Queue> => {
    const known = queues.get(name)
    if (known !== undefined) return known
    const opening = whenReady(() => {
      const made =
        connection.kind === 'redis'
          ? new Queue(name, {
              ...traced,
              connection: connection.redis,
              prefix: connection.prefix,
              // BullMQ keeps ten thousand events by default, and we use none of them.
              streams: { events: { maxLen: QUEUE_EVENTS_MAX } },
            })
          : (new Queue(
              name,
              { ...traced, connection: postgres(connection.pool) },
              createPostgresBackend,
            ) as unknown as Queue)
      // The call that fails reports the error of a producer.
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
      const settings = { ...traced, ...workerSettings(options, random) }
      const report = reportOnce(reported, options.onError)
      const run = async (job: Job, token?: string) => {
        await runJob(job, token, () => processor(job.data).catch(report.andThrow), clock)
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
        made.on('error', report)
        made.on('failed', (_job, error) => report(error))
        return made
      })
      workers.push(worker)
      worker.run().catch(report)
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
      // A worker that is still open would query a closed connection in an endless loop.
      await Promise.all(workers.map((worker) => worker.close(true)))
      await Promise.all([...queues.values()].map((opening) => opening.then((queue) => queue.close())))
    },
  }
}

/**
 * Returns a queue or worker that is ready. BullMQ 6.7 does not recover when its first connection to PostgreSQL fails: a
 * producer fails from then on, and a running worker retries without pause and blocks the event loop. So each try creates
 * a new one, and a worker starts only when it is ready.
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

// BullMQ has its own types for the part of pg that it calls.
function postgres(pool: pg.Pool): PostgresConnectionOptions {
  return pool as unknown as PostgresConnectionOptions
}

/** Returns the same id for the same work, so that it is queued only once. A job id must not contain a colon or be all digits. */
function jobId(data: Jobs[QueueName]): string {
  if ('parcelId' in data) return `parcel-${data.parcelId}`
  if ('transactionalId' in data) return `notice-${data.transactionalId}`
  if ('signUpId' in data) return `signup-${data.signUpId}`
  return `day-${data.day}`
}

/**
 * Reports each error once, because BullMQ reports a lost connection of the pool to every worker. The error of a processor is
 * reported before the queue stores it. If storing it fails too, BullMQ reports only that second error.
 */
function reportOnce(reported: WeakSet<Error>, onError: (error: Error) => void) {
  const report = (error: Error): void => {
    if (reported.has(error)) return
    reported.add(error)
    onError(error)
  }
  return Object.assign(report, {
    andThrow: (error: Error): never => {
      report(error)
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
    // The ledger makes repeated jobs safe, so a stalled job is never given up.
    maxStalledCount: 1_000,
    lockDuration: JOB_LOCK_MS,
    stalledInterval: JOB_STALLED_CHECK_MS,
    runRetryDelay: QUEUE_RETRY_MS,
    // PostgreSQL rejects a fraction as a bigint, and then the job would wait until its lock ends.
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
  // Moving a job to “delayed” does not count as a failed attempt.
  await job.moveToDelayed(Date.now() + Math.max(1, result.at.getTime() - clock().getTime()), token)
  throw new DelayedError()
}
