import { sql } from 'kysely'
import type { Database } from './database.ts'
import { appendEvent } from './events.ts'
import { moveSubscriber, suppress } from './subscribers.ts'

export interface Suppression {
  /** First characters of the keyed hash; the address itself is kept only where its reader is still on the list. */
  readonly hash: string
  readonly email: string | null
  readonly reason: string
  readonly note: string | null
  readonly since: Date
}

/** The suppressed addresses, newest first. */
export async function listSuppressions(db: Database, limit: number): Promise<Suppression[]> {
  const rows = await db
    .selectFrom('suppressions as x')
    .leftJoin('subscribers as s', 's.address_hash', 'x.address_hash')
    .select(['x.address_hash', 's.email', 'x.reason', 'x.note', 'x.created_at'])
    .orderBy('x.created_at', 'desc')
    .orderBy('x.address_hash')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    hash: row.address_hash.slice(0, 12),
    email: row.email,
    reason: row.reason,
    note: row.note,
    since: row.created_at,
  }))
}

/** Why → how many addresses are suppressed. */
export async function countSuppressions(db: Database): Promise<{ reason: string; count: number }[]> {
  const rows = await db
    .selectFrom('suppressions')
    .select(['reason', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('reason')
    .orderBy('reason')
    .execute()
  return rows.map((row) => ({ reason: row.reason, count: Number(row.count) }))
}

/** Suppresses an address on an operator's word. */
export async function addSuppression(db: Database, addressHash: string, note: string, at: Date): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await suppress(trx, addressHash, 'operator', at, note)
    await appendEvent(trx, { at, kind: 'suppression.added', data: { why: note } })
  })
}

/**
 * Lifts a suppression on an operator's word: the address may subscribe again. Its reader, if there is one, becomes
 * `unsubscribed` and gets nothing until they opt in. Bounces of before count no more. False when there was none.
 */
export async function liftSuppression(db: Database, addressHash: string, why: string, at: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const readers = await trx
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
    const suppressed = readers.filter((reader) => reader.state === 'suppressed')
    if (lifted === undefined && suppressed.length === 0) return false
    for (const { id } of suppressed) await moveSubscriber(trx, id, 'unsubscribed', at, `suppression lifted: ${why}`)
    await trx
      .updateTable('webhook_events')
      .set({ address_hash: null })
      .where('address_hash', '=', addressHash)
      .where('kind', '=', 'soft-bounced')
      .execute()
    await sql`update subscribers set soft_bounces = 0 where address_hash = ${addressHash}`.execute(trx)
    await appendEvent(trx, { at, kind: 'suppression.lifted', data: { why, was: lifted?.reason ?? null } })
    return true
  })
}
