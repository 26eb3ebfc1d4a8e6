import { sql } from 'kysely'
import { digestMessageId, transactionalMessageId } from '../../mail/message-id.ts'
import type { Erased } from '../../subscriptions/erase.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

/**
 * Erases a subscriber. The row is deleted with everything that refers to it, such as former addresses. In other tables, every
 * address, IP address and text written by people or mail servers is removed. Only the keyed hash in `suppressions` stays, so
 * that the address is not mailed again by mistake (GDPR Art. 17(3)(b)). Every statement uses an index, so that it is fast in a
 * large ledger too. Returns null if the subscriber was already erased.
 */
export async function eraseSubscriber(db: Database, id: string, at: Date): Promise<Erased | null> {
  return db.transaction().execute((trx) => eraseWithin(trx, id, at))
}

/** As `eraseSubscriber`, in a transaction of the caller. */
export async function eraseWithin(trx: Database, id: string, at: Date): Promise<Erased | null> {
  // Read first: deleting the subscriber also deletes these rows.
  const hashes = await readAddressHashes(trx, id)
  const row = await trx
    .deleteFrom('subscribers')
    .where('id', '=', id)
    .returning(['email', 'address_hash'])
    .executeTakeFirst()
  if (row === undefined) return null
  await trx
    .insertInto('suppressions')
    .values({ address_hash: row.address_hash, reason: 'erased', note: null, created_at: at })
    .onConflict((conflict) => conflict.column('address_hash').doUpdateSet({ note: null }))
    .execute()
  await sql`update suppressions set note = null where address_hash = any(${hashes}) and note is not null`.execute(trx)
  await trx
    .updateTable('deliveries')
    .set({ state: 'skipped', reason: 'erased', settled_at: at })
    .where('subscriber_id', '=', id)
    .where('state', '=', 'queued')
    .execute()
  await sql`delete from sign_ups where subscriber_id = ${id}`.execute(trx)
  // Two statements, because each uses a different index.
  for (const state of [sql`state = 'dropped'`, sql`state <> 'dropped'`])
    await sql`delete from sign_ups where address_hash = any(${hashes}) and ${state}`.execute(trx)
  // The next admin page shows this message, and it may contain the address.
  await sql`update operator_sessions set note = null where position(${row.email} in note::text) > 0`.execute(trx)
  const messageIds = await eraseTraces(trx, [id])
  await appendEvent(trx, { at, kind: 'subscriber.erased', subscriberId: id, data: {} })
  return { messageIds }
}

/** Returns the hashes of the current address, of former ones, and of those in unconfirmed address changes. */
async function readAddressHashes(trx: Database, id: string): Promise<string[]> {
  const { rows } = await sql<{ hash: string }>`
    select address_hash as hash from subscribers where id = ${id}
    union select address_hash from former_addresses where subscriber_id = ${id}
    union select new_address_hash from address_changes where subscriber_id = ${id}`.execute(trx)
  return rows.map(({ hash }) => hash)
}

/**
 * Removes personal data from rows that stay after an erasure: addresses of messages, selections, and all texts of mail servers,
 * subscribers and operators. A message that is being sent has its address until it is settled, because the same bytes may have
 * to be repeated; `eraseLate` removes it afterwards. Returns the ids of the messages.
 */
export async function eraseTraces(trx: Database, subscriberIds: readonly string[]): Promise<string[]> {
  const ids = sql`any(${subscriberIds}::bigint[])`
  const { rows: deliveries } = await sql<{ id: string; day: string; parcel_id: string }>`
    update deliveries set address = null, selection = null, paper_numbers = null,
      reason = case when state = 'skipped' then reason end
    where subscriber_id = ${ids} and state <> 'sending' returning id, day, parcel_id`.execute(trx)
  const { rows: transactionalEmails } = await sql<{ id: string; kind: string }>`
    update transactional_emails set address = '', sample = null, reason = case when state = 'skipped' then reason end
    where subscriber_id = ${ids} and state <> 'sending' returning id, kind`.execute(trx)
  const deliveryIds = sql`any(${deliveries.map(({ id }) => id)}::bigint[])`
  const transactionalIds = sql`any(${transactionalEmails.map(({ id }) => id)}::uuid[])`
  const parcelIds = sql`any(${deliveries.map(({ parcel_id }) => parcel_id)}::uuid[])`
  for (const statement of [
    sql`update parcels set reason = null where id = ${parcelIds} and reason is not null`,
    sql`update webhook_events set reason = null where delivery_id = ${deliveryIds} and reason is not null`,
    sql`update webhook_events set reason = null where transactional_email_id = ${transactionalIds} and reason is not null`,
    sql`update events set data = '{}' where subscriber_id = ${ids} and data <> '{}'`,
    sql`update events set data = '{}' where delivery_id = ${deliveryIds} and data <> '{}'`,
    sql`update operator_actions set reason = null, before = null, after = null where subscriber_id = ${ids}`,
  ])
    await statement.execute(trx)
  return [
    ...deliveries.map(({ id, day }) => digestMessageId(day, id)),
    ...transactionalEmails.map(({ id, kind }) => transactionalMessageId(kind, id)),
  ]
}

/** Removes personal data from messages that were being sent when their subscriber was erased, if that was after `since`. */
export async function eraseLate(db: Database, since: Date, limit: number): Promise<Erased> {
  const { rows } = await sql<{ id: string }>`
    select e.subscriber_id as id from events e
    where e.kind = 'subscriber.erased' and e.created_at > ${since} and (
      exists (select from deliveries d where d.subscriber_id = e.subscriber_id and d.state <> 'sending'
        and d.address is not null)
      or exists (select from transactional_emails n where n.subscriber_id = e.subscriber_id and n.state <> 'sending'
        and n.address <> ''))
    order by e.created_at limit ${limit}`.execute(db)
  if (rows.length === 0) return { messageIds: [] }
  return {
    messageIds: await db.transaction().execute((trx) =>
      eraseTraces(
        trx,
        rows.map(({ id }) => id),
      ),
    ),
  }
}
