import { sql } from 'kysely'
import { ADDRESS_UNDO_DAYS } from '../../../config/limits-subscriptions.ts'
import type { SubscriberState } from '../../domain/subscriber.ts'
import { deleteUnconfirmed } from '../maintenance/prune.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { lockSubscriber, raiseLinkGeneration } from './link-generations.ts'

/** `open`: not restored yet. `restored`: the subscriber has this address again. `spent`: the link has no effect. */
export type FormerAddress = ({ readonly kind: 'open' | 'restored' } & FoundAddress) | { readonly kind: 'spent' }

export interface FoundAddress {
  readonly subscriberId: string
  readonly email: string
  readonly state: SubscriberState
}

/** `taken`: another subscriber has the address, or it is suppressed. */
export type AddressRestored = FormerAddress | { readonly kind: 'taken' }

/** Stores the address that a subscriber replaced, until it can no longer be restored. */
export async function saveFormerAddress(
  trx: Database,
  former: {
    /** Also the id of the mail that tells the former address about the change. */
    readonly id: string
    readonly subscriberId: string
    readonly email: string
    readonly emailKey: string
    readonly addressHash: string
  },
  at: Date,
): Promise<void> {
  await trx
    .insertInto('former_addresses')
    .values({
      id: former.id,
      subscriber_id: former.subscriberId,
      email: former.email,
      email_key: former.emailKey,
      address_hash: former.addressHash,
      expires_at: new Date(at.getTime() + ADDRESS_UNDO_DAYS * 86_400_000),
      ended_at: null,
    })
    .execute()
}

/** Reads the state behind the link in the mail to a former address without changing it. */
export async function readFormerAddress(db: Database, id: string, at: Date): Promise<FormerAddress> {
  const row = await db
    .selectFrom('former_addresses as f')
    .innerJoin('subscribers as s', 's.id', 'f.subscriber_id')
    .select(['s.id', 'f.email', 'f.email_key', 'f.expires_at', 'f.ended_at', 's.email_key as current_key', 's.state'])
    .where('f.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return { kind: 'spent' }
  const found = { subscriberId: row.id, email: row.email, state: row.state }
  if (row.ended_at !== null) return row.email_key === row.current_key ? { kind: 'restored', ...found } : SPENT
  return row.expires_at > at ? { kind: 'open', ...found } : SPENT
}

const SPENT = { kind: 'spent' } as const

/**
 * Restores a former address, and ends the links of the person who changed it. Later changes become invalid, so that somebody who
 * changed the address twice cannot restore their own. An earlier address can still be restored.
 */
export async function restoreAddress(db: Database, id: string, at: Date): Promise<AddressRestored> {
  try {
    return await db.transaction().execute((trx) => restore(trx, id, at))
  } catch (error) {
    // Somebody confirmed this address at the same time, and the unique index rejected one.
    if ((error as { code?: string }).code === '23505') return { kind: 'taken' }
    throw error
  }
}

async function restore(trx: Database, id: string, at: Date): Promise<AddressRestored> {
  const named = await trx.selectFrom('former_addresses').select('subscriber_id').where('id', '=', id).executeTakeFirst()
  if (named === undefined || !(await lockSubscriber(trx, named.subscriber_id))) return SPENT
  const view = await readFormerAddress(trx, id, at)
  if (view.kind !== 'open') return view
  const former = await trx.selectFrom('former_addresses').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const subscriberId = former.subscriber_id
  if (!(await releaseAddress(trx, former, at))) return { kind: 'taken' }
  // A complaint or a sign-up of the other address does not apply to this one, so the subscriber opts in again.
  const state = view.state === 'suppressed' || view.state === 'pending' ? 'unsubscribed' : view.state
  await trx
    .updateTable('subscribers')
    .set({
      email: former.email,
      email_key: former.email_key,
      address_hash: former.address_hash,
      state,
      soft_bounces: 0,
      delivered_at: null,
      updated_at: at,
    })
    .where('id', '=', subscriberId)
    .execute()
  await trx
    .updateTable('former_addresses')
    .set({ ended_at: at })
    .where('subscriber_id', '=', subscriberId)
    .where('place', '>=', former.place)
    .where('ended_at', 'is', null)
    .execute()
  await raiseLinkGeneration(trx, subscriberId, at)
  await appendEvent(trx, { at, kind: 'subscriber.address-restored', subscriberId, data: {} })
  if (state !== view.state) {
    const data = { why: 'its address was taken back' }
    await appendEvent(trx, { at, kind: 'subscriber.unsubscribed', subscriberId, data })
  }
  return { kind: 'restored', subscriberId, email: former.email, state }
}

/**
 * Returns whether the address is free. An unconfirmed sign-up does not block it, because anybody can post one, also to keep an
 * address from its owner.
 */
async function releaseAddress(
  trx: Database,
  { subscriber_id, email_key, address_hash }: { subscriber_id: string; email_key: string; address_hash: string },
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`select from suppressions where address_hash = ${address_hash}`.execute(trx)
  if (rows.length > 0) return false
  const other = await trx
    .selectFrom('subscribers')
    .select(['id', 'state', 'confirmed_at'])
    .where('email_key', '=', email_key)
    .where('id', '<>', subscriber_id)
    .forUpdate()
    .executeTakeFirst()
  if (other === undefined) return true
  if (other.state !== 'pending' || other.confirmed_at !== null) return false
  await deleteUnconfirmed(trx, [other.id], 'its address was taken back', at)
  return true
}
