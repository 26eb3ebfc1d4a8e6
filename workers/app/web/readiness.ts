import { PROGRESS_STUCK_MS, READY_TIMEOUT_MS } from '../../../config/limits.ts'
import { resetSession } from '../../../src/ledger/embedded/session.ts'
import type { SendProgress } from '../../../src/ledger/reports/progress.ts'
import { withTimeout } from '../../../src/platform/timeout.ts'
import { QUEUE_NAMES } from '../../../src/queue/queues.ts'
import type { Readiness } from '../../../src/web/health.ts'
import type { App } from '../app.ts'
import { sendingRulesOf } from '../sending-rules.ts'

const LOOK_BACK_MS = 2 * 86_400_000

/** Whether the ledger and the queue answer in time and the sending moves: `/readyz` and `/metrics` read it. */
export async function readiness(app: App): Promise<Readiness> {
  const { reports, subscribers } = app.ledger
  const now = app.clock()
  const since = new Date(now.getTime() - LOOK_BACK_MS)
  const faults: string[] = []
  // First of all, and yet within the time of the others.
  const mended = mendEmbedded(app)
  const ask = <T>(read: () => Promise<T>) => withTimeout(mended.then(read), READY_TIMEOUT_MS)
  const note = (what: string) => (error: Error) => {
    faults.push(`${what}: ${error.message}`)
    return null
  }
  // All at once, so that a ledger without an answer is waited for once. The fault of the first says it for all.
  const [progress, queues, recent, waiting, { count: notUnderstood }, suppressions] = await Promise.all([
    ask(() => reports.readProgress(now, since)).catch(note('ledger')),
    ask(() => Promise.all(QUEUE_NAMES.map(async (name) => ({ name, ...(await app.queues.depth(name)) })))).catch(
      note('queue'),
    ),
    ask(() => reports.countRecentReports(since)).catch(() => []),
    ask(() => reports.readWaiting({ ...sendingRulesOf(app), day: null, at: now, transactional: true })).catch(() => []),
    ask(() => reports.readUnrecognized(now)).catch(() => ({ count: 0, samples: [] })),
    ask(() => subscribers.countSuppressions()).catch(() => []),
  ])
  if (progress !== null && isStuck(progress, now))
    faults.push(
      `progress: deliveries have been open since ${progress.oldestOpenAt?.toISOString()} and none has settled for ${PROGRESS_STUCK_MS / 60_000} minutes; is a worker running?`,
    )
  return { faults, progress, waiting, reports: recent, notUnderstood, suppressions, queues: queues ?? [] }
}

/** Puts right what all clients of the embedded database share; only the log says what it was. */
async function mendEmbedded({ ledger, log }: App): Promise<void> {
  if (ledger.address.kind !== 'embedded') return
  const wrong = await resetSession(ledger.pool).catch(() => [])
  if (wrong.length > 0) log.warn({ wrong }, 'the session of the embedded database was changed; it has been put right')
}

/** Work has been waiting for long, and neither did any of it settle nor does a held transport explain it. */
function isStuck({ oldestOpenAt, lastSettledAt, holds }: SendProgress, now: Date): boolean {
  const before = now.getTime() - PROGRESS_STUCK_MS
  if (oldestOpenAt === null || oldestOpenAt.getTime() > before || holds > 0) return false
  return lastSettledAt === null || lastSettledAt.getTime() < before
}
