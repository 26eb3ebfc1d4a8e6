import { sql } from 'kysely'
import { BULK_BATCH_ROWS, BULK_ERASED_ROWS, BULK_FAILURES_MAX } from '../../../config/limits-people.ts'
import type { BulkJob } from '../../domain/segments/bulk.ts'
import type { BulkBatch, BulkBatchOptions } from '../../subscriptions/bulk.ts'
import { isUnavailable } from '../connection/reconnecting-pool.ts'
import { recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { matching } from '../segments/conditions.ts'
import { CHANGES } from './changes.ts'
import { actorOf, filterOf, toJob, withoutAddress } from './job-row.ts'
import type { BulkChange } from './work.ts'

/**
 * Carries out the next batch of the oldest bulk action. The changes and the position are written in one transaction, so a crash
 * repeats the batch and no subscriber twice. The row of the action is locked meanwhile: other workers pass it by, and an operator
 * who stops it waits for the batch.
 */
export async function runBulkBatch(db: Database, options: BulkBatchOptions): Promise<BulkBatch> {
  let id: string | null = null
  try {
    return await db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('bulk_jobs')
        .selectAll()
        .where('state', '=', sql.lit('running'))
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst()
      if (row === undefined) return { kind: 'idle' }
      id = row.id
      const job = toJob(row)
      const ids = await lockBatch(trx, job, row)
      const change = ids.length === 0 ? NO_CHANGE : await CHANGES[job.kind](trx, { ids, job, ...options })
      await advance(trx, job, { last: ids.at(-1) ?? null, examined: ids.length, change, at: options.at })
      return { kind: 'batch', transactionalIds: change.transactionalIds, messageIds: change.messageIds }
    })
  } catch (error) {
    if (id !== null && !isUnavailable(error)) await countFailure(db, id, options.at)
    throw error
  }
}

const NO_CHANGE: BulkChange = { changed: 0, transactionalIds: [], messageIds: [] }

function sizeOf({ kind }: BulkJob): number {
  return kind === 'erase' ? BULK_ERASED_ROWS : BULK_BATCH_ROWS
}

/** Locks the next matching subscribers in the order of their ids, so that no two transactions wait for each other. */
async function lockBatch(
  trx: Database,
  job: BulkJob,
  { position, through }: { readonly position: string; readonly through: string },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from subscribers s
    where s.id > ${position} and s.id <= ${through} and ${matching(filterOf(job))}
    order by s.id limit ${sizeOf(job)} for update of s`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Stores how far the action is. It ends when no matching subscriber is left. */
async function advance(
  trx: Database,
  job: BulkJob,
  {
    last,
    examined,
    change,
    at,
  }: { readonly last: string | null; readonly examined: number; readonly change: BulkChange; readonly at: Date },
): Promise<void> {
  const isDone = last === null || examined < sizeOf(job)
  const totals = { examined: job.examined + examined, changed: job.changed + change.changed }
  await trx
    .updateTable('bulk_jobs')
    .set({
      examined: String(totals.examined),
      changed: String(totals.changed),
      failures: 0,
      updated_at: at,
      ...(last === null ? {} : { position: last }),
      ...(isDone ? { state: 'done' as const, finished_at: at, filter: withoutAddress() } : {}),
    })
    .where('id', '=', job.id)
    .execute()
  if (!isDone) return
  const action = {
    action: 'subscribers.bulk-finished',
    reason: job.reason,
    after: { bulk: job.id, kind: job.kind, ...totals },
  }
  await recordAction(trx, actorOf(job), action, at)
}

async function countFailure(db: Database, id: string, at: Date): Promise<void> {
  await sql`
    update bulk_jobs set failures = failures + 1, updated_at = ${at},
      state = case when failures + 1 >= ${BULK_FAILURES_MAX} then 'failed' else state end,
      finished_at = case when failures + 1 >= ${BULK_FAILURES_MAX} then ${at}::timestamptz end
    where id = ${id} and state = 'running'`.execute(db)
}
