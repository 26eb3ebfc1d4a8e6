import { sql } from 'kysely'
import type { NextDigest } from '../next-digest.ts'
import type { Subscriber, SubscriberState } from '../subscriber.ts'
import type { HashOf } from '../suppression.ts'
import type { Database } from './database.ts'
import { toSubscriber } from './subscribers.ts'
import type { NoticeKind } from './tables.ts'

/** A transactional mail that this worker, and no other, may send now. */
export interface ClaimedNotice {
  readonly id: string
  readonly kind: NoticeKind
  readonly address: string
  readonly createdAt: Date
  readonly worker: string
  readonly attempt: number
  readonly firstCallAt: Date
  /** The transport of an earlier attempt that may have reached its provider, or null. */
  readonly boundTo: string | null
  readonly subscriber: Subscriber
  /** What a `confirm` notice asks to be confirmed; null for the others. */
  readonly confirmationId: string | null
  /** What a `welcome` says of the next digest; null for the others. */
  readonly nextDigest: NextDigest | null
}

export type NoticeClaim =
  | { readonly kind: 'claimed'; readonly notice: ClaimedNotice }
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly until: Date }

/** Writes transactional mails to be sent; the caller adds the jobs. */
export async function writeNotices(
  db: Database,
  notices: readonly {
    readonly id: string
    readonly kind: NoticeKind
    readonly subscriberId: string
    readonly address: string
    readonly confirmationId?: string
    readonly nextDigest?: NextDigest
  }[],
  at: Date,
): Promise<void> {
  if (notices.length === 0) return
  await db
    .insertInto('notices')
    .values(
      notices.map(({ id, kind, subscriberId, address, confirmationId, nextDigest }) => ({
        id,
        kind,
        subscriber_id: subscriberId,
        address,
        state: 'queued' as const,
        next_try_at: at,
        created_at: at,
        confirmation_id: confirmationId ?? null,
        next_digest: nextDigest === undefined ? null : JSON.stringify(nextDigest),
      })),
    )
    .execute()
}

/** Claims a notice by guarded update, unless what it says is no longer so; nothing goes to anybody suppressed. */
export async function claimNotice(
  db: Database,
  order: {
    readonly id: string
    readonly worker: string
    readonly at: Date
    /** Claims of workers not seen since then, and claims older than `staleBefore`, may be repeated. */
    readonly silentBefore: Date
    readonly staleBefore: Date
  },
  hashOf: HashOf,
): Promise<NoticeClaim> {
  return db.transaction().execute(async (trx) => {
    const notice = await trx.selectFrom('notices').selectAll().where('id', '=', order.id).forUpdate().executeTakeFirst()
    if (notice === undefined || !['queued', 'sending'].includes(notice.state)) return { kind: 'done' }
    if (notice.next_try_at > order.at) return { kind: 'later', until: notice.next_try_at }
    const stale = notice.claimed_at === null || notice.claimed_at < order.staleBefore
    if (notice.state === 'sending' && !stale && (await isAlive(trx, notice.claimed_by, order.silentBefore))) {
      return {
        kind: 'later',
        until: new Date(order.at.getTime() + (order.at.getTime() - order.silentBefore.getTime())),
      }
    }
    const row = await trx
      .selectFrom('subscribers')
      .selectAll()
      .where('id', '=', notice.subscriber_id)
      .executeTakeFirst()
    const skip = await whyNot(trx, notice, row, order.at, hashOf)
    if (row === undefined || skip !== null) {
      await trx.updateTable('notices').set({ state: 'skipped', reason: skip }).where('id', '=', order.id).execute()
      return { kind: 'done' }
    }
    const firstCallAt = notice.first_call_at ?? order.at
    await trx
      .updateTable('notices')
      .set({
        state: 'sending',
        claimed_by: order.worker,
        claimed_at: order.at,
        attempts: notice.attempts + 1,
        first_call_at: firstCallAt,
      })
      .where('id', '=', order.id)
      .execute()
    return {
      kind: 'claimed',
      notice: {
        id: notice.id,
        kind: notice.kind,
        address: notice.address,
        createdAt: notice.created_at,
        worker: order.worker,
        attempt: notice.attempts + 1,
        firstCallAt,
        boundTo: notice.state === 'sending' ? notice.transport : null,
        subscriber: toSubscriber(row),
        confirmationId: notice.confirmation_id,
        nextDigest: notice.next_digest,
      },
    }
  })
}

