import { sql } from 'kysely'
import { countRecentReports } from '../src/ledger/provider-figures.ts'
import { countSuppressions } from '../src/ledger/suppressions.ts'
import { QUEUE_NAMES } from '../src/queue/queues.ts'
import type { Readiness } from '../src/web/health.ts'
import type { App } from './wiring.ts'

const REPORTS_SHOWN_MS = 2 * 86_400_000

/** Whether the ledger and the queue answer, with what is open: `/readyz` and `/metrics` read it. */
export async function readiness(app: App): Promise<Readiness> {
  const faults: string[] = []
  const deliveries = await app.ledger.db
    .selectFrom('deliveries')
    .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
    .where('queued_at', '>', sql<Date>`now() - interval '2 days'`)
    .groupBy('state')
    .execute()
    .catch((error: Error) => {
      faults.push(`ledger: ${error.message}`)
      return []
    })
  // What these two cannot say, the ledger's own fault above says already.
  const since = new Date(app.clock().getTime() - REPORTS_SHOWN_MS)
  const reports = await countRecentReports(app.ledger.db, since).catch(() => [])
  const suppressions = await countSuppressions(app.ledger.db).catch(() => [])
  const depths = await Promise.all(
    QUEUE_NAMES.map(async (name) => ({ name, ...(await app.queues.depth(name)) })),
  ).catch((error: Error) => {
    faults.push(`queue: ${error.message}`)
    return []
  })
  return {
    faults,
    deliveries: deliveries.map((row) => ({ state: row.state, count: Number(row.count) })),
    reports,
    suppressions,
    queues: depths,
  }
}
