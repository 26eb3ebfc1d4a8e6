import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

/**
 * Ends every link of the subscriber but those to unsubscribe, to take back an address and to ask for a fresh link. Links
 * that name a row of their own, to confirm a subscription or a new address, end with that row: somebody else may have
 * asked for them, or may hold the mailbox that they went to. Inside a transaction of the caller, which has locked the
 * subscriber.
 */
export async function raiseLinkGeneration(trx: Database, subscriberId: string, at: Date): Promise<number> {
  // `updated_at` stays: it decides whether a digest is still owed.
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

/** Ends the old links at the wish of an active or paused subscriber; answers the new generation, or null for another. */
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

/** Locks the subscriber's row before any other of theirs, so that two transactions cannot wait for each other. */
export async function lockSubscriber(trx: Database, id: string): Promise<boolean> {
  const row = await trx.selectFrom('subscribers').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  return row !== undefined
}

/** The current generation of a subscriber's links; null when they were erased. */
export async function readLinkGeneration(db: Database, subscriberId: string): Promise<number | null> {
  const row = await db
    .selectFrom('subscribers')
    .select('link_generation')
    .where('id', '=', subscriberId)
    .executeTakeFirst()
  return row?.link_generation ?? null
}
