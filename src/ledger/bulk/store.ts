import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as jobs from './jobs.ts'
import * as runBatch from './run-batch.ts'

/** Binds the functions for bulk actions. */
export function bulkStore(db: Database) {
  return bindDatabase(db, { ...jobs, ...runBatch })
}
