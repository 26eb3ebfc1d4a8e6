import type { Day } from '../../domain/day.ts'
import type { Database } from '../schema/database.ts'

export interface LedgerEvent {
  readonly at: Date
  /** `subject.verb`, such as `subscriber.confirmed` or `edition.paused`. */
  readonly kind: string
  readonly day?: Day
  readonly subscriberId?: string
  readonly deliveryId?: string
  /** Must not contain addresses, because events outlive an erasure. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Appends to the event log, which is never changed afterwards. */
export async function appendEvent(db: Database, event: LedgerEvent): Promise<void> {
  await db
    .insertInto('events')
    .values({
      created_at: event.at,
      kind: event.kind,
      day: event.day ?? null,
      subscriber_id: event.subscriberId ?? null,
      delivery_id: event.deliveryId ?? null,
      data: JSON.stringify(event.data),
    })
    .execute()
}

/** Returns the newest events of a subscriber, of those before the event with the id `before`. */
export async function readSubscriberEvents(
  db: Database,
  subscriberId: string,
  limit: number,
  before: string | null = null,
): Promise<{ id: string; at: Date; kind: string; data: Readonly<Record<string, unknown>> }[]> {
  let select = db
    .selectFrom('events')
    .select(['id', 'created_at as at', 'kind', 'data'])
    .where('subscriber_id', '=', subscriberId)
  if (before !== null) select = select.where('id', '<', before)
  return select.orderBy('id', 'desc').limit(limit).execute()
}
