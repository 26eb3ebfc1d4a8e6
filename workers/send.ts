import {
  SEND_AHEAD_MESSAGES,
  SEND_CONCURRENCY,
  TRANSACTIONAL_CONCURRENCY,
  WORKER_HEARTBEAT_MS,
} from '../config/limits.ts'
import { SIGN_UP_CONCURRENCY } from '../config/limits-subscriptions.ts'
import { parcelSizeOf } from '../src/pipeline/send/attempt.ts'
import type { Retry, SendResult } from '../src/pipeline/send/send-job.ts'
import type { Logger } from '../src/platform/log/log.ts'
import type { JobResult } from '../src/queue/queues.ts'
import type { App } from './app/app.ts'

/** A process, or a part of one, that can be stopped. */
export interface Running {
  close(): Promise<void>
}

/** Sends parcels and transactional emails, and processes sign-ups. A regular heartbeat keeps its claims valid. */
export async function startSending(app: App): Promise<Running> {
  const { queues, log, config, clock, ledger } = app
  app.stopCalls(false)
  await ledger.dispatches.heartbeat(app.worker, clock())
  const heartbeats = setInterval(() => {
    ledger.dispatches
      .heartbeat(app.worker, clock())
      .catch((error: Error) => log.warn({ reason: error.message }, 'could not write the heartbeat'))
  }, WORKER_HEARTBEAT_MS)
  heartbeats.unref()
  const onError = (error: Error) => log.warn({ reason: error.message }, 'send queue')
  const age = (queue: string) => (seconds: number) => app.metrics.jobAge(queue, seconds)
  const sending = await queues.work(
    'send',
    async ({ parcelId }) => {
      const result = await app.deliver(parcelId)
      logRetry(log, { parcel: parcelId }, result)
      if (result.kind === 'retry') await addParts(queues, parcelId, result.retry)
      return jobResultOf(parcelId, result)
    },
    { concurrency: concurrencyOf(app), ratePerSecond: config.mail.ratePerSecond, onError, onAge: age('send') },
  )
  const transactional = await queues.work(
    'notice',
    async ({ transactionalId }) => {
      const result = await app.deliverTransactional(transactionalId)
      logRetry(log, { transactional: transactionalId }, result)
      return jobResultOf(transactionalId, result)
    },
    { concurrency: TRANSACTIONAL_CONCURRENCY, onError, onAge: age('notice') },
  )
  const signUps = await queues.work(
    'signup',
    async ({ signUpId }) => {
      await app.processSignUp(signUpId)
      return { kind: 'done' }
    },
    { concurrency: SIGN_UP_CONCURRENCY, onError },
  )
  return {
    async close() {
      app.stopCalls(true)
      await Promise.all([sending.close(), transactional.close(), signUps.close()])
      clearInterval(heartbeats)
      // If this fails, the others regard the worker as dead after a while without heartbeats.
      await ledger.dispatches.deregisterWorkers({ id: app.worker.id }).catch(() => {})
    },
  }
}

/** Returns how many parcels are sent at a time. Small parcels are composed ahead of the connections. */
function concurrencyOf({ config, transports }: App): number {
  const parcelSize = parcelSizeOf({ parcelSize: config.mail.parcelSize, transports })
  return Math.max(SEND_CONCURRENCY, Math.floor(SEND_AHEAD_MESSAGES / parcelSize))
}

/** Adds a job for each parcel that was split off, due when its members are tried again. */
async function addParts(queues: App['queues'], parcelId: string, retry: readonly Retry[]): Promise<void> {
  const byTime = new Map<number, string[]>()
  for (const { id, at } of retry) {
    if (id === parcelId) continue
    byTime.set(at.getTime(), [...(byTime.get(at.getTime()) ?? []), id])
  }
  for (const [at, ids] of byTime)
    await queues.add(
      'send',
      ids.map((id) => ({ parcelId: id })),
      new Date(at),
    )
}

function jobResultOf(id: string, result: SendResult): JobResult {
  if (result.kind === 'settled') return { kind: 'done' }
  if (result.kind === 'wait') return { kind: 'again', at: result.at }
  const own = result.retry.find((retry) => retry.id === id)
  return own === undefined ? { kind: 'done' } : { kind: 'again', at: own.at }
}

function logRetry(log: Logger, what: object, result: SendResult): void {
  if (result.kind === 'wait') log.info({ ...what, until: result.at, why: result.why }, 'waiting')
  if (result.kind === 'retry') log.info({ ...what, until: result.retry[0]?.at, why: result.why }, 'trying again')
}
