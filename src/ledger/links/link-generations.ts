import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

/**
 * Invalidates the links of a subscriber, except those to unsubscribe, to restore an address and to request a new link. Confirmation
 * links do not depend on the generation. Their rows are marked as used, because somebody else may have requested them or may
 * own the mailbox. Runs in a transaction of the caller, which has locked the subscriber.
 */
export async function raiseLinkGeneration(trx: Database, subscriberId: string, at: Date): Promise<number> {
  // `updated_at` must not change: it decides whether a digest is still due.
  const { link_generation } = await trx
    .updateTable('subscribers')
    .set(({ eb }) => ({ link_generation: eb('link_generation', '+', 1) }))
    .where('id', '=', subscriberId)
    .returning('link_generation')
    .executeTakeFirstOrThrow()
  for (const table of ['address_changes', 'confirmations'] as const)
    await trx
      .updateTable(table)
      .set({ used_at: at })
      .where('subscriber_id', '=', subscriberId)
      .where('used_at', 'is', null)
      .execute()
  return link_generation
}

/** Invalidates the old links for an active or paused subscriber. Returns the new generation, or null in other states. */
export async function revokeLinks(db: Database, subscriberId: string, at: Date): Promise<number | null> {
  return db.transaction().execute(async (trx) => {
    const subscribed = await trx
      .selectFrom('subscribers')
      .select('id')
      .where('id', '=', subscriberId)
      .where('state', 'in', ['active', 'paused'])
      .forUpdate()
      .executeTakeFirst()
    if (subscribed === undefined) return null
    await appendEvent(trx, { at, kind: 'subscriber.links-ended', subscriberId, data: {} })
    return raiseLinkGeneration(trx, subscriberId, at)
  })
}

/** Locks the subscriber's row before their other rows, so that two transactions cannot deadlock. */
export async function lockSubscriber(trx: Database, id: string): Promise<boolean> {
  const row = await trx.selectFrom('subscribers').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  return row !== undefined
}

/** Returns the current link generation of a subscriber; null if they were erased. */
export async function readLinkGeneration(db: Database, subscriberId: string): Promise<number | null> {
  const row = await db
    .selectFrom('subscribers')
    .select('link_generation')
    .where('id', '=', subscriberId)
    .executeTakeFirst()
  return row?.link_generation ?? null
}
