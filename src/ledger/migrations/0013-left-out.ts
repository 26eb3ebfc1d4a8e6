import { type Kysely, sql } from 'kysely'

/** Whom the repeats of a parcel went without, so that each body that a key may be kept for can be made again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Ids of deliveries, in the order in which they were left out: repeats went without the first so many of them.
  await sql.raw(`alter table parcels add column left_out bigint[] not null default '{}'`).execute(db)
}
