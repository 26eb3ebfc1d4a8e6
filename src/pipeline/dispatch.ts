import {
  DISPATCH_DEFERRED_MAX,
  DISPATCH_PAGE_SUBSCRIBERS,
  DISPATCH_POLL_MS,
  DISPATCH_TURN_MS_MAX,
  DISPATCH_WINDOW_SUBSCRIBERS,
} from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { ZoneSchedule } from '../domain/schedule.ts'
import type { WarmUp } from '../domain/warmup.ts'
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
  /** False: come back at once when the window is full, instead of waiting for workers to empty it. */
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
  /** `leftOut`: those for whom the warm-up of the sending domain has no room today. */
  | { readonly kind: 'done'; readonly subscribers: number; readonly leftOut: number }
  /** More readers are due, but the window is full or the turn is over: dispatch again. */
  | { readonly kind: 'more'; readonly subscribers: number }
  | { readonly kind: 'held'; readonly why: HeldReason; readonly subscribers: number }

/**
 * Writes a delivery for everyone who is due and hands the parcels to the queue, page by page, never with more
 * than a window of them open at a time: a million readers need no more memory than ten thousand.
 * Where somebody is due and the votes are old, they are read again first, once a turn; a source that is down keeps nobody
 * from a digest. Rows are written before jobs are added; a crash in between is mended by reconcile.
 */
export async function dispatch(day: Day, cohort: Cohort, deps: DispatchDeps): Promise<DispatchResult> {
  const until = deps.clock().getTime() + DISPATCH_TURN_MS_MAX
  await endPauses(deps)
  const warming = await allocate(day, cohort, deps)
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
      warming,
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
    if (!page.more) return { kind: 'done', subscribers, leftOut: warming?.leftOut ?? 0 }
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
 * Waits until there is room for a page. Deferred deliveries take none: a large provider that greylists must not keep the
 * others from theirs. They have a bound of their own, since each of them is a job in the queue.
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

/** A dispatch is for subscribers whose own hour has come, for everyone to whom an operator opened it, or for one subscriber. */
export type Cohort =
  | { readonly kind: 'hour'; readonly now: Date }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** A cohort with what the ledger knows of it. */
export type Audience =
  | { readonly kind: 'hour'; readonly turns: readonly ZoneSchedule[] }
  /** All who were on the list when an operator opened the edition, with the days they have now. null: all who are on it now. */
  | { readonly kind: 'everyone'; readonly openedAt: Date | null }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** Who of those who are due may have an edition while the domain is warmed up. */
export type Share =
  | { readonly kind: 'all' }
  | { readonly kind: 'nobody' }
  /** Those who have waited at least as long as this reader. */
  | { readonly kind: 'until'; readonly waiting: string; readonly id: string }

export interface Sharing {
  readonly share: Share
  /** Readers who are due and will not have this edition. */
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
  /** Whether nothing is to be written before the votes were read again, where they are old. */
  readonly freshVotes?: boolean
  /** While the sending domain is warmed up: how far it may go today, and whose turn it is. */
  readonly warming?: { readonly warmUp: WarmUp; readonly share: Share } | null
}

/** Why nothing of an edition may be written now. */
export type HeldReason = 'forgotten' | 'paused' | 'cancelled' | 'not-published' | 'unapproved' | 'canary'

/** `held`, `stale`: nothing was written. `stale`: somebody is due, and the votes are to be read again first. */
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
