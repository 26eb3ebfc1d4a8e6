import { randomUUID } from 'node:crypto'
import { addDays, day as asDay, type Day } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'

export interface WrittenDelivery {
  readonly subscriberId: string
  readonly address: string | null
  readonly state?: DeliveryState
  readonly providerId?: string | null
  readonly day?: string
}

/** Writes a delivery as the daily round leaves it, without a round; of the day before when its reader has one already. */
export async function writeDelivery(db: Database, given: WrittenDelivery): Promise<string> {
  const day = await freeDay(db, given.subscriberId, asDay(given.day ?? '2026-11-24'))
  const at = new Date(`${day}T06:00:00Z`)
  await db
    .insertInto('editions')
    .values({ day, state: 'published', reason: null, incomplete: null, reports: '[]', votes_at: at, published_at: at })
    .onConflict((conflict) => conflict.column('day').doNothing())
    .execute()
  const parcelId = randomUUID()
  await db
    .insertInto('parcels')
    .values({ id: parcelId, day, state: 'settled', next_try_at: at, created_at: at })
    .execute()
  const { id } = await db
    .insertInto('deliveries')
    .values({
      subscriber_id: given.subscriberId,
      period: day,
      day,
      parcel_id: parcelId,
      state: given.state ?? 'sent',
      address: given.address,
      provider_id: given.providerId ?? null,
      queued_at: at,
      settled_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function freeDay(db: Database, subscriberId: string, from: Day): Promise<Day> {
  const rows = await db.selectFrom('deliveries').select('period').where('subscriber_id', '=', subscriberId).execute()
  const taken = new Set(rows.map(({ period }) => period))
  let day = from
  while (taken.has(day)) day = addDays(day, -1)
  return day
}

export async function readDelivery(db: Database, id: string) {
  return db
    .selectFrom('deliveries')
    .select(['state', 'reason', 'provider_id as providerId'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}
