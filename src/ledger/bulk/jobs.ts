import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { BULK_RUNNING_MAX } from '../../../config/limits-people.ts'
import type { BulkJob, BulkKind, BulkOptions } from '../../domain/segments/bulk.ts'
import { fieldsOf, filterWords, type SubscriberFilter } from '../../domain/segments/filter.ts'
import { type AdminContext, recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { countMatching } from '../segments/find.ts'
import { toJob, withoutAddress } from './job-row.ts'

export interface NewBulkJob {
  readonly kind: BulkKind
  readonly filter: SubscriberFilter
  readonly options: BulkOptions
  /** Matching subscribers that the operator saw. */
  readonly seen: number
  /** The greatest id of a subscriber then. Later ones are not changed. */
  readonly through: string
  /** The id of the newest bulk action when the operator opened the page, or '0'. */
  readonly previous: string
}

/**
 * `known`: the same page was confirmed before, by this operator or another. `changed`: more subscribers match than the
 * operator saw. `busy`: BULK_RUNNING_MAX actions are running.
 */
export type StartBulkResult =
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'known'; readonly id: string; readonly who: string }
  | { readonly kind: 'changed'; readonly count: number }
  | { readonly kind: 'busy' }

/**
 * Stores a bulk action, which a worker carries out. A confirmed page starts one action, because its fingerprint is unique,
 * and it happens to at most as many subscribers as the page said.
 */
export async function startBulkJob(
  db: Database,
  job: NewBulkJob,
  { actor, reason, at }: AdminContext,
): Promise<StartBulkResult> {
  const print = fingerprintOf(job)
  const known = await findKnown(db, print)
  if (known !== null) return known
  const count = await countMatching(db, job.filter, job.through)
  return db.transaction().execute(async (trx): Promise<StartBulkResult> => {
    const again = await findKnown(trx, print)
    if (again !== null) return again
    if (count > job.seen) return { kind: 'changed', count }
    if ((await countRunning(trx)) >= BULK_RUNNING_MAX) return { kind: 'busy' }
    const { kind, options } = job
    const row = await trx
      .insertInto('bulk_jobs')
      .values({
        fingerprint: print,
        kind,
        filter: JSON.stringify(fieldsOf(job.filter)),
        options: JSON.stringify(options),
        reason,
        who: actor.who,
        address: actor.address,
        operator_id: actor.operatorId ?? null,
        state: 'running',
        expected: String(count),
        through: job.through,
        created_at: at,
        updated_at: at,
      })
      // The other of two operators who pressed at once.
      .onConflict((conflict) => conflict.column('fingerprint').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (row === undefined) return (await findKnown(trx, print)) ?? { kind: 'busy' }
    const after = { bulk: row.id, kind, ...options, subscribers: count, search: filterWords(job.filter) }
    await recordAction(trx, actor, { action: 'subscribers.bulk-started', reason, after }, at)
    return { kind: 'started', id: row.id }
  })
}

export async function readBulkJob(db: Database, id: string): Promise<BulkJob | null> {
  const row = await db.selectFrom('bulk_jobs').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toJob(row)
}

/** Returns the newest bulk actions, newest first. */
export async function listBulkJobs(db: Database, limit: number): Promise<BulkJob[]> {
  return (await db.selectFrom('bulk_jobs').selectAll().orderBy('id', 'desc').limit(limit).execute()).map(toJob)
}

/** Stops a bulk action after its current batch. Its changes stay. Returns false if it had already ended. */
export async function stopBulkJob(db: Database, id: string, { actor, reason, at }: AdminContext): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('bulk_jobs')
      .set({ state: 'stopped', updated_at: at, finished_at: at, filter: withoutAddress() })
      .where('id', '=', id)
      .where('state', '=', 'running')
      .returning(['kind', 'changed', 'examined'])
      .executeTakeFirst()
    if (row === undefined) return false
    const after = { bulk: id, kind: row.kind, examined: Number(row.examined), changed: Number(row.changed) }
    await recordAction(trx, actor, { action: 'subscribers.bulk-stopped', reason, after }, at)
    return true
  })
}

async function findKnown(db: Database, print: string): Promise<Extract<StartBulkResult, { kind: 'known' }> | null> {
  const row = await db.selectFrom('bulk_jobs').select(['id', 'who']).where('fingerprint', '=', print).executeTakeFirst()
  return row === undefined ? null : { kind: 'known', ...row }
}

async function countRunning(trx: Database): Promise<number> {
  const row = await trx
    .selectFrom('bulk_jobs')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('state', '=', sql.lit('running'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The reason is not part of it: two operators give different reasons for the same action. */
function fingerprintOf({ kind, filter, options, previous }: NewBulkJob): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, fieldsOf(filter), options.until ?? null, options.interest ?? null, previous]))
    .digest('hex')
}
