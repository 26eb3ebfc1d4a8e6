import { day as asDay, type Day } from '../../domain/day.ts'
import type { DigestItem } from '../../domain/parcel.ts'
import type { LinkOwner } from '../../security/link-generation.ts'
import type { Database } from '../schema/database.ts'
import { paperIdsIn } from './paper-numbers.ts'
import { readSelection } from './selection-text.ts'

/**
 * `frozen`: the content of a delivery. `waiting`: no content is frozen yet, or the digest was not sent. `erased`: the
 * subscriber was erased. `gone`: the month was dropped.
 */
export type SentDelivery =
  | {
      readonly kind: 'frozen'
      readonly owner: LinkOwner
      readonly day: Day
      readonly keyId: string | null
      /** The template of its message, or null before the claim. */
      readonly template: string | null
      /** The time of the votes that it shows; null: those of the edition. */
      readonly votesAt: Date | null
      readonly member: DigestItem
    }
  | { readonly kind: 'waiting'; readonly owner: LinkOwner; readonly day: Day }
  | { readonly kind: 'erased' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' }

/** Returns a delivery as it was frozen, so that the subscriber's browser can show it. */
export async function readSent(db: Database, deliveryId: string): Promise<SentDelivery> {
  const row = await db
    .selectFrom('deliveries as d')
    .leftJoin('parcels as p', 'p.id', 'd.parcel_id')
    .leftJoin('subscribers as s', 's.id', 'd.subscriber_id')
    .select([
      'd.day',
      'd.subscriber_id',
      paperIdsIn('d.paper_numbers').as('paper_ids'),
      'd.selection',
      'd.address',
      'd.attempts',
      'p.key_id',
      'p.template',
      'p.votes_at',
      's.id as known_subscriber_id',
      's.link_generation',
    ])
    .where('d.id', '=', deliveryId)
    .executeTakeFirst()
  if (row === undefined) return { kind: (await wasDropped(db, deliveryId)) ? 'gone' : 'unknown' }
  if (row.known_subscriber_id === null) return { kind: 'erased' }
  const day = asDay(row.day)
  const owner = { id: row.known_subscriber_id, linkGeneration: row.link_generation ?? 0 }
  if (row.selection === null || row.paper_ids === null || row.paper_ids.length === 0)
    return { kind: 'waiting', owner, day }
  const member: DigestItem = {
    deliveryId,
    subscriberId: row.subscriber_id,
    address: row.address ?? '',
    paperIds: row.paper_ids,
    selection: readSelection(row.selection, row.paper_ids),
    deferrals: row.attempts,
  }
  return { kind: 'frozen', owner, day, keyId: row.key_id, template: row.template, votesAt: row.votes_at, member }
}

/**
 * Returns whether the delivery was dropped with its month. A greater id than that of any dropped delivery is unknown, for
 * example from a ledger that was restored.
 */
async function wasDropped(db: Database, deliveryId: string): Promise<boolean> {
  const month = await db
    .selectFrom('dropped_months')
    .select('month')
    .where('last_id', '>=', deliveryId)
    .limit(1)
    .executeTakeFirst()
  return month !== undefined
}
