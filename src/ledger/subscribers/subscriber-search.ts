import { type Expression, type SqlBool, sql } from 'kysely'
import type { Consent } from '../../domain/consent.ts'
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts'
import { type AdminContext, recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { moveSubscriber, toSubscriber } from './subscribers.ts'

/** A search by an operator: the start of an address, or `@domain`, and a state. */
export interface SubscriberQuery {
  readonly text: string
  readonly state: SubscriberState | null
  /** The id of the last subscriber on the previous page; null for the first page. */
  readonly before: string | null
  readonly limit: number
}

/** Returns matching subscribers, newest first. A text that begins with @ searches for a domain. */
export async function searchSubscribers(db: Database, query: SubscriberQuery): Promise<Subscriber[]> {
  const text = query.text.trim().toLowerCase()
  let select = db.selectFrom('subscribers').selectAll().orderBy('id', 'desc').limit(query.limit)
  if (text.startsWith('@')) select = select.where(sql<SqlBool>`split_part(email_key, '@', 2) = ${text.slice(1)}`)
  else if (text !== '') select = select.where(beginsWith(text))
  if (query.state !== null) select = select.where('state', '=', query.state)
  if (query.before !== null) select = select.where('id', '<', query.before)
  return (await select.execute()).map(toSubscriber)
}

/** One subscriber in the admin list, with fields that the subscriber does not see. */
export interface SubscriberListing {
  readonly subscriber: Subscriber
  readonly addressHash: string
  readonly consent: Consent | null
}

export async function readSubscriberListing(db: Database, id: string): Promise<SubscriberListing | null> {
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

/** Changes the state of a subscriber. Returns false if it is no longer the state that the operator saw. */
export async function changeState(
  db: Database,
  id: string,
  move: { readonly from: SubscriberState; readonly to: SubscriberState },
  { actor, reason, at }: AdminContext,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('subscribers').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
    if (row?.state !== move.from || !(await moveSubscriber(trx, id, move.to, at, reason))) return false
    await recordAction(
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

function beginsWith(text: string): Expression<SqlBool> {
  return sql<SqlBool>`email_key like ${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)} || '%'`
}
