import { sql } from 'kysely'
import { QUEUE_NAMES } from '../src/queue/queues.ts'
import type { Readiness } from '../src/web/health.ts'
import type { App } from './wiring.ts'

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
  const depths = await Promise.all(
    QUEUE_NAMES.map(async (name) => ({ name, ...(await app.queues.depth(name)) })),
  ).catch((error: Error) => {
    faults.push(`queue: ${error.message}`)
    return []
  })
  return {
    faults,
    deliveries: deliveries.map((row) => ({ state: row.state, count: Number(row.count) })),
    queues: depths,
  }
}
