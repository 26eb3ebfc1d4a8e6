import { sql } from 'kysely'
import { CONSENT_IP_DAYS, PENDING_DAYS, SIGN_UP_DAYS } from '../../config/limits.ts'
import type { Database } from './database.ts'
import { appendEvent } from './events.ts'

/** How much one round forgot. */
export interface Forgotten {
  readonly ips: number
  readonly pending: number
  readonly signUps: number
}

const DAY_MS = 86_400_000
const MAILBOX_MAIL_DAYS = 2 // No limit on the mails to one mailbox reaches further back.
const ERASED_LOOKED_AT_DAYS = 2 // No letter is on the wire for longer.

/**
 * Forgets what is kept for a while only: the IP addresses of consents, readers who never confirmed, posts of the
 * form. At most `limit` rows of each, oldest first, so that a round is short however much there is.
 */
export async function forgetOld(db: Database, now: Date, limit: number): Promise<Forgotten> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const ips = await sql`
    update consents set ip = null where id in (
      select id from consents where ip is not null and at < ${before(CONSENT_IP_DAYS)} order by at limit ${limit})`.execute(
    db,
  )
  const signUps = await sql`
    delete from sign_ups where id in (
      select id from sign_ups where at < ${before(SIGN_UP_DAYS)} order by at limit ${limit})`.execute(db)
  await sql`
    delete from mailbox_mails where (mailbox_hash, kind) in (
      select mailbox_hash, kind from mailbox_mails where at < ${before(MAILBOX_MAIL_DAYS)} order by at limit ${limit})`.execute(
    db,
  )
  await forgetErased(db, before(ERASED_LOOKED_AT_DAYS))
  const pending = await forgetPending(db, before(PENDING_DAYS), now, limit)
  return { ips: Number(ips.numAffectedRows ?? 0), pending, signUps: Number(signUps.numAffectedRows ?? 0) }
}

/**
 * Whoever was asked and never answered. One who was a reader before and left goes back to that: a stranger's post must
 * not make the ledger forget what they had and that they left.
 */
async function forgetPending(db: Database, before: Date, now: Date, limit: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const stale = await trx
      .selectFrom('subscribers')
      .select(['id', 'confirmed_at'])
      .where('state', '=', 'pending')
      .where('changed_at', '<', before)
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
      .orderBy('changed_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()
    const back = stale.filter((row) => row.confirmed_at !== null).map((row) => row.id)
    const gone = stale.filter((row) => row.confirmed_at === null).map((row) => row.id)
    if (back.length > 0)
      await trx
        .updateTable('subscribers')
        .set({ state: 'unsubscribed', changed_at: now })
        .where('id', 'in', back)
        .execute()
    if (gone.length > 0) {
      await trx.updateTable('notices').set({ address: '' }).where('subscriber_id', 'in', gone).execute()
      await trx.deleteFrom('subscribers').where('id', 'in', gone).execute()
    }
    for (const id of back)
      await appendEvent(trx, {
        at: now,
        kind: 'subscriber.unsubscribed',
        subscriberId: id,
        data: { why: 'never confirmed' },
      })
    for (const id of gone)
      await appendEvent(trx, {
        at: now,
        kind: 'subscriber.forgotten',
        subscriberId: id,
        data: { why: 'never confirmed' },
      })
    return stale.length
  })
}

/** A letter that was on the wire when its reader was erased keeps its address until it has settled, and no longer. */
async function forgetErased(db: Database, since: Date): Promise<void> {
  await sql`
    update deliveries d set address = null, choice = null, paper_ids = null from events e
    where e.kind = 'subscriber.erased' and e.at > ${since} and d.subscriber_id = e.subscriber_id
      and d.state <> 'sending' and d.address is not null`.execute(db)
  await sql`
    update notices n set address = '' from events e
    where e.kind = 'subscriber.erased' and e.at > ${since} and n.subscriber_id = e.subscriber_id
      and n.state <> 'sending' and n.address <> ''`.execute(db)
}
