import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import type { DeliveryState } from '../../domain/delivery.ts'
import type { SubscriberState } from '../../domain/subscriber.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'
import { plainReasonOf } from './plain-reason.ts'

/** Which deliveries of an edition to list. */
export interface DeliveryQuery {
  readonly day: Day
  readonly states: readonly DeliveryState[]
  /** Only those with this reason, as the counts show it. */
  readonly reason: string | null
  /** The last delivery on the previous page. */
  readonly after: DeliveryCursor | null
  readonly limit: number
}

export interface DeliveryCursor {
  readonly subscriberId: string
  readonly period: string
}

/** One delivery with its subscriber, whose address is null after an erasure. */
export interface ListedDelivery extends DeliveryCursor {
  readonly email: string | null
  readonly subscriberState: SubscriberState | null
  readonly state: DeliveryState
  /** The words of the provider, or why it was skipped. */
  readonly reason: string | null
  readonly settledAt: Date | null
  /** Whether its subscriber may be mailed now. */
  readonly mayBeMailed: boolean
}

/** The condition for a subscriber `s` who may be mailed now. */
export const MAY_BE_MAILED = sql<boolean>`(s.state = 'active'
  and not exists (select from suppressions x where x.address_hash = s.address_hash))`

/** Returns a page of deliveries in the order of their subscribers. */
export async function listDeliveries(db: Database, query: DeliveryQuery): Promise<ListedDelivery[]> {
  const { day, states, reason, after, limit } = query
  const conditions = [
    sql`d.day = ${day} and ${ofDay(day)} and d.state = any(${[...states]}::text[])`,
    ...(reason === null ? [] : [sql`${plainReasonOf('d.reason')} = ${reason}`]),
    ...(after === null
      ? []
      : [sql`(d.subscriber_id, d.period) > (${after.subscriberId}::bigint, ${after.period} collate "C")`]),
  ]
  const { rows } = await sql<ListedDelivery>`
    select d.subscriber_id as "subscriberId", d.period, s.email, s.state as "subscriberState", d.state, d.reason,
      d.settled_at as "settledAt", coalesce(${MAY_BE_MAILED}, false) as "mayBeMailed"
    from deliveries d left join subscribers s on s.id = d.subscriber_id
    where ${sql.join(conditions, sql` and `)}
    order by d.subscriber_id, d.period limit ${limit}`.execute(db)
  return rows
}
