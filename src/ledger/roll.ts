import { type Expression, type SqlBool, sql } from 'kysely'
import type { Subscriber, SubscriberState } from '../subscriber.ts'
import { type Actor, recordAct } from './audit.ts'
import type { Database } from './database.ts'
import { moveSubscriber, suppress, toSubscriber } from './subscribers.ts'
import type { Consent } from './tables.ts'

/** What an operator looks for: the beginning of an address, or `@domain`, and a state. */
export interface RollQuery {
  readonly text: string
  readonly state: SubscriberState | null
  /** Id of the last reader of the page before, or null to begin. */
  readonly before: string | null
  readonly limit: number
}

/** Readers, newest first. A text with an @ in front searches a domain. */
export async function searchSubscribers(db: Database, query: RollQuery): Promise<Subscriber[]> {
  const text = query.text.trim().toLowerCase()
  let select = db.selectFrom('subscribers').selectAll().orderBy('id', 'desc').limit(query.limit)
  if (text.startsWith('@')) select = select.where(sql<SqlBool>`split_part(email_key, '@', 2) = ${text.slice(1)}`)
  else if (text !== '') select = select.where(beginsWith(text))
  if (query.state !== null) select = select.where('state', '=', query.state)
  if (query.before !== null) select = select.where('id', '<', query.before)
  return (await select.execute()).map(toSubscriber)
}

export interface ReaderRecord {
  readonly subscriber: Subscriber
  readonly addressHash: string
  readonly consent: Consent | null
}

export async function readSubscriber(db: Database, id: string): Promise<ReaderRecord | null> {
  const row = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined
    ? null
    : { subscriber: toSubscriber(row), addressHash: row.address_hash, consent: row.consent }
}

export async function countByState(db: Database): Promise<{ state: SubscriberState; count: number }[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['state', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('state')
    .execute()
  return rows.map(({ state, count }) => ({ state, count: Number(count) }))
}

export interface Deed {
  readonly actor: Actor
  readonly reason: string
  readonly at: Date
}

/** Moves a reader who is still in the state that the operator saw; false when somebody was first. */
export async function moveReader(
  db: Database,
  id: string,
  move: { readonly from: SubscriberState; readonly to: SubscriberState },
  { actor, reason, at }: Deed,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('subscribers').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
    if (row?.state !== move.from || !(await moveSubscriber(trx, id, move.to, at, reason))) return false
    await recordAct(
      trx,
      actor,
      {
        action: `subscriber.${move.to}`,
        subscriberId: id,
        reason,
        before: { state: move.from },
        after: { state: move.to },
      },
      at,
    )
    return true
  })
}

/** Suppresses an address; false when it was suppressed already. */
export async function addSuppression(db: Database, addressHash: string, { actor, reason, at }: Deed): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('suppressions')
      .select('address_hash')
      .where('address_hash', '=', addressHash)
      .executeTakeFirst()
    if (known !== undefined) return false
    await suppress(trx, addressHash, `operator: ${reason}`, at)
    const reader = await readerOf(trx, addressHash)
    await recordAct(
      trx,
      actor,
      { action: 'suppression.added', subscriberId: reader, reason, after: { hash: addressHash.slice(0, 12) } },
      at,
    )
    return true
  })
}

/** Lifts a suppression; its reader becomes `unsubscribed` and must opt in again. False when there is none. */
export async function liftSuppression(
  db: Database,
  addressHash: string,
  { actor, reason, at }: Deed,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom('suppressions')
      .where('address_hash', '=', addressHash)
      .returning('reason')
      .executeTakeFirst()
    if (row === undefined) return false
    const reader = await readerOf(trx, addressHash)
    if (reader !== null) await moveSubscriber(trx, reader, 'unsubscribed', at, `suppression lifted: ${reason}`)
    await recordAct(
      trx,
      actor,
      {
        action: 'suppression.lifted',
        subscriberId: reader,
        reason,
        before: { hash: addressHash.slice(0, 12), reason: row.reason },
      },
      at,
    )
    return true
  })
}

export interface Suppression {
  readonly addressHash: string
  readonly reason: string
  readonly createdAt: Date
  /** The reader whose address it is, when the list still has him. */
  readonly subscriberId: string | null
  readonly email: string | null
}

/** Where a page of suppressions ended. */
export interface SuppressionMark {
  readonly createdAt: Date
  readonly addressHash: string
}

/** Suppressions, newest first, after the last one of the page before. */
export async function readSuppressions(
  db: Database,
  after: SuppressionMark | null,
  limit: number,
): Promise<Suppression[]> {
  let select = db
    .selectFrom('suppressions as x')
    .leftJoin('subscribers as s', 's.address_hash', 'x.address_hash')
    .select([
      'x.address_hash as addressHash',
      'x.reason',
      'x.created_at as createdAt',
      's.id as subscriberId',
      's.email',
    ])
    .orderBy('x.created_at', 'desc')
    .orderBy('x.address_hash', 'desc')
    .limit(limit)
  // Many may have come at one moment, so the moment alone is no place in the list. Pages know milliseconds only.
  if (after !== null)
    select = select.where(
      sql<SqlBool>`(date_trunc('milliseconds', x.created_at), x.address_hash) < (${after.createdAt}, ${after.addressHash})`,
    )
  return select.execute()
}

async function readerOf(db: Database, addressHash: string): Promise<string | null> {
  const row = await db.selectFrom('subscribers').select('id').where('address_hash', '=', addressHash).executeTakeFirst()
  return row?.id ?? null
}

function beginsWith(text: string): Expression<SqlBool> {
  return sql<SqlBool>`email_key like ${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)} || '%'`
}

/** Which of these readers are known or suppressed, before anybody is added. */
export async function foresee(
  db: Database,
  readers: readonly { readonly emailKey: string; readonly addressHash: string }[],
): Promise<{ readonly known: ReadonlySet<string>; readonly suppressed: ReadonlySet<string> }> {
  const keys = readers.map((reader) => reader.emailKey)
  const hashes = readers.map((reader) => reader.addressHash)
  const known = await db
    .selectFrom('subscribers')
    .select('email_key')
    .where(sql<SqlBool>`email_key = any(${keys}::text[])`)
    .execute()
  const suppressed = await db
    .selectFrom('suppressions')
    .select('address_hash')
    .where(sql<SqlBool>`address_hash = any(${hashes}::text[])`)
    .execute()
  return {
    known: new Set(known.map((row) => row.email_key)),
    suppressed: new Set(suppressed.map((row) => row.address_hash)),
  }
}
