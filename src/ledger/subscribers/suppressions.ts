import { type SqlBool, sql } from 'kysely'
import { withoutAddresses } from '../../text/without-addresses.ts'
import { type AdminContext, recordAction } from '../operators/audit.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { moveSubscriber, suppress } from './subscribers.ts'

export interface Suppression {
  /** A keyed hash. The address itself is known only while it has a subscriber. */
  readonly hash: string
  readonly subscriberId: string | null
  readonly email: string | null
  readonly reason: string
  readonly note: string | null
  readonly since: Date
}

/** The cursor of a page of suppressions. */
export type SuppressionListing = Pick<Suppression, 'since' | 'hash'>

/** Returns a page of suppressions, newest first. */
export async function listSuppressions(
  db: Database,
  limit: number,
  after: SuppressionListing | null = null,
): Promise<Suppression[]> {
  let select = db
    .selectFrom('suppressions as x')
    .leftJoin('subscribers as s', 's.address_hash', 'x.address_hash')
    .select([
      'x.address_hash as hash',
      's.id as subscriberId',
      's.email',
      'x.reason',
      'x.note',
      'x.created_at as since',
    ])
    .orderBy('x.created_at', 'desc')
    .orderBy('x.address_hash', 'desc')
    .limit(limit)
  // Many can have the same time, so the cursor needs the hash too. Pages have times in milliseconds only.
  if (after !== null)
    select = select.where(
      sql<SqlBool>`(date_trunc('milliseconds', x.created_at), x.address_hash) < (${after.since}, ${after.hash})`,
    )
  return select.execute()
}

/** Returns the number of suppressed addresses for each reason. */
export async function countSuppressions(db: Database): Promise<{ reason: string; count: number }[]> {
  const rows = await db
    .selectFrom('suppressions')
    .select(['reason', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('reason')
    .orderBy('reason')
    .execute()
  return rows.map((row) => ({ reason: row.reason, count: Number(row.count) }))
}

/** Returns why an address is suppressed, or null. */
export async function readSuppression(
  db: Database,
  addressHash: string,
): Promise<Pick<Suppression, 'reason' | 'note' | 'since'> | null> {
  const row = await db
    .selectFrom('suppressions')
    .select(['reason', 'note', 'created_at as since'])
    .where('address_hash', '=', addressHash)
    .executeTakeFirst()
  return row ?? null
}

/** Suppresses an address for an operator. Returns false if an operator already suppressed it. */
export async function addSuppression(
  db: Database,
  addressHash: string,
  { actor, reason: typed, at }: AdminContext,
): Promise<boolean> {
  const reason = withoutAddresses(typed)
  return db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('suppressions')
      .select('reason')
      .where('address_hash', '=', addressHash)
      .executeTakeFirst()
    if (known?.reason === 'operator') return false
    await suppress(trx, addressHash, 'operator', at, reason)
    const subscriberId = await subscriberOf(trx, addressHash)
    await appendEvent(trx, {
      at,
      kind: 'suppression.added',
      ...(subscriberId === null ? {} : { subscriberId }),
      data: { why: reason },
    })
    const action = {
      action: 'suppression.added',
      subscriberId,
      reason,
      before: known === undefined ? null : { reason: known.reason },
      after: { hash: addressHash.slice(0, HASH_CHARS_SHOWN) },
    }
    await recordAction(trx, actor, action, at)
    return true
  })
}

/**
 * Lifts a suppression for an operator, so that the address can subscribe again. Its subscriber, if there is one, becomes
 * `unsubscribed` and gets no mail until they opt in. Earlier bounces no longer count. Returns false if there was no
 * suppression.
 */
export async function liftSuppression(
  db: Database,
  addressHash: string,
  { actor, reason: typed, at }: AdminContext,
): Promise<boolean> {
  const why = withoutAddresses(typed)
  return db.transaction().execute(async (trx) => {
    const subscribers = await trx
      .selectFrom('subscribers')
      .select(['id', 'state'])
      .where('address_hash', '=', addressHash)
      .forUpdate()
      .execute()
    const lifted = await trx
      .deleteFrom('suppressions')
      .where('address_hash', '=', addressHash)
      .returning('reason')
      .executeTakeFirst()
    const suppressed = subscribers.filter((subscriber) => subscriber.state === 'suppressed')
    if (lifted === undefined && suppressed.length === 0) return false
    for (const { id } of suppressed) await moveSubscriber(trx, id, 'unsubscribed', at, `suppression lifted: ${why}`)
    await trx
      .updateTable('webhook_events')
      .set({ address_hash: null })
      .where('address_hash', '=', addressHash)
      .where('kind', '=', 'soft-bounced')
      .execute()
    await sql`update subscribers set soft_bounces = 0 where address_hash = ${addressHash}`.execute(trx)
    const subscriberId = subscribers[0]?.id
    await appendEvent(trx, {
      at,
      kind: 'suppression.lifted',
      ...(subscriberId === undefined ? {} : { subscriberId }),
      data: { why, was: lifted?.reason ?? null },
    })
    const action = {
      action: 'suppression.lifted',
      subscriberId: subscriberId ?? null,
      reason: why,
      before: { hash: addressHash.slice(0, HASH_CHARS_SHOWN), reason: lifted?.reason ?? null },
    }
    await recordAction(trx, actor, action, at)
    return true
  })
}

const HASH_CHARS_SHOWN = 12

async function subscriberOf(db: Database, addressHash: string): Promise<string | null> {
  const row = await db.selectFrom('subscribers').select('id').where('address_hash', '=', addressHash).executeTakeFirst()
  return row?.id ?? null
}
