import { NOTICE_CONCURRENCY, SEND_CONCURRENCY, SIGN_UP_CONCURRENCY, WORKER_BEAT_MS } from '../config/limits.ts'
import { beat, dismissWorkers } from '../src/ledger/openwork.ts'
import { outlasting } from '../src/ledger/patience.ts'
import type { App } from './wiring.ts'

/** A process, or a part of one, that can be asked to end. */
export interface Running {
  close(): Promise<void>
}

/** Sends parcels and notices, and takes up sign-ups. While it beats, what it has claimed is its own. */
export async function startSending(app: App): Promise<Running> {
  const { queues, log, config, clock, ledger } = app
  await outlasting(() => beat(ledger.db, app.worker, clock()))
  const pulse = setInterval(() => {
    beat(ledger.db, app.worker, clock()).catch((error: Error) => log.warn({ reason: error.message }, 'could not beat'))
  }, WORKER_BEAT_MS)
  pulse.unref()
  const onError = (error: Error) => log.warn({ reason: error.message }, 'send queue')
  const age = (queue: string) => (seconds: number) => app.measures.jobAge(queue, seconds)
  const sending = await queues.work(
    'send',
    async ({ parcelId }) => {
      const result = await app.deliver(parcelId)
      if (result.kind === 'settled') return { kind: 'done' }
      log.info(
        { parcel: parcelId, until: result.at, why: result.why },
        result.kind === 'retry' ? 'parcel goes again' : 'parcel waits',
      )
      if (result.kind === 'wait') return { kind: 'again', at: result.at }
      await queues.add(
        'send',
        result.parcels.filter((id) => id !== parcelId).map((id) => ({ parcelId: id })),
        result.at,
      )
      return result.parcels.includes(parcelId) ? { kind: 'again', at: result.at } : { kind: 'done' }
    },
    { concurrency: SEND_CONCURRENCY, ratePerSecond: config.mail.ratePerSecond, onError, onAge: age('send') },
  )
  const noticing = await queues.work(
    'notice',
    async ({ noticeId }) => {
      const result = await app.notify(noticeId)
      return result.kind === 'settled' ? { kind: 'done' } : { kind: 'again', at: result.at }
    },
    { concurrency: NOTICE_CONCURRENCY, onError, onAge: age('notice') },
  )
  const joining = await queues.work(
    'signup',
    async ({ signUpId }) => {
      await app.takeUp(signUpId)
      return { kind: 'done' }
    },
    { concurrency: SIGN_UP_CONCURRENCY, onError },
  )
  return {
    async close() {
      await Promise.all([sending.close(), noticing.close(), joining.close()])
      clearInterval(pulse)
      // A worker that could not sign off is taken for dead when it has been silent for a while.
      await dismissWorkers(ledger.db, { id: app.worker.id }).catch(() => {})
    },
  }
}
