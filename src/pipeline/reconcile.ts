import { CLAIM_STALE_MINUTES, RECONCILE_PAGE, WORKER_SILENT_MS } from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { Clock } from '../platform/clock.ts'

export interface ReconcileDeps {
  /** Applies the unsubscribes that came while the ledger did not answer. */
  readonly applyUnsubscribes: () => Promise<number>
  readonly closeEmptyParcels: () => Promise<number>
  readonly readIdleParcels: (order: {
    after: string
    limit: number
    silentBefore: Date
    staleBefore: Date
  }) => Promise<readonly { id: string; dueAt: Date }[]>
  readonly readIdleTransactionals: (order: {
    silentBefore: Date
    staleBefore: Date
    limit: number
  }) => Promise<readonly { id: string; dueAt: Date }[]>
  readonly readOpenSignUps: (limit: number) => Promise<readonly string[]>
  /** Learns from feedback where that was left undone. */
  readonly updateDueProfiles: () => Promise<number>
  /** Forgets what is kept for a while only, a bounded part at a time. */
  readonly prune: (now: Date, limit: number) => Promise<unknown>
  readonly readOpenEditions: (now: Date) => Promise<readonly { day: Day }[]>
  readonly deregisterSilentWorkers: (silentBefore: Date) => Promise<void>
  /** Applies what was reported of letters before they had settled. */
  readonly applyWaiting: (limit: number, at: Date) => Promise<number>
  readonly addSendJobs: (parcelIds: readonly string[], at: Date) => Promise<void>
  readonly addTransactionalJobs: (transactionalIds: readonly string[]) => Promise<void>
  readonly addSignUpJobs: (signUpIds: readonly string[]) => Promise<void>
  readonly addDispatchJobs: (days: readonly Day[]) => Promise<void>
  readonly clock: Clock
}

export interface ReconcileResult {
  readonly closed: number
  readonly parcels: number
  readonly notices: number
  readonly signUps: number
  readonly editions: number
  /** Reports of providers that had waited for their letter. */
  readonly reports: number
}

const NO_PARCEL = '00000000-0000-0000-0000-000000000000'

/**
 * Finishes what a crash or an emptied queue left half done: every open parcel gets its job again, every open
 * edition its dispatch. Adding a job that is there already changes nothing, so this may run at any time,
 * anywhere, and twice at once.
 */
export async function reconcile(deps: ReconcileDeps, scope: { readonly editions: boolean }): Promise<ReconcileResult> {
  const now = deps.clock()
  const silentBefore = new Date(now.getTime() - WORKER_SILENT_MS)
  const staleBefore = new Date(now.getTime() - CLAIM_STALE_MINUTES * 60_000)
  // First, as whoever has left must not be sent what the rest of this finds.
  await deps.applyUnsubscribes()
  const closed = await deps.closeEmptyParcels()
  const reports = await deps.applyWaiting(RECONCILE_PAGE, now)
  let parcels = 0
  for (let after = NO_PARCEL; ; ) {
    const page = await deps.readIdleParcels({ after, limit: RECONCILE_PAGE, silentBefore, staleBefore })
    // Jobs are added due at once: one that comes too early finds the date in the ledger and waits.
    await deps.addSendJobs(
      page.map((parcel) => parcel.id),
      now,
    )
    parcels += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < RECONCILE_PAGE) break
    after = last.id
  }
  const notices = await deps.readIdleTransactionals({ silentBefore, staleBefore, limit: RECONCILE_PAGE })
  await deps.addTransactionalJobs(notices.map((transactional) => transactional.id))
  const signUps = await deps.readOpenSignUps(RECONCILE_PAGE)
  await deps.addSignUpJobs(signUps)
  await deps.updateDueProfiles()
  await deps.prune(now, RECONCILE_PAGE)
  const editions = scope.editions ? await deps.readOpenEditions(now) : []
  const days = [...new Set(editions.map((edition) => edition.day))]
  await deps.addDispatchJobs(days)
  // Twice the silence: a claim must be seen as stale before its worker is forgotten.
  await deps.deregisterSilentWorkers(new Date(silentBefore.getTime() - WORKER_SILENT_MS))
  return { closed, parcels, notices: notices.length, signUps: signUps.length, editions: days.length, reports }
}
