import { sql } from 'kysely'
import type { Actor } from '../../domain/actor.ts'
import type { BulkJob } from '../../domain/segments/bulk.ts'
import { readFilter, type SubscriberFilter } from '../../domain/segments/filter.ts'

/** The filter of a job that has ended: without the start of an address, because the job outlives an erasure. */
export function withoutAddress() {
  return sql<string>`case when coalesce(filter->>'q', '@') like '@%' then filter else jsonb_set(filter, '{q}', '"…"') end`
}

type BulkRow = Omit<BulkJob, 'expected' | 'examined' | 'changed' | 'createdAt' | 'finishedAt' | 'operatorId'> & {
  readonly expected: string
  readonly examined: string
  readonly changed: string
  readonly created_at: Date
  readonly operator_id: string | null
  readonly finished_at: Date | null
}

export function toJob(row: BulkRow): BulkJob {
  const { id, kind, filter, options, reason, who, address, state, created_at: createdAt, finished_at: finishedAt } = row
  const [expected, examined, changed] = [Number(row.expected), Number(row.examined), Number(row.changed)]
  return {
    ...{ id, kind, filter, options, reason, who, address, state },
    operatorId: row.operator_id,
    ...{ expected, examined, changed, createdAt, finishedAt },
  }
}

/** Returns the filter of a job. Its fields were checked when it was stored. */
export function filterOf({ filter }: Pick<BulkJob, 'filter'>): SubscriberFilter {
  const { filter: read, faults } = readFilter(filter)
  if (faults.length > 0) throw new Error('a bulk action has a condition that this version does not know')
  return read
}

/** Returns the operator who started a job, for the audit log. */
export function actorOf({ who, address, operatorId }: BulkJob): Actor {
  return { who, address, operatorId }
}
