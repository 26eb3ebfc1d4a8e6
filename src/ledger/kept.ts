import { type RawBuilder, sql } from 'kysely'
import type { Day } from '../day.ts'
import { ofDay } from './periods.ts'

/**
 * `counted(state, reason, count, oldest, first, last, lately)`: a day's deliveries by state and reason, those that are kept
 * and those of which only the counts are. `lately`: settled after that moment.
 */
export function countedOf(day: Day, lately: Date): RawBuilder<unknown> {
  return sql`counted as (
    select state, reason, count(*) as count, min(queued_at) filter (where state in ('queued', 'sending')) as oldest,
      min(settled_at) as first, max(settled_at) as last, count(*) filter (where settled_at > ${lately}) as lately
    from deliveries d where day = ${day} and ${ofDay(day)} group by state, reason
    union all
    select state, nullif(reason, ''), count, null, first_settled_at, last_settled_at, 0
    from kept_counts where day = ${day}
  )`
}
