import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { Database } from '../schema/database.ts'
import { ofDay, ofDayIn } from '../schema/periods.ts'

/** The progress of sending over all days, for `/readyz`, `/metrics` and the alerts. */
export interface SendProgress {
  readonly deliveries: readonly { readonly state: DeliveryState; readonly count: number }[]
  /**
   * Since when the oldest due delivery could be sent: when it was queued, or when its retry was due. Deliveries of paused and
   * cancelled editions, and those that wait for a retry, are not counted.
   */
  readonly oldestOpenAt: Date | null
  readonly lastSettledAt: Date | null
  readonly newestEditionAt: Date | null
  readonly pausedTransports: number
  /**
   * The difference between the deliveries that dispatch counted and those that exist, for editions since then. It must be 0.
   */
  readonly unaccounted: number
}

/**
 * Reads the progress in one statement, so that all parts have the same snapshot. Editions dispatched before `since` are counted
 * only if they have open deliveries.
 */
export async function readProgress(db: Database, at: Date, since: Date): Promise<SendProgress> {
  const { rows } = await sql<{
    deliveries: { state: DeliveryState; count: number }[] | null
    oldest: Date | null
    settled: Date | null
    published: Date | null
    paused_transports: string
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
      (select count(*) from transport_pauses where paused_until > ${at}) as paused_transports`.execute(db)
  const [row] = rows
  return {
    deliveries: row?.deliveries ?? [],
    oldestOpenAt: row?.oldest ?? null,
    lastSettledAt: row?.settled ?? null,
    newestEditionAt: row?.published ?? null,
    pausedTransports: Number(row?.paused_transports ?? 0),
    unaccounted: Number(row?.unaccounted ?? 0),
  }
}

/** Returns how many addresses would get more than one delivery of a day. It must be 0. */
export async function countTwice(db: Database, day: Day): Promise<number> {
  const { rows } = await sql<{ twice: string }>`
    select count(*) as twice from (
      select address from deliveries d
      where day = ${day} and ${ofDay(day)} and address is not null and address <> '' and state not in ('skipped', 'refused')
      group by lower(address), address, period having count(*) > 1) as doubled`.execute(db)
  return Number(rows[0]?.twice ?? 0)
}
