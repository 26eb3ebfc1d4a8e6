import { setTimeout as pause } from 'node:timers/promises'
import { IDLE_POLL_MS, RUN_WAIT_HOURS_MAX, WAITING_POLL_MS } from '../../../config/limits-processes.ts'
import type { App } from '../../../workers/app/app.ts'
import { sendingRulesOf } from '../../../workers/app/sending-rules.ts'
import { startReconciling } from '../../../workers/reconcile.ts'
import { startSending } from '../../../workers/send.ts'
import type { Day } from '../../domain/day.ts'
import { openOf } from '../../domain/delivery.ts'
import type { DayStatus } from '../../ledger/reports/status.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import type { Cohort } from '../../pipeline/dispatch.ts'
import { InterruptedError, UserError } from '../../platform/errors.ts'
import type { CommandContext } from '../context.ts'
import { describeHeld } from '../output/held-words.ts'
import { createWaitingReporter } from '../output/waiting-reporter.ts'

/** `settled`: whether all deliveries have settled. Otherwise `waiting` says what the command gave up waiting for. */
export interface DeliveredDay {
  readonly settled: boolean
  readonly status: DayStatus
  readonly waiting: readonly Waiting[]
}

/** The longest wait of `run --wait`. */
export const WAIT_MS_MAX = RUN_WAIT_HOURS_MAX * 3_600_000

/**
 * Dispatches and delivers in this process until all deliveries of the day have settled or `waitMs` are over. Shows the
 * progress and what it waits for.
 */
export async function deliverDay(
  app: App,
  day: Day,
  cohort: Cohort,
  context: CommandContext,
  waitMs = WAIT_MS_MAX,
): Promise<DeliveredDay> {
  const { terminal } = context
  const stopping = new AbortController()
  context.interrupted.then(() => stopping.abort())
  const sending = await startSending(app)
  const reconciling = startReconciling(app, { editions: false })
  const progress = terminal.progress(`Edition ${day}`, 0)
  const reporter = createWaitingReporter(progress.say, app.clock)
  try {
    const dispatching = dispatchAll(app, day, cohort, stopping.signal)
    const parts = { app, day, dispatching, signal: stopping.signal, waitMs }
    return await untilSettled(parts, ({ status, waiting }) => {
      progress.update(settledOf(status), status.total, noteOf(status, waiting))
      reporter.show(waiting)
    })
  } finally {
    stopping.abort()
    progress.stop()
    await reconciling.close()
    await sending.close()
  }
}

async function dispatchAll(app: App, day: Day, cohort: Cohort, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const result = await app.dispatch(day, cohort, { waitForWindow: true })
    if (result.kind === 'held') throw new UserError(await describeHeld(app, day, result.why))
    if (result.kind === 'done') return
  }
}

interface WaitDeps {
  readonly app: App
  readonly day: Day
  readonly dispatching: Promise<void>
  readonly signal: AbortSignal
  readonly waitMs: number
}

async function untilSettled(
  { app, day, dispatching, signal, waitMs }: WaitDeps,
  report: (delivered: DeliveredDay) => void,
): Promise<DeliveredDay> {
  let dispatched = false
  let failed: unknown
  dispatching.then(
    () => {
      dispatched = true
    },
    (error: unknown) => {
      failed = error
    },
  )
  const { ledger } = app
  const deadline = app.clock().getTime() + waitMs
  let waiting: readonly Waiting[] = []
  let readMsAgo = Number.POSITIVE_INFINITY
  for (;;) {
    if (failed !== undefined) throw failed
    const over = dispatched
    const now = app.clock()
    const status = await ledger.reports.readDayStatus(day, now)
    const settled = over && settledOf(status) === status.total
    const given = now.getTime() >= deadline
    if (settled || given || readMsAgo >= WAITING_POLL_MS) {
      waiting = await ledger.reports.readWaiting({ ...sendingRulesOf(app), day, at: now, transactional: false })
      readMsAgo = 0
    }
    const delivered = { settled, status, waiting }
    report(delivered)
    if (settled || given) return delivered
    if (signal.aborted)
      throw new InterruptedError(
        'Interrupted. The other deliveries stay queued: run the same command again, or start a worker.',
      )
    const pauseMs = waitingIn(waiting) < openOf(status.counts) ? IDLE_POLL_MS : WAITING_POLL_MS
    await pause(pauseMs)
    readMsAgo += pauseMs
  }
}

function noteOf(status: DayStatus, waiting: readonly Waiting[]): string {
  const waits = waitingIn(waiting)
  return `${status.counts.sent} sent${waits === 0 ? '' : `, ${waits} waiting`}`
}

function waitingIn(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { count }) => sum + count, 0)
}

function settledOf(status: DayStatus): number {
  return status.total - openOf(status.counts)
}
