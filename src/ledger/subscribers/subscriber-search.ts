import type { Consent } from '../../domain/consent.ts'
import type { Subscriber, SubscriberState } from '../../domain/subscriber.ts'
import { type AdminContext, recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { moveSubscriber, toSubscriber } from './subscribers.ts'

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
