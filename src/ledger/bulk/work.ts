import type { BulkJob } from '../../domain/segments/bulk.ts'
import type { BulkBatchOptions } from '../../subscriptions/bulk.ts'

/** The subscribers of a batch, who are locked, and the action that changes them. */
export interface BulkWork extends BulkBatchOptions {
  readonly ids: readonly string[]
  readonly job: BulkJob
}

export interface BulkChange {
  /** Subscribers that were changed. The others were already so, or the change is not allowed in their state. */
  readonly changed: number
  /** Transactional emails that need a job. */
  readonly transactionalIds: readonly string[]
  /** Messages that the outbox must delete. */
  readonly messageIds: readonly string[]
}
