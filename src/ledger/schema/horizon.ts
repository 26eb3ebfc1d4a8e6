import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import { monthsOf } from '../../domain/month.ts'

// The first day whose deliveries are all stored; null if no month was dropped. A week may end in the month after its own.
const KEPT_SINCE = sql`(select (max(month) || '-01')::date + interval '1 month 7 days' from dropped_months)`

/** True if daily or weekly deliveries of this day were dropped. It is unknown who received them, so no more are sent. */
export function isPruned(day: Day): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from dropped_months where month >= any(${monthsOf(day)}::text[]))`
}

/**
 * `forgotten(paper, before)`: papers of editions whose deliveries were dropped. A subscriber who joined before that moment
 * may have received them. Empty, at no cost, for a pool that has only newer papers.
 */
export function prunedPeriodOf(pool: { readonly ids: readonly string[]; readonly since: Day }): RawBuilder<unknown> {
  return sql`forgotten as materialized (
    select distinct n.paper_id as paper, ${KEPT_SINCE}::timestamptz as before
    from edition_papers n
    where ${pool.since}::date < ${KEPT_SINCE} and n.paper_id = any(${[...pool.ids]}::text[]) and n.day < ${KEPT_SINCE}
  )`
}
