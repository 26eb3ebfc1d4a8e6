import { sql } from 'kysely'
import { UNDO_HOURS } from '../../../config/limits-subscriptions.ts'
import type { SubscriberState } from '../../domain/subscriber.ts'
import type { UnsubscribeMethod, UnsubscribeOutcome } from '../../subscriptions/unsubscribe.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { setEligibleFrom } from './subscribers.ts'

const LEAVABLE: readonly SubscriberState[] = ['pending', 'active', 'paused']

/** Unsubscribes by guarded update, so that only the first of two clicks changes the state. */
export async function unsubscribe(
  db: Database,
  { subscriberId: id, by, at }: { readonly subscriberId: string; readonly by: UnsubscribeMethod; readonly at: Date },
  /** The request was stored at `at` and is applied later. A subscription that was renewed since then is not changed. */
  { deferred }: { readonly deferred: boolean } = { deferred: false },
): Promise<UnsubscribeOutcome> {
  return db.transaction().execute(async (trx) => {
    const unsubscribed = await trx
      .updateTable('subscribers')
      .set({
        state: 'unsubscribed',
        updated_at: at,
        unsubscribed_at: at,
        unsubscribed_reason: null,
        paused_until: null,
        paused_since: null,
      })
      .where('id', '=', id)
      .where('state', 'in', LEAVABLE)
      .$if(deferred, (query) => query.where(notRenewedSince(id, at)))
      .returning(['email', 'confirmed_at'])
      .executeTakeFirst()
    if (unsubscribed !== undefined) {
      await appendEvent(trx, {
        at,
        kind: 'subscriber.unsubscribed',
        subscriberId: id,
        data: { why: 'by the reader', by },
      })
      return { kind: 'left', email: unsubscribed.email, confirmed: unsubscribed.confirmed_at !== null }
    }
    const row = await trx.selectFrom('subscribers').select('state').where('id', '=', id).executeTakeFirst()
    return row === undefined ? { kind: 'not-found' } : { kind: 'unchanged', state: row.state }
  })
}

/** The automatic end of a pause does not count as a renewal. */
function notRenewedSince(id: string, at: Date) {
  return sql<boolean>`not exists (
    select from events where subscriber_id = ${id} and created_at > ${at}
      and kind in ('subscriber.active', 'subscriber.pending') and data->>'why' <> 'the pause is over')`
}

/**
 * Undoes an unsubscribe within UNDO_HOURS, if the subscriber used their own link and was confirmed before. A mail program may
 * click a link by itself, and somebody else may click it in a forwarded digest.
 */
export async function undoUnsubscribe(db: Database, id: string, at: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const undone = await trx
      .updateTable('subscribers')
      .set({ state: 'active', updated_at: at, unsubscribed_at: null, unsubscribed_reason: null })
      .where('id', '=', id)
      .where('state', '=', 'unsubscribed')
      .where('unsubscribed_at', '>', undoSince(at))
      .where('confirmed_at', 'is not', null)
      .where(sql<boolean>`not exists (select from suppressions x where x.address_hash = subscribers.address_hash)`)
      .returning('timezone')
      .executeTakeFirst()
    if (undone === undefined) return false
    await setEligibleFrom(trx, id, undone.timezone, at)
    await appendEvent(trx, { at, kind: 'subscriber.active', subscriberId: id, data: { why: 'undone by the reader' } })
    return true
  })
}

/** Stores why a subscriber left. Only the first answer is stored, so that repeated requests add no data. */
export async function saveUnsubscribeReason(db: Database, id: string, reason: string, at: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const written = await trx
      .updateTable('subscribers')
      .set({ unsubscribed_reason: reason })
      .where('id', '=', id)
      .where('state', '=', 'unsubscribed')
      .where('unsubscribed_reason', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (written === undefined) return false
    await appendEvent(trx, { at, kind: 'subscriber.reason', subscriberId: id, data: { reason } })
    return true
  })
}

/** The data of the unsubscribe page. */
export interface UnsubscribeRecord {
  readonly state: SubscriberState
  readonly undoable: boolean
  readonly reason: string | null
}

export async function readUnsubscribeRecord(db: Database, id: string, at: Date): Promise<UnsubscribeRecord | null> {
  const row = await db
    .selectFrom('subscribers')
    .select(['state', 'unsubscribed_at', 'unsubscribed_reason', 'confirmed_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const recent = row.unsubscribed_at !== null && row.unsubscribed_at > undoSince(at)
  return {
    state: row.state,
    undoable: row.state === 'unsubscribed' && recent && row.confirmed_at !== null,
    reason: row.unsubscribed_reason,
  }
}

function undoSince(at: Date): Date {
  return new Date(at.getTime() - UNDO_HOURS * 3_600_000)
}
