import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { Database } from '../schema/database.ts'

import { ofDay, ofDayIn } from '../schema/periods.ts'

/** How the sending stands over all days: what `/readyz`, `/metrics` and the watch read. */
export interface SendProgress {
  readonly deliveries: readonly { readonly state: DeliveryState; readonly count: number }[]
  /**
   * Since when the oldest delivery that may go could go: since it was queued, or since its next try is due. Paused and
   * cancelled editions are not counted, and neither is what waits for its next try.
   */
  readonly oldestOpenAt: Date | null
  readonly lastSettledAt: Date | null
  readonly newestEditionAt: Date | null
  readonly holds: number
  /** Deliveries that dispatch counted and that are not there, or the other way round, over the rounds since then: 0. */
  readonly unaccounted: number
}

/**
 * Reads it in one statement, so that its parts are of one moment. `since` bounds how far back the editions whose letters are
 * counted were begun; those with open letters are counted however old.
 */
export async function readProgress(db: Database, at: Date, since: Date): Promise<SendProgress> {
  const { rows } = await sql<{
    deliveries: { state: DeliveryState; count: number }[] | null
    oldest: Date | null
    settled: Date | null
    published: Date | null
    holds: string
    unaccounted: string
  }>`
    with days as materialized (
      select e.day from editions e
      where e.dispatched_at > ${since} or exists (select from parcels p where p.day = e.day and p.state <> 'settled')
    ), d as materialized (
      select x.* from days cross join lateral (
        select days.day, state, count(*) as count, max(settled_at) as settled
        from deliveries d where d.day = days.day and ${ofDayIn('days.day')} group by state
      ) as x
    ), open as materialized (
      select x.* from parcels p join editions e on e.day = p.day and e.sending = 'running'
      cross join lateral (
        select greatest(d.queued_at, p.next_try_at) as free_at from deliveries d
        where d.parcel_id = p.id and ${ofDayIn('p.day')} and d.state in ('queued', 'sending') offset 0
      ) as x
      where p.state <> 'settled' and p.next_try_at <= ${at}
    )
    select
      (select json_agg(json_build_object('state', state, 'count', count)) from (
        select state, sum(count)::bigint as count from d group by state) as by_state) as deliveries,
      (select coalesce(sum(abs(e.delivery_count - coalesce((select sum(count) from d where d.day = e.day), 0))), 0)
        from editions e where e.dispatched_at > ${since}) as unaccounted,
      (select min(free_at) from open) as oldest,
      (select max(settled) from d) as settled,
      (select max(published_at) from editions where state = 'published') as published,
      (select count(*) from transport_pauses where paused_until > ${at}) as holds`.execute(db)
  const [row] = rows
  return {
    deliveries: row?.deliveries ?? [],
    oldestOpenAt: row?.oldest ?? null,
    lastSettledAt: row?.settled ?? null,
    newestEditionAt: row?.published ?? null,
    holds: Number(row?.holds ?? 0),
    unaccounted: Number(row?.unaccounted ?? 0),
  }
}

/** Addresses that one day's deliveries would reach more than once: there must be none. */
export async function countTwice(db: Database, day: Day): Promise<number> {
  const { rows } = await sql<{ twice: string }>`
    select count(*) as twice from (
      select address from deliveries d
      where day = ${day} and ${ofDay(day)} and address is not null and address <> '' and state not in ('skipped', 'refused')
      group by lower(address), address, period having count(*) > 1) as doubled`.execute(db)
  return Number(rows[0]?.twice ?? 0)
}
