import { setTimeout as pause } from 'node:timers/promises'
import { HOLD_WAITED_FOR_MS_MAX, IDLE_POLL_MS, RUN_WAIT_HOURS_MAX } from '../../config/limits.ts'
import { startReconciling } from '../../workers/reconcile.ts'
import { startSending } from '../../workers/send.ts'
import type { App } from '../../workers/wiring.ts'
import type { Day } from '../day.ts'
import { Fault } from '../fault.ts'
import type { Cohort } from '../ledger/due.ts'
import { type DayStatus, readDayStatus } from '../ledger/status.ts'
import type { CommandContext } from './context.ts'
import { describeHeld } from './words.ts'

/** Dispatches and delivers in this process until every delivery of the day has settled. */
export async function deliverDay(app: App, day: Day, cohort: Cohort, context: CommandContext): Promise<DayStatus> {
  const { terminal } = context
  const stopping = new AbortController()
  context.interrupted.then(() => stopping.abort())
  const sending = await startSending(app)
  const reconciling = startReconciling(app, { editions: false })
  const progress = terminal.progress(`Edition ${day}`, 0)
  try {
    const dispatching = dispatchAll(app, day, cohort, stopping.signal)
    return await untilSettled(app, day, dispatching, stopping.signal, (now) => {
      progress.update(settledOf(now), now.total, describeHolds(now) ?? `${now.counts.sent} sent`)
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
    if (result.kind === 'held') throw new Fault(describeHeld(day, result.why))
    if (result.kind === 'done') return
  }
}

async function untilSettled(
  app: App,
  day: Day,
  dispatching: Promise<void>,
  signal: AbortSignal,
  report: (status: DayStatus) => void,
): Promise<DayStatus> {
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
  const deadline = app.clock().getTime() + RUN_WAIT_HOURS_MAX * 3_600_000
  for (;;) {
    if (failed !== undefined) throw failed
    const over = dispatched
    const status = await readDayStatus(app.ledger.db, day, app.clock())
    report(status)
    if (over && settledOf(status) === status.total) return status
    if (signal.aborted)
      throw new Fault('Interrupted. What is left stays queued: run the same command again, or start a worker.')
    if (app.clock().getTime() > deadline)
      throw new Fault(
        `Not settled after ${RUN_WAIT_HOURS_MAX} h. What is left stays queued; see paperround status --date ${day}.`,
      )
    assertNotHeldForLong(app, status)
    await pause(IDLE_POLL_MS)
  }
}

function assertNotHeldForLong(app: App, status: DayStatus): void {
  const limit = app.clock().getTime() + HOLD_WAITED_FOR_MS_MAX
  const held = status.holds.filter((hold) => hold.until.getTime() > limit)
  if (held.length < app.transports.length || status.counts.sending > 0) return
  throw new Fault([
    ...held.map((hold) => `${hold.transport} is held until ${hold.until.toISOString()}: ${hold.reason}`),
    'What is left stays queued. It goes on by itself with a worker running, or after `paperround resume`.',
  ])
}

function describeHolds(status: DayStatus): string | null {
  const [hold] = status.holds
  return hold === undefined
    ? null
    : `${hold.transport} waits until ${hold.until.toISOString().slice(11, 19)}: ${hold.reason}`
}

function settledOf(status: DayStatus): number {
  return status.total - status.counts.queued - status.counts.sending
}
