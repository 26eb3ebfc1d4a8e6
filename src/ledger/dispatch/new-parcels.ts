import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import type { Database } from '../schema/database.ts'

export interface ParcelOptions {
  readonly day: Day
  readonly at: Date
  /** The number of deliveries in one provider call. */
  readonly parcelSize: number
  readonly newParcelId: () => string
}

/** Writes the queued parcels for `deliveries`. `parcelOf` returns the parcel for the delivery with an index. */
export async function openParcels(
  trx: Database,
  { day, at, parcelSize, newParcelId }: ParcelOptions,
  deliveries: number,
): Promise<{ readonly parcelIds: readonly string[]; readonly parcelOf: (index: number) => string }> {
  const parcelIds = Array.from({ length: Math.ceil(deliveries / parcelSize) }, newParcelId)
  await sql`
    insert into parcels (id, day, state, next_try_at, created_at, votes_at)
    select id, ${day}::date, 'queued', ${at}, ${at}, (select votes_read_at from editions where day = ${day})
    from unnest(${parcelIds}::uuid[]) as id`.execute(trx)
  return { parcelIds, parcelOf: (index) => parcelIds[Math.floor(index / parcelSize)] ?? '' }
}
