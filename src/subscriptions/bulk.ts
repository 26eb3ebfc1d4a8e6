import { deleteOutboxMessages } from '../mail/outbox-removal.ts'
import type { Clock } from '../platform/clock.ts'

export interface BulkBatchOptions {
  readonly newId: () => string
  readonly at: Date
}

/** `idle`: there is nothing to do, or another worker does it. */
export type BulkBatch =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'batch'
      /** Transactional emails that need a job. */
      readonly transactionalIds: readonly string[]
      /** Messages to erased subscribers. */
      readonly messageIds: readonly string[]
    }

export interface BulkDeps {
  readonly bulk: { runBulkBatch(options: BulkBatchOptions): Promise<BulkBatch> }
  /** Queues stored transactional emails. */
  readonly sendTransactionals: (ids: readonly string[]) => Promise<void>
  readonly outboxDir: string
  readonly newId: () => string
  readonly clock: Clock
}

/**
 * Carries out bulk actions, batch by batch, until none is left or `isStopping`. The ledger stores the position with the changes of
 * each batch, so that another process can go on after a crash. Returns the number of batches.
 */
export async function runBulkActions(deps: BulkDeps, isStopping: () => boolean = () => false): Promise<number> {
  for (let batches = 0; ; batches += 1) {
    if (isStopping()) return batches
    const batch = await deps.bulk.runBulkBatch({ newId: deps.newId, at: deps.clock() })
    if (batch.kind === 'idle') return batches
    await deleteOutboxMessages(deps.outboxDir, batch.messageIds)
    if (batch.transactionalIds.length > 0) await deps.sendTransactionals(batch.transactionalIds)
  }
}
