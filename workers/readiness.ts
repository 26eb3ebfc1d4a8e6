import { PROGRESS_STUCK_MS, READY_TIMEOUT_MS } from '../config/limits.ts'
import { type Progress, readProgress } from '../src/ledger/progress.ts'
import { countRecentReports, readNotUnderstood } from '../src/ledger/provider-figures.ts'
import { countSuppressions } from '../src/ledger/suppressions.ts'
import { readWaiting } from '../src/ledger/waiting.ts'
import { QUEUE_NAMES } from '../src/queue/queues.ts'
import type { Readiness } from '../src/web/health.ts'
import { within } from '../src/within.ts'
import { sendingRulesOf } from './sending-rules.ts'
import type { App } from './wiring.ts'

const LOOK_BACK_MS = 2 * 86_400_000

/** Whether the ledger and the queue answer in time and the sending moves: `/readyz` and `/metrics` read it. */
export async function readiness(app: App): Promise<Readiness> {
  const now = app.clock()
  const faults: string[] = []
  const note = (what: string) => (error: Error) => {
    faults.push(`${what}: ${error.message}`)
    return null
  }
  const progress = await within(
    readProgress(app.ledger.db, now, new Date(now.getTime() - LOOK_BACK_MS)),
    READY_TIMEOUT_MS,
  ).catch(note('ledger'))
  const queues = await within(
    Promise.all(QUEUE_NAMES.map(async (name) => ({ name, ...(await app.queues.depth(name)) }))),
    READY_TIMEOUT_MS,
  ).catch(note('queue'))
  if (progress !== null && isStuck(progress, now))
    faults.push(
      `progress: deliveries have been open since ${progress.oldestOpenAt?.toISOString()} and none has settled for ${PROGRESS_STUCK_MS / 60_000} minutes; is a worker running?`,
    )
  // What these three cannot say, the ledger's own fault above says already.
  const reports = await countRecentReports(app.ledger.db, new Date(now.getTime() - LOOK_BACK_MS)).catch(() => [])
  const waiting = await readWaiting(app.ledger.db, {
    ...sendingRulesOf(app),
    day: null,
    at: now,
    transactional: true,
  }).catch(() => [])
  const notUnderstood = await readNotUnderstood(app.ledger.db, now).then(
    ({ count }) => count,
    () => 0,
  )
  const suppressions = await countSuppressions(app.ledger.db).catch(() => [])
  return { faults, progress, waiting, reports, notUnderstood, suppressions, queues: queues ?? [] }
}

/** Work has been waiting for long, and neither did any of it settle nor does a held transport explain it. */
function isStuck({ oldestOpenAt, lastSettledAt, holds }: Progress, now: Date): boolean {
  const before = now.getTime() - PROGRESS_STUCK_MS
  if (oldestOpenAt === null || oldestOpenAt.getTime() > before || holds > 0) return false
  return lastSettledAt === null || lastSettledAt.getTime() < before
}
