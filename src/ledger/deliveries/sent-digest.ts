import { day as asDay, type Day } from '../../domain/day.ts'
import { type DigestItem, readSelection } from '../../domain/parcel.ts'
import type { LinkOwner } from '../../security/link-generation.ts'
import type { Database } from '../schema/database.ts'

/** `frozen`: what a delivery carried. `waiting`: nothing is frozen of it yet, or nothing went out. `erased`: its reader is gone. `gone`: its month is no longer kept. */
export type SentDelivery =
  | {
      readonly kind: 'frozen'
      readonly owner: LinkOwner
      readonly day: Day
      readonly keyId: string | null
      /** The template of its message, or null before the claim. */
      readonly template: string | null
      /** The reading of votes that it was made with; null: the edition’s own. */
      readonly votesAt: Date | null
      readonly member: DigestItem
    }
  | { readonly kind: 'waiting'; readonly owner: LinkOwner; readonly day: Day }
  | { readonly kind: 'erased' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' }

/** A delivery as it was frozen, to be composed again for its reader's browser. */
export async function readSent(db: Database, deliveryId: string): Promise<SentDelivery> {
  const row = await db
    .selectFrom('deliveries as d')
    .leftJoin('parcels as p', 'p.id', 'd.parcel_id')
    .leftJoin('subscribers as s', 's.id', 'd.subscriber_id')
    .select([
      'd.day',
      'd.subscriber_id',
      'd.paper_ids',
      'd.selection',
      'd.address',
      'd.attempts',
      'p.key_id',
      'p.template',
      'p.votes_at',
      's.id as reader',
      's.link_generation',
    ])
    .where('d.id', '=', deliveryId)
    .executeTakeFirst()
  if (row === undefined) return { kind: (await wasDropped(db, deliveryId)) ? 'gone' : 'unknown' }
  if (row.reader === null) return { kind: 'erased' }
  const day = asDay(row.day)
  const owner = { id: row.reader, linkGeneration: row.link_generation ?? 0 }
  if (row.selection === null || row.paper_ids === null || row.paper_ids.length === 0)
    return { kind: 'waiting', owner, day }
  const member: DigestItem = {
    deliveryId,
    subscriberId: row.subscriber_id,
    address: row.address ?? '',
    paperIds: row.paper_ids,
    selection: readSelection(row.selection),
    deferrals: row.attempts,
  }
  return { kind: 'frozen', owner, day, keyId: row.key_id, template: row.template, votesAt: row.votes_at, member }
}

/** A number above all that were dropped is of nothing that is known here, such as of a ledger that was restored. */
async function wasDropped(db: Database, deliveryId: string): Promise<boolean> {
  const month = await db
    .selectFrom('dropped_months')
    .select('month')
    .where('last_id', '>=', deliveryId)
    .limit(1)
    .executeTakeFirst()
  return month !== undefined
}
