import { sql } from 'kysely'
import {
  ADDRESS_CHANGES_PER_DAY_MAX,
  CONFIRM_HOURS,
  MAILBOX_INTERVAL_HOURS,
} from '../../../config/limits-subscriptions.ts'
import { writeTransactionals } from '../deliveries/transactional.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { claimMailbox } from '../signups/mailbox-mails.ts'
import { lockReachable } from '../subscribers/lock-reachable.ts'
import { lockSubscriber } from './link-generations.ts'
import { isAddressFree, replaceAddress } from './replace-address.ts'

export interface AddressChangeOptions {
  /** The id of the change and of the transactional email to the new address. */
  readonly id: string
  readonly subscriberId: string
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
  /** From `hashMailbox`. */
  readonly mailboxHash: string
}

/**
 * `asked`: a mail goes to the new address. `silent`: no mail, because another subscriber has the address, it is suppressed, or
 * its mailbox already got a mail today. Both get the same answer, so that nobody can probe the list.
 */
export type AddressChangeResult = { readonly kind: 'asked' | 'silent' | 'same' | 'too-often' | 'not-found' }

const DAY_MS = 24 * 3_600_000

/** Stores a request to change the address. The address changes when the new mailbox confirms it. */
export async function requestAddressChange(
  db: Database,
  options: AddressChangeOptions,
  at: Date,
): Promise<AddressChangeResult> {
  return db.transaction().execute(async (trx) => {
    const subscriber = await lockReachable(trx, options.subscriberId)
    if (subscriber === null) return { kind: 'not-found' }
    if (subscriber.emailKey === options.emailKey) return { kind: 'same' }
    const asked = await countRequests(trx, options.subscriberId, new Date(at.getTime() - DAY_MS))
    if (asked >= ADDRESS_CHANGES_PER_DAY_MAX) return { kind: 'too-often' }
    const { mailboxHash } = options
    const everyMs = MAILBOX_INTERVAL_HOURS * 3_600_000
    const isFirst = await claimMailbox(trx, { mailboxHash, kind: 'address-change', at, everyMs })
    const usable = isFirst && (await isAddressFree(trx, options))
    await trx
      .insertInto('address_changes')
      .values({
        id: options.id,
        subscriber_id: options.subscriberId,
        new_email: options.email,
        new_email_key: options.emailKey,
        new_address_hash: options.addressHash,
        created_at: at,
        expires_at: new Date(at.getTime() + CONFIRM_HOURS * 3_600_000),
        used_at: null,
      })
      .execute()
    await appendEvent(trx, { at, kind: 'subscriber.address-asked', subscriberId: options.subscriberId, data: {} })
    if (!usable) return { kind: 'silent' }
    const transactional = {
      id: options.id,
      kind: 'address-confirm' as const,
      subscriberId: options.subscriberId,
      address: options.email,
    }
    await writeTransactionals(trx, [transactional], at)
    return { kind: 'asked' }
  })
}

/** `open`: not confirmed yet. `done`: the subscriber already has this address. */
export type AddressChange = { readonly kind: 'open' | 'done'; readonly email: string } | { readonly kind: 'spent' }

/** Returns the state of an address change without changing it. */
export async function readAddressChange(db: Database, id: string, at: Date): Promise<AddressChange> {
  const row = await db
    .selectFrom('address_changes as c')
    .innerJoin('subscribers as s', 's.id', 'c.subscriber_id')
    .select(['c.new_email', 'c.new_email_key', 'c.expires_at', 'c.used_at', 's.email_key', 's.state'])
    .where('c.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return { kind: 'spent' }
  if (row.used_at !== null && row.email_key === row.new_email_key) return { kind: 'done', email: row.new_email }
  const open = row.used_at === null && row.expires_at > at && ['active', 'paused'].includes(row.state)
  return open ? { kind: 'open', email: row.new_email } : { kind: 'spent' }
}

export type AddressConfirmed =
  | { readonly kind: 'moved'; readonly email: string; readonly transactionalId: string }
  | AddressChange
  | { readonly kind: 'taken' }

/**
 * Changes the address of a subscriber once the new one is confirmed, and tells the old address, which can be restored for some
 * time. Older links and other open changes become invalid. `taken`: somebody else has subscribed with the address meanwhile.
 */
export async function confirmAddressChange(
  db: Database,
  id: string,
  transactionalId: string,
  at: Date,
): Promise<AddressConfirmed> {
  try {
    return await db.transaction().execute(async (trx) => {
      const named = await trx
        .selectFrom('address_changes')
        .select('subscriber_id')
        .where('id', '=', id)
        .executeTakeFirst()
      if (named === undefined || !(await lockSubscriber(trx, named.subscriber_id))) return { kind: 'spent' }
      const view = await readAddressChange(trx, id, at)
      if (view.kind !== 'open') return view
      const change = await trx.selectFrom('address_changes').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      if (!(await isAddressFree(trx, { emailKey: change.new_email_key, addressHash: change.new_address_hash })))
        return { kind: 'taken' }
      const subscriberId = change.subscriber_id
      const to = { email: change.new_email, emailKey: change.new_email_key, addressHash: change.new_address_hash }
      const old = await replaceAddress(trx, { subscriberId, to, formerId: transactionalId }, at)
      await appendEvent(trx, { at, kind: 'subscriber.address-changed', subscriberId, data: {} })
      await writeTransactionals(
        trx,
        [{ id: transactionalId, kind: 'address-changed', subscriberId, address: old.email }],
        at,
      )
      return { kind: 'moved', email: change.new_email, transactionalId }
    })
  } catch (error) {
    // Two subscribers confirmed the same address at once, and the unique index rejected one.
    if ((error as { code?: string }).code === '23505') return { kind: 'taken' }
    throw error
  }
}

async function countRequests(trx: Database, subscriberId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ asked: string }>`
    select count(*) as asked from address_changes where created_at > ${since} and subscriber_id = ${subscriberId}`.execute(
    trx,
  )
  return Number(rows[0]?.asked ?? 0)
}
