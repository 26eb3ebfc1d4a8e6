import { PROGRESS_STUCK_MS, READY_TIMEOUT_MS } from '../../../config/limits-processes.ts'
import { dayIn } from '../../../src/domain/day.ts'
import { resetSession } from '../../../src/ledger/embedded/session.ts'
import type { SendProgress } from '../../../src/ledger/reports/progress.ts'
import type { SendState } from '../../../src/pipeline/state/send-state.ts'
import { withTimeout } from '../../../src/platform/timeout.ts'
import { QUEUE_NAMES } from '../../../src/queue/queues.ts'
import type { Readiness } from '../../../src/web/health.ts'
import type { App } from '../app.ts'
import { sendingRulesOf } from '../sending-rules.ts'

const LOOK_BACK_MS = 2 * 86_400_000

/** Checks that the ledger and the queue answer in time and that deliveries are being sent, for `/readyz` and `/metrics`. */
export async function readiness(app: App): Promise<Readiness> {
  const { editions, reports, subscribers } = app.ledger
  const now = app.clock()
  const since = new Date(now.getTime() - LOOK_BACK_MS)
  const faults: string[] = []
  // The repair runs before the queries and shares their time limit.
  const repaired = repairEmbedded(app)
  const ask = <T>(read: () => Promise<T>) => withTimeout(repaired.then(read), READY_TIMEOUT_MS)
  const note = (what: string) => (error: Error) => {
    faults.push(`${what}: ${error.message}`)
    return null
  }
  // All queries run at once, so that a ledger that does not answer costs one time limit. Only the first of the ledger’s
  // queries reports a fault.
  const [progress, state, queues, recent, waiting, { count: notUnderstood }, suppressions, stars] = await Promise.all([
    ask(() => reports.readProgress(now, since)).catch(note('ledger')),
    ask(() => stateOf(app, now)).catch(() => null),
    ask(() => Promise.all(QUEUE_NAMES.map(async (name) => ({ name, ...(await app.queues.depth(name)) })))).catch(
      note('queue'),
    ),
    ask(() => reports.countRecentReports(since)).catch(() => []),
    ask(() => reports.readWaiting({ ...sendingRulesOf(app), day: null, at: now, transactional: true })).catch(() => []),
    ask(() => reports.readUnrecognized(now)).catch(() => ({ count: 0, samples: [] })),
    ask(() => subscribers.countSuppressions()).catch(() => []),
    ask(() => editions.readStarsState()).catch(() => null),
  ])
  if (progress !== null && isStuck(progress, now))
    faults.push(
      `progress: deliveries have been open since ${progress.oldestOpenAt?.toISOString()} and none has settled for ${PROGRESS_STUCK_MS / 60_000} minutes; is a worker running?`,
    )
  const starsReadAt = stars?.readAt ?? null
  return {
    faults,
    progress,
    state,
    waiting,
    reports: recent,
    notUnderstood,
    starsReadAt,
    suppressions,
    queues: queues ?? [],
  }
}

/** Returns the state of the edition that the admin's first page shows. */
async function stateOf(app: App, at: Date): Promise<SendState['kind']> {
  const { editions, reports } = app.ledger
  const day = await editions.readCurrentDay(dayIn(app.config.edition.timezone, at))
  return (await reports.readSend({ ...sendingRulesOf(app), day, at })).state.kind
}

/** Restores the session settings that all clients of the embedded database share. */
async function repairEmbedded({ ledger, log }: App): Promise<void> {
  if (ledger.address.kind !== 'embedded') return
  const wrong = await resetSession(ledger.pool).catch(() => [])
  if (wrong.length > 0) log.warn({ wrong }, 'restored the session settings of the embedded database')
}

/** Returns whether deliveries have waited for long, none has settled since, and no transport is paused. */
function isStuck({ oldestOpenAt, lastSettledAt, pausedTransports }: SendProgress, now: Date): boolean {
  const before = now.getTime() - PROGRESS_STUCK_MS
  if (oldestOpenAt === null || oldestOpenAt.getTime() > before || pausedTransports > 0) return false
  return lastSettledAt === null || lastSettledAt.getTime() < before
}
