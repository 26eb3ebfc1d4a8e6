import {
  DISPATCH_DEFERRED_MAX,
  DISPATCH_JOB_MS_MAX,
  DISPATCH_PAGE_SUBSCRIBERS,
  DISPATCH_POLL_MS,
  DISPATCH_WINDOW_SUBSCRIBERS,
} from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { ZoneSchedule } from '../domain/schedule/schedule.ts'
import type { WarmUp } from '../domain/schedule/warmup.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queues } from '../queue/queues.ts'

export interface DispatchDeps {
  readonly dispatches: DispatchPages
  readonly subscribers: PausedSubscribers
  readonly queues: Pick<Queues, 'add'>
  /** Reads the votes again, so that each cohort has those of its hour. */
  readonly refreshVotes: (day: Day) => Promise<unknown>
  /** How many may be sent a day while the sending domain is warmed up; null: all. */
  readonly warmUp: WarmUp | null
  readonly parcelSize: number
  readonly newParcelId: () => string
  readonly clock: Clock
  readonly pause: (ms: number) => Promise<void>
  /** false: return as soon as the window is full, instead of waiting for workers to empty it. */
  readonly waitForWindow: boolean
}

/** Everything that dispatch writes, as the ledger implements it. Each method is safe to repeat. */
export interface DispatchPages {
  /** Chooses who gets the edition while the sending domain is warmed up. */
  allocateQuota(options: { readonly day: Day; readonly cohort: Cohort; readonly warmUp: WarmUp }): Promise<Sharing>
  /** Writes the deliveries and parcels of the next subscribers that are due. */
  writePage(options: DispatchPageOptions): Promise<PageResult>
  /** Counts the deliveries of the day that may be sent now, and those that wait for their next try. */
  countOpen(day: Day, at: Date): Promise<{ readonly due: number; readonly deferred: number }>
}

export interface PausedSubscribers {
  /** Ends pauses whose day has come. Returns how many it ended, at most `limit`. */
  resumeDueSubscribers(options: { readonly now: Date; readonly limit: number }): Promise<number>
}

export type DispatchResult =
  /** `leftOut`: subscribers for whom today's warm-up quota has no room. */
  | { readonly kind: 'done'; readonly subscribers: number; readonly leftOut: number }
  /** More subscribers are due, but the window is full or the time is over: dispatch again. */
  | { readonly kind: 'more'; readonly subscribers: number }
  | { readonly kind: 'held'; readonly why: HeldReason; readonly subscribers: number }

/**
 * Writes a delivery for each subscriber that is due and queues the parcels, page by page. Only a window of them is open at a
 * time, so a million subscribers need no more memory than ten thousand. If somebody is due and the votes are old, it
 * refreshes them first, once per call. A source that is down delays no digest. Rows are written before jobs are added, and
 * reconcile adds the jobs that a crash in between has lost.
 */
export async function dispatch(day: Day, cohort: Cohort, deps: DispatchDeps): Promise<DispatchResult> {
  const until = deps.clock().getTime() + DISPATCH_JOB_MS_MAX
  await endPauses(deps)
  const quota = await allocate(day, cohort, deps)
  let after = '0'
  let subscribers = 0
  let freshVotes = true
  for (;;) {
    if (!(await windowOpens(day, until, deps))) return { kind: 'more', subscribers }
    const page = await deps.dispatches.writePage({
      day,
      cohort,
      after,
      subscribersMax: DISPATCH_PAGE_SUBSCRIBERS,
      parcelSize: deps.parcelSize,
      newParcelId: deps.newParcelId,
      at: deps.clock(),
      freshVotes,
      warming: quota,
    })
    if (page.kind === 'held') return { kind: 'held', why: page.why, subscribers }
    if (page.kind === 'stale') {
      await deps.refreshVotes(day)
      freshVotes = false
      continue
    }
    await deps.queues.add(
      'send',
      page.parcelIds.map((parcelId) => ({ parcelId })),
    )
    subscribers += page.subscribers
    after = page.after
    if (!page.more) return { kind: 'done', subscribers, leftOut: quota?.leftOut ?? 0 }
  }
}

/** A subscriber whose pause ends today is due today, so pauses end before the first page is chosen. */
async function endPauses({ subscribers, clock }: DispatchDeps): Promise<void> {
  const limit = DISPATCH_PAGE_SUBSCRIBERS
  let resumed = limit
  while (resumed === limit) resumed = await subscribers.resumeDueSubscribers({ now: clock(), limit })
}

async function allocate(
  day: Day,
  cohort: Cohort,
  { dispatches, warmUp }: DispatchDeps,
): Promise<(Sharing & { readonly warmUp: WarmUp }) | null> {
  return warmUp === null ? null : { ...(await dispatches.allocateQuota({ day, cohort, warmUp })), warmUp }
}

/**
 * Waits until there is room for a page. Returns false if it must not wait, or not any longer. Deferred deliveries do not
 * count, because a large provider that greylists must not delay all others. They have their own limit, because each of
 * them is a job in the queue.
 */
async function windowOpens(day: Day, until: number, deps: DispatchDeps): Promise<boolean> {
  const isFull = async () => {
    const { due, deferred } = await deps.dispatches.countOpen(day, deps.clock())
    return due + DISPATCH_PAGE_SUBSCRIBERS > DISPATCH_WINDOW_SUBSCRIBERS || deferred > DISPATCH_DEFERRED_MAX
  }
  while (await isFull()) {
    if (!deps.waitForWindow || deps.clock().getTime() >= until) return false
    await deps.pause(DISPATCH_POLL_MS)
  }
  return true
}

/** The subscribers of a dispatch: those whose delivery time has come, everyone, or a single one. */
export type Cohort =
  | { readonly kind: 'hour'; readonly now: Date }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** A cohort with its details from the ledger. */
export type Audience =
  | { readonly kind: 'hour'; readonly turns: readonly ZoneSchedule[] }
  /** All subscribers of the moment when an operator opened the edition to everyone; null: all current subscribers. */
  | { readonly kind: 'everyone'; readonly openedAt: Date | null }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** The part of the due subscribers that gets an edition while the sending domain is warmed up. */
export type Share =
  | { readonly kind: 'all' }
  | { readonly kind: 'nobody' }
  /** All who have waited at least as long as this subscriber. */
  | { readonly kind: 'until'; readonly waiting: string; readonly id: string }

export interface Sharing {
  readonly share: Share
  /** Subscribers that are due and do not get this edition. */
  readonly leftOut: number
}

export interface DispatchPageOptions {
  readonly day: Day
  readonly cohort: Cohort
  /** Id of the last subscriber of the page before; `0` to begin. */
  readonly after: string
  readonly subscribersMax: number
  readonly parcelSize: number
  readonly newParcelId: () => string
  readonly at: Date
  /** Whether old votes must be refreshed before anything is written. */
  readonly freshVotes?: boolean
  /** The limits of today while the sending domain is warmed up. */
  readonly warming?: { readonly warmUp: WarmUp; readonly share: Share } | null
}

/** Why no deliveries of an edition may be written now. */
export type HeldReason = 'forgotten' | 'paused' | 'cancelled' | 'not-published' | 'unapproved' | 'canary'

/** `held`, `stale`: nothing was written. `stale`: somebody is due, and the votes must be refreshed first. */
export type PageResult =
  | { readonly kind: 'held'; readonly why: HeldReason }
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'page'
      readonly parcelIds: readonly string[]
      readonly subscribers: number
      readonly after: string
      readonly more: boolean
    }