/** Why a mail must not go out any more, or null. What was true when it was written may have changed since. */
async function whyNot(
  trx: Database,
  notice: {
    readonly id: string
    readonly kind: NoticeKind
    readonly address: string
    readonly confirmation_id: string | null
  },
  reader: { readonly state: SubscriberState; readonly address_hash: string } | undefined,
  at: Date,
  hashOf: HashOf,
): Promise<string | null> {
  if (reader === undefined) return 'erased'
  const { state } = reader
  if (state === 'suppressed' || (await isSuppressed(trx, [reader.address_hash, hashOf(notice.address)])))
    return 'suppressed'
  switch (notice.kind) {
    case 'confirm':
      return whyNotConfirm(trx, notice.confirmation_id, state, at)
    case 'known':
      return state === 'active' || state === 'paused' ? null : state
    case 'goodbye':
      // Undone in the meantime: the words would be wrong.
      return state === 'unsubscribed' ? null : state
    case 'address-confirm':
      return whyNotMove(trx, notice.id, at)
    case 'welcome':
    case 'address-changed':
      return null
  }
}

async function whyNotConfirm(
  trx: Database,
  confirmationId: string | null,
  state: SubscriberState,
  at: Date,
): Promise<string | null> {
  const asked = await trx
    .selectFrom('confirmations')
    .select(['used_at', 'expires_at'])
    .where('id', '=', confirmationId)
    .executeTakeFirst()
  if (asked === undefined || asked.used_at !== null) return 'nothing is left to confirm'
  // A link that no longer works helps nobody, however late the mail comes.
  if (asked.expires_at <= at) return 'expired'
  return state === 'pending' ? null : state
}

async function whyNotMove(trx: Database, id: string, at: Date): Promise<string | null> {
  const move = await trx
    .selectFrom('address_changes')
    .select('id')
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return move === undefined ? 'expired' : null
}

/** Says which transport is about to be called, before it is. */
export async function bindNotice(db: Database, notice: ClaimedNotice, transport: string): Promise<void> {
  await db
    .updateTable('notices')
    .set({ transport })
    .where('id', '=', notice.id)
    .where('claimed_by', '=', notice.worker)
    .execute()
}

export type NoticeSettlement =
  | { readonly state: 'sent'; readonly providerId: string | null }
  | { readonly state: 'refused' | 'uncertain'; readonly reason: string }
  /** `sending` keeps the key and the transport; `queued` is free to take another. */
  | { readonly state: 'queued' | 'sending'; readonly reason: string; readonly retryAt: Date }

export async function settleNotice(db: Database, notice: ClaimedNotice, settlement: NoticeSettlement): Promise<void> {
  await db
    .updateTable('notices')
    .set({
      state: settlement.state,
      claimed_by: null,
      reason: 'reason' in settlement ? settlement.reason : null,
      ...('providerId' in settlement ? { provider_id: settlement.providerId } : {}),
      ...('retryAt' in settlement ? { next_try_at: settlement.retryAt } : {}),
      ...(settlement.state === 'queued' ? { transport: null, first_call_at: null } : {}),
    })
    .where('id', '=', notice.id)
    .where('state', '=', 'sending')
    .where('claimed_by', '=', notice.worker)
    .where('attempts', '=', notice.attempt)
    .execute()
}

/** Notices that are open and that nobody is sending. */
export async function readIdleNotices(
  db: Database,
  { silentBefore, staleBefore, limit }: { silentBefore: Date; staleBefore: Date; limit: number },
): Promise<{ id: string; dueAt: Date }[]> {
  const { rows } = await sql<{ id: string; next_try_at: Date }>`
    select n.id, n.next_try_at from notices n
    where n.state in ('queued', 'sending') and not (n.claimed_at >= ${staleBefore} and exists (
      select from workers w where w.id = n.claimed_by and w.seen_at >= ${silentBefore}))
    order by n.next_try_at limit ${limit}`.execute(db)
  return rows.map((row) => ({ id: row.id, dueAt: row.next_try_at }))
}

/** How many notices are still to be sent. */
export async function countOpenNotices(db: Database): Promise<number> {
  const row = await db
    .selectFrom('notices')
    .select((eb) => eb.fn.countAll<string>().as('open'))
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirstOrThrow()
  return Number(row.open)
}

async function isSuppressed(trx: Database, hashes: readonly (string | null)[]): Promise<boolean> {
  const row = await trx
    .selectFrom('suppressions')
    .select('address_hash')
    .where(
      'address_hash',
      'in',
      hashes.filter((hash) => hash !== null),
    )
    .executeTakeFirst()
  return row !== undefined
}

async function isAlive(trx: Database, worker: string | null, silentBefore: Date): Promise<boolean> {
  if (worker === null) return false
  const row = await trx
    .selectFrom('workers')
    .select('id')
    .where('id', '=', worker)
    .where('seen_at', '>=', silentBefore)
    .executeTakeFirst()
  return row !== undefined
}
