import { sql } from 'kysely'
import {
  ADDRESS_UNDO_DAYS,
  CONSENT_IP_DAYS,
  FULL_IP_DAYS,
  PENDING_DAYS,
  SIGN_UP_DAYS,
} from '../../../config/limits-subscriptions.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { eraseLate, eraseTraces } from '../subscribers/erase.ts'
import { shortenAddresses } from './shorten-ips.ts'

/** The number of rows that one run deleted. */
export interface Pruned {
  readonly ips: number
  readonly pending: number
  readonly signUps: number
  /** The ids of messages to erased and deleted subscribers, which the outbox must delete too. */
  readonly messageIds: readonly string[]
}

const DAY_MS = 86_400_000
const MAILBOX_MAIL_DAYS = 2 // No limit on the mails to one mailbox looks further back.
const ERASED_LOOKED_AT_DAYS = 2 // No message is being sent for longer.

/**
 * Deletes data that is stored for a limited time: IP addresses of consents, unconfirmed subscribers, posts of the form, former
 * addresses and unconfirmed new ones. It deletes at most `limit` rows of each, oldest first, so that a run is short.
 */
export async function prune(db: Database, now: Date, limit: number): Promise<Pruned> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const ips = await sql`
    update consents set ip = null where id in (
      select id from consents where ip is not null and created_at < ${before(CONSENT_IP_DAYS)} order by created_at limit ${limit})`.execute(
    db,
  )
  const signUps = await sql`
    delete from sign_ups where id in (
      select id from sign_ups where created_at < ${before(SIGN_UP_DAYS)} order by created_at limit ${limit})`.execute(
    db,
  )
  await sql`
    delete from mailbox_mails where (mailbox_hash, kind) in (
      select mailbox_hash, kind from mailbox_mails where created_at < ${before(MAILBOX_MAIL_DAYS)} order by created_at limit ${limit})`.execute(
    db,
  )
  await shortenAddresses(db, before(FULL_IP_DAYS), limit)
  await sql`delete from login_attempts where since < ${before(FULL_IP_DAYS)}`.execute(db)
  const late = await eraseLate(db, before(ERASED_LOOKED_AT_DAYS), limit)
  await sql`
    delete from former_addresses where id in (
      select id from former_addresses where expires_at <= ${now} order by expires_at limit ${limit})`.execute(db)
  await sql`
    delete from address_changes where id in (
      select id from address_changes where created_at < ${before(ADDRESS_UNDO_DAYS)}
      order by created_at limit ${limit})`.execute(db)
  const pending = await deletePending(db, before(PENDING_DAYS), now, limit)
  return {
    ips: Number(ips.numAffectedRows ?? 0),
    pending: pending.count,
    signUps: Number(signUps.numAffectedRows ?? 0),
    messageIds: [...late.messageIds, ...pending.messageIds],
  }
}

/**
 * Deletes subscribers who never confirmed. A former subscriber becomes unsubscribed again instead, so that a stranger's form
 * post does not delete their history.
 */
async function deletePending(
  db: Database,
  before: Date,
  now: Date,
  limit: number,
): Promise<{ readonly count: number; readonly messageIds: readonly string[] }> {
  return db.transaction().execute(async (trx) => {
    const stale = await trx
      .selectFrom('subscribers')
      .select(['id', 'confirmed_at'])
      .where('state', '=', 'pending')
      .where('updated_at', '<', before)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('confirmations')
              .select('confirmations.id')
              .whereRef('confirmations.subscriber_id', '=', 'subscribers.id')
              .where('confirmations.created_at', '>=', before),
          ),
        ),
      )
      .orderBy('updated_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()
    const back = stale.filter((row) => row.confirmed_at !== null).map((row) => row.id)
    const gone = stale.filter((row) => row.confirmed_at === null).map((row) => row.id)
    if (back.length > 0)
      await trx
        .updateTable('subscribers')
        .set({ state: 'unsubscribed', updated_at: now })
        .where('id', 'in', back)
        .execute()
    for (const id of back)
      await appendEvent(trx, {
        at: now,
        kind: 'subscriber.unsubscribed',
        subscriberId: id,
        data: { why: 'never confirmed' },
      })
    const messageIds = await deleteUnconfirmed(trx, gone, 'never confirmed', now)
    return { count: stale.length, messageIds }
  })
}

/** Deletes unconfirmed subscribers. The caller has locked their rows. Returns the ids of the messages to them. */
export async function deleteUnconfirmed(
  trx: Database,
  ids: readonly string[],
  why: string,
  at: Date,
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const messageIds = await eraseTraces(trx, ids)
  await sql`delete from sign_ups where subscriber_id = any(${ids}::bigint[])`.execute(trx)
  await trx.deleteFrom('subscribers').where('id', 'in', ids).execute()
  for (const subscriberId of ids)
    await appendEvent(trx, { at, kind: 'subscriber.forgotten', subscriberId, data: { why } })
  return messageIds
}
