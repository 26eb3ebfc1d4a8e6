import { randomUUID } from 'node:crypto'
import { BULK_POLL_MS } from '../config/limits-people.ts'
import { type BulkDeps, runBulkActions } from '../src/subscriptions/bulk.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { outboxDir } from './app/transports.ts'
import type { Running } from './send.ts'

/** Carries out the bulk actions that operators start, and goes on with those that a crash interrupted. */
export function startBulkActions(app: App): Running {
  return startSchedules(
    async (isClosed) => {
      await runBulkActions(bulkDepsOf(app), isClosed)
      return BULK_POLL_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'a batch of a bulk action failed; trying again soon')
      return BULK_POLL_MS
    },
  )
}

/** Returns the stores and services of bulk actions. */
export function bulkDepsOf({ config, ledger, queues, log, clock }: App): BulkDeps {
  return {
    bulk: ledger.bulk,
    // A mail without a job is found by reconcile.
    sendTransactionals: (ids) =>
      queues
        .add(
          'notice',
          ids.map((transactionalId) => ({ transactionalId })),
        )
        .catch((error: Error) => log.warn({ reason: error.message }, 'could not add jobs; reconcile adds them later')),
    outboxDir: outboxDir(config),
    newId: randomUUID,
    clock,
  }
}
