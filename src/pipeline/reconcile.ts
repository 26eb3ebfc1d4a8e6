import { CLAIM_STALE_MINUTES, RECONCILE_PAGE, WORKER_SILENT_MS } from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import { deleteOutboxMessages } from '../mail/outbox-removal.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queues } from '../queue/queues.ts'
import type { HashOf } from '../security/address-hash.ts'
import type { FeedbackModel } from './feedback-model.ts'

export interface ReconcileDeps {
  readonly dispatches: OpenWork
  readonly deliveries: OpenDeliveries
  readonly signUps: OpenSignUps
  readonly maintenance: ExpiredData
  readonly feedback: Pick<FeedbackModel, 'updateDueProfiles'>
  readonly queues: Pick<Queues, 'add'>
  /** Applies the unsubscribes that came while the ledger did not answer. */
  readonly applyUnsubscribes: () => Promise<number>
  readonly outboxDir: string
  readonly hashOf: HashOf
  readonly clock: Clock
}

/** The open work of workers, as the ledger implements it. */
export interface OpenWork {
  /** Settles parcels whose deliveries are all finished. Returns how many it settled. */
  closeEmptyParcels(): Promise<number>
  /** Returns open parcels that no worker is sending, in the order of their ids. */
  readIdleParcels(options: IdleOptions & { readonly after: string }): Promise<readonly IdleWork[]>
  /** Returns the editions that have subscribers to dispatch to. */
  readOpenEditions(now: Date): Promise<readonly { readonly day: Day }[]>
  /** Deletes workers that have been silent for long. */
  deregisterWorkers(which: { readonly silentBefore: Date }): Promise<void>
}

export interface OpenDeliveries {
  /** Returns open transactional emails that no worker is sending. */
  readIdleTransactionals(options: IdleOptions): Promise<readonly IdleWork[]>
  /** Applies reports of providers that came before their message had settled. Returns how many it applied. */
  applyWaiting(limit: number, options: { readonly at: Date; readonly hashOf: HashOf }): Promise<number>
}

export interface OpenSignUps {
  readOpenSignUps(limit: number): Promise<readonly string[]>
}

export interface ExpiredData {
  /** Deletes data that is over age, at most `limit` rows of each kind. Returns the messages of erased subscribers. */
  prune(now: Date, limit: number): Promise<{ readonly messageIds: readonly string[] }>
}

/** Claims of workers not seen since `silentBefore`, and claims older than `staleBefore`, count as idle. */
interface IdleOptions {
  readonly silentBefore: Date
  readonly staleBefore: Date
  readonly limit: number
}

interface IdleWork {
  readonly id: string
  readonly dueAt: Date
}

export interface ReconcileResult {
  readonly closed: number
  readonly parcels: number
  readonly notices: number
  readonly signUps: number
  readonly editions: number
  /** Reports of providers that came before their message had settled. */
  readonly reports: number
}

const NO_PARCEL = '00000000-0000-0000-0000-000000000000'

/**
 * Completes work that a crash or an emptied queue interrupted: each open parcel gets its job again, and each open edition
 * its dispatch. The queue does not add a job twice, so this is safe to run at any time, anywhere, and twice at once.
 */
export async function reconcile(deps: ReconcileDeps, scope: { readonly editions: boolean }): Promise<ReconcileResult> {
  const { dispatches, deliveries, queues } = deps
  const now = deps.clock()
  const silentBefore = new Date(now.getTime() - WORKER_SILENT_MS)
  const staleBefore = new Date(now.getTime() - CLAIM_STALE_MINUTES * 60_000)
  // This comes first: a subscriber who left must not be sent what the rest finds.
  await deps.applyUnsubscribes()
  const closed = await dispatches.closeEmptyParcels()
  const reports = await deliveries.applyWaiting(RECONCILE_PAGE, { at: now, hashOf: deps.hashOf })
  let parcels = 0
  for (let after = NO_PARCEL; ; ) {
    const page = await dispatches.readIdleParcels({ after, limit: RECONCILE_PAGE, silentBefore, staleBefore })
    // All jobs are due at once. A job that comes too early finds its due time in the ledger and waits.
    await queues.add(
      'send',
      page.map(({ id }) => ({ parcelId: id })),
      now,
    )
    parcels += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < RECONCILE_PAGE) break
    after = last.id
  }
  const transactionals = await deliveries.readIdleTransactionals({ silentBefore, staleBefore, limit: RECONCILE_PAGE })
  await queues.add(
    'notice',
    transactionals.map(({ id }) => ({ transactionalId: id })),
  )
  const signUps = await deps.signUps.readOpenSignUps(RECONCILE_PAGE)
  await queues.add(
    'signup',
    signUps.map((signUpId) => ({ signUpId })),
  )
  await deps.feedback.updateDueProfiles()
  const { messageIds } = await deps.maintenance.prune(now, RECONCILE_PAGE)
  await deleteOutboxMessages(deps.outboxDir, messageIds)
  const editions = scope.editions ? await dispatches.readOpenEditions(now) : []
  const days = [...new Set(editions.map((edition) => edition.day))]
  await queues.add(
    'dispatch',
    days.map((day) => ({ day })),
  )
  // After twice the silence, because a claim must count as stale before its worker is deleted.
  await dispatches.deregisterWorkers({ silentBefore: new Date(silentBefore.getTime() - WORKER_SILENT_MS) })
  return { closed, parcels, notices: transactionals.length, signUps: signUps.length, editions: days.length, reports }
}
