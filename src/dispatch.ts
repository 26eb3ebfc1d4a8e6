import {
  DISPATCH_PAGE_SUBSCRIBERS,
  DISPATCH_POLL_MS,
  DISPATCH_TURN_MS_MAX,
  DISPATCH_WINDOW_SUBSCRIBERS,
} from '../config/limits.ts'
import type { Clock, Day } from './day.ts'
import type { Cohort, PageOrder, PageResult } from './ledger/dispatching.ts'

export interface DispatchParts {
  /** Ends pauses whose day has come; answers how many, at most `limit`. */
  readonly wake: (order: { readonly now: Date; readonly limit: number }) => Promise<number>
  readonly writePage: (order: PageOrder) => Promise<PageResult>
  readonly countOpen: (day: Day) => Promise<number>
  readonly addSendJobs: (parcelIds: readonly string[]) => Promise<void>
  readonly parcelSize: number
  readonly newParcelId: () => string
  readonly clock: Clock
  readonly pause: (ms: number) => Promise<void>
  /** False: come back at once when the window is full, instead of waiting for workers to empty it. */
  readonly waitForWindow: boolean
}

export type DispatchResult =
  | { readonly kind: 'done'; readonly subscribers: number }
  /** More readers are due, but the window is full or the turn is over: dispatch again. */
  | { readonly kind: 'more'; readonly subscribers: number }
  | { readonly kind: 'held'; readonly why: 'paused' | 'cancelled' | 'not-published'; readonly subscribers: number }

/**
 * Writes a delivery for everyone who is due and hands the parcels to the queue, page by page, never with more
 * than a window of them open at a time: a million readers need no more memory than ten thousand.
 * Rows are written before jobs are added; a crash in between is mended by reconcile.
 */
export async function dispatch(day: Day, cohort: Cohort, parts: DispatchParts): Promise<DispatchResult> {
  const until = parts.clock().getTime() + DISPATCH_TURN_MS_MAX
  await wakeAll(parts)
  let after = '0'
  let subscribers = 0
  for (;;) {
    if (!(await windowOpens(day, until, parts))) return { kind: 'more', subscribers }
    const page = await parts.writePage({
      day,
      cohort,
      after,
      subscribersMax: DISPATCH_PAGE_SUBSCRIBERS,
      parcelSize: parts.parcelSize,
      newParcelId: parts.newParcelId,
      at: parts.clock(),
    })
    if (page.kind === 'held') return { kind: 'held', why: page.why, subscribers }
    await parts.addSendJobs(page.parcelIds)
    subscribers += page.subscribers
    after = page.after
    if (!page.more) return { kind: 'done', subscribers }
  }
}

/** A reader whose pause ends today is due today, so pauses end before the first page is chosen. */
async function wakeAll({ wake, clock }: DispatchParts): Promise<void> {
  const limit = DISPATCH_PAGE_SUBSCRIBERS
  let woken = limit
  while (woken === limit) woken = await wake({ now: clock(), limit })
}

async function windowOpens(day: Day, until: number, parts: DispatchParts): Promise<boolean> {
  while ((await parts.countOpen(day)) + DISPATCH_PAGE_SUBSCRIBERS > DISPATCH_WINDOW_SUBSCRIBERS) {
    if (!parts.waitForWindow || parts.clock().getTime() >= until) return false
    await parts.pause(DISPATCH_POLL_MS)
  }
  return true
}
