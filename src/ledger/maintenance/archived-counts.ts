import { type RawBuilder, sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import { plainReasonOf } from '../reports/plain-reason.ts'
import { ofDay } from '../schema/periods.ts'

/**
 * Returns `counted(state, reason, count, oldest, first, last, lately)`: the deliveries of a day by state and reason,
 * including archived ones. Reasons have no addresses and ids. `lately` counts those settled after that moment. Rows without a
 * reason have the times. The query uses index-only scans except for open deliveries, because it runs every second and the
 * deliveries of a day can take a gigabyte.
 */
export function countedOf(day: Day, lately: Date): RawBuilder<unknown> {
  const isOfDay = sql`d.day = ${day} and ${ofDay(day)}`
  return sql`by_state as materialized (
    select state, count(*) as count, min(settled_at) as first, max(settled_at) as last,
      count(*) filter (where settled_at > ${lately}) as lately
    from deliveries d where ${isOfDay} group by state
  ), with_reason as materialized (
    select state, ${plainReasonOf('reason')} as reason, sum(count)::bigint as count from (
      select state, reason, count(*) as count from deliveries d where ${isOfDay} and reason is not null group by state, reason
    ) as raw group by 1, 2
  ), counted as (
    select w.state, null as reason, w.count - coalesce((select sum(t.count) from with_reason t where t.state = w.state), 0) as count,
      case when w.state in ('queued', 'sending') then (
        select min(d.queued_at) from deliveries d where ${isOfDay} and d.state = w.state) end as oldest,
      w.first, w.last, w.lately
    from by_state w
    union all
    select state, reason, count, null, null, null, 0 from with_reason
    union all
    select state, nullif(reason, ''), count, null, first_settled_at, last_settled_at, 0
    from archived_counts where day = ${day}
  )`
}
