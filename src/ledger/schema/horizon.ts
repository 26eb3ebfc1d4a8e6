import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import { monthsOf } from '../../domain/month.ts'

// From when on letters are kept whole; null while nothing was dropped. A week may reach days into the month after its own.
const KEPT_SINCE = sql`(select (max(month) || '-01')::date + interval '1 month 7 days' from dropped_months)`

/** Whether letters of this day, daily or weekly ones, were dropped: who had theirs is not known, so no more are sent. */
export function isPruned(day: Day): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from dropped_months where month >= any(${monthsOf(day)}::text[]))`
}

/**
 * `forgotten(paper, before)`: papers that were in an edition whose letters were dropped. Whoever was a reader before that
 * moment may have had them. Empty, at no cost, for a pool whose papers are all younger.
 */
export function prunedPeriodOf(pool: { readonly ids: readonly string[]; readonly since: Day }): RawBuilder<unknown> {
  return sql`forgotten as materialized (
    select distinct n.paper_id as paper, ${KEPT_SINCE}::timestamptz as before
    from entries n
    where ${pool.since}::date < ${KEPT_SINCE} and n.paper_id = any(${[...pool.ids]}::text[]) and n.day < ${KEPT_SINCE}
  )`
}
