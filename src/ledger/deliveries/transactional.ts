import { sql } from 'kysely'
import type { FrozenSample } from '../../domain/mail/sample.ts'
import type { TransactionalKind } from '../../domain/mail/transactional.ts'
import type { NextDigest } from '../../domain/schedule/next-digest.ts'
import type {
  ClaimedTransactional,
  TransactionalClaim,
  TransactionalClaimOptions,
  TransactionalRecord,
} from '../../pipeline/deliver-transactional.ts'
import { gaveUpReason, later } from '../../pipeline/send/retry-schedule.ts'
import type { Retry } from '../../pipeline/send/send-job.ts'
import type { Settlement } from '../../pipeline/send/settlement.ts'
import type { HashOf } from '../../security/address-hash.ts'
import type { Database } from '../schema/database.ts'
import { toSubscriber } from '../subscribers/subscribers.ts'
import { clipReason } from './split.ts'
import { invalidReason } from './transactional-validity.ts'

/** Reads a transactional email before it is claimed; null if it is settled. */
export async function findTransactional(db: Database, id: string): Promise<TransactionalRecord | null> {
  const row = await db
    .selectFrom('transactional_emails')
    .select(['state', 'transport'])
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirst()
  return row === undefined ? null : { boundTo: row.state === 'sending' ? row.transport : null }
}

/** Writes transactional emails. The caller adds the jobs. */
export async function writeTransactionals(
  db: Database,
  emails: readonly {
    readonly id: string
    readonly kind: TransactionalKind
    readonly subscriberId: string
    readonly address: string
    readonly confirmationId?: string
    readonly nextDigest?: NextDigest
    readonly sample?: FrozenSample
  }[],
  at: Date,
): Promise<void> {
  if (emails.length === 0) return
  await db
    .insertInto('transactional_emails')
    .values(
      emails.map(({ id, kind, subscriberId, address, confirmationId, nextDigest, sample }) => ({
        id,
        kind,
        subscriber_id: subscriberId,
        address,
        state: 'queued' as const,
        next_try_at: at,
        created_at: at,
        confirmation_id: confirmationId ?? null,
        next_digest: nextDigest === undefined ? null : JSON.stringify(nextDigest),
        sample: sample === undefined ? null : JSON.stringify(sample),
      })),
    )
    .execute()
}

/**
 * Claims a transactional email by guarded update and binds it to a transport, unless it is no longer valid or its address is
 * suppressed.
 */
export async function claimTransactional(
  db: Database,
  options: TransactionalClaimOptions,
  hashOf: HashOf,
): Promise<TransactionalClaim> {
  return db.transaction().execute(async (trx) => {
    const transactional = await trx
      .selectFrom('transactional_emails')
      .selectAll()
      .where('id', '=', options.id)
      .forUpdate()
      .executeTakeFirst()
    if (transactional === undefined || !['queued', 'sending'].includes(transactional.state)) return { kind: 'done' }
    if (transactional.state === 'sending' && (await isClaimedByOther(trx, transactional, options)))
      return { kind: 'later', until: new Date(2 * options.at.getTime() - options.silentBefore.getTime()) }
    if (transactional.next_try_at > options.at) return { kind: 'later', until: transactional.next_try_at }
    const row = await trx
      .selectFrom('subscribers')
      .selectAll()
      .where('id', '=', transactional.subscriber_id)
      .executeTakeFirst()
    const skip = await invalidReason(trx, transactional, row, options.at, hashOf)
    if (row === undefined || skip !== null) {
      await trx
        .updateTable('transactional_emails')
        .set({ state: 'skipped', reason: skip })
        .where('id', '=', options.id)
        .execute()
      return { kind: 'done' }
    }
    const giveUpAt = later(transactional.created_at, options.giveUpHours * 3_600_000)
    if (transactional.state === 'queued' && transactional.deferrals > 0 && options.at >= giveUpAt) {
      const reason = clipReason(gaveUpReason(transactional.created_at, options.at, transactional.reason))
      await trx
        .updateTable('transactional_emails')
        .set({ state: 'refused', reason })
        .where('id', '=', options.id)
        .execute()
      return { kind: 'done' }
    }
    // A claimed email without a transport was never passed to a provider.
    const repeat = transactional.state === 'sending' && transactional.transport !== null
    const bound = {
      transport: repeat ? (transactional.transport ?? options.transport) : options.transport,
      first_call_at: repeat ? (transactional.first_call_at ?? options.at) : options.at,
      attempts: transactional.attempts + 1,
      link_generation: repeat ? (transactional.link_generation ?? 0) : row.link_generation,
      template: repeat ? transactional.template : (options.template ?? null),
    }
    await trx
      .updateTable('transactional_emails')
      .set({ ...bound, state: 'sending', claimed_by: options.worker, claimed_at: options.at })
      .where('id', '=', options.id)
      .execute()
    return {
      kind: 'claimed',
      transactional: {
        id: transactional.id,
        kind: transactional.kind,
        address: transactional.address,
        createdAt: transactional.created_at,
        worker: options.worker,
        subscriber: toSubscriber(row),
        confirmationId: transactional.confirmation_id,
        claimedAt: options.at,
        transport: bound.transport,
        attempt: bound.attempts,
        firstCallAt: bound.first_call_at,
        repeat,
        ahead: false,
        members: [
          {
            deliveryId: transactional.id,
            deferrals: transactional.deferrals,
            queuedAt: transactional.created_at,
            giveUpAt,
          },
        ],
        excludedIds: [],
        nextDigest: transactional.next_digest,
        sample: transactional.sample,
        template: bound.template,
        linkGeneration: bound.link_generation,
      },
    }
  })
}

/** Returns whether another live worker has claimed it. */
async function isClaimedByOther(
  trx: Database,
  { claimed_by: worker, claimed_at: at }: { readonly claimed_by: string | null; readonly claimed_at: Date | null },
  options: TransactionalClaimOptions,
): Promise<boolean> {
  if (worker === null || worker === options.worker || at === null || at < options.staleBefore) return false
  const row = await trx
    .selectFrom('workers')
    .select('id')
    .where('id', '=', worker)
    .where('seen_at', '>=', options.silentBefore)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Records the result of a call. `sent` and `refused` are facts and are recorded even if the claim was lost meanwhile; every
 * other result is left to the worker that has the claim now.
 */
export async function settleTransactional(
  db: Database,
  transactional: ClaimedTransactional,
  settlement: Settlement,
): Promise<{ readonly retry: readonly Retry[] }> {
  const isFact = settlement.kind === 'sent' || settlement.kind === 'refused'
  const settled = await db
    .updateTable('transactional_emails')
    .set({ claimed_by: null, ...columnsOf(settlement) })
    .where('id', '=', transactional.id)
    .where(({ eb, and, or }) =>
      or([
        and([
          eb('state', '=', 'sending'),
          eb('claimed_by', '=', transactional.worker),
          eb('attempts', '=', transactional.attempt),
        ]),
        ...(isFact ? [eb('state', 'in', settlement.kind === 'sent' ? ['sending', 'uncertain'] : ['sending'])] : []),
      ]),
    )
    .executeTakeFirst()
  const hasClaim = settled.numUpdatedRows > 0n
  return { retry: hasClaim && 'retryAt' in settlement ? [{ id: transactional.id, at: settlement.retryAt }] : [] }
}

function columnsOf(settlement: Settlement) {
  switch (settlement.kind) {
    case 'sent':
      return { state: 'sent' as const, reason: null, provider_id: settlement.providerId }
    case 'refused':
    case 'uncertain':
      return { state: settlement.kind, reason: clipReason(settlement.reason) }
    case 'retrySameKey':
      return { state: 'sending' as const, reason: clipReason(settlement.reason), next_try_at: settlement.retryAt }
    case 'requeue':
      return {
        state: 'queued' as const,
        reason: clipReason(settlement.reason),
        next_try_at: settlement.retryAt,
        transport: null,
        first_call_at: null,
        deferrals: sql<number>`deferrals + ${settlement.countsAsAttempt ? 1 : 0}`,
      }
  }
}

/** Returns open transactional emails that no live worker has claimed. */
export async function readIdleTransactionals(
  db: Database,
  { silentBefore, staleBefore, limit }: { silentBefore: Date; staleBefore: Date; limit: number },
): Promise<{ id: string; dueAt: Date }[]> {
  const { rows } = await sql<{ id: string; next_try_at: Date }>`
    select n.id, n.next_try_at from transactional_emails n
    where n.state in ('queued', 'sending') and not (n.claimed_at >= ${staleBefore} and exists (
      select from workers w where w.id = n.claimed_by and w.seen_at >= ${silentBefore}))
    order by n.next_try_at limit ${limit}`.execute(db)
  return rows.map((row) => ({ id: row.id, dueAt: row.next_try_at }))
}

/** Returns how many transactional emails are still open. */
export async function countOpenTransactionals(db: Database): Promise<number> {
  const row = await db
    .selectFrom('transactional_emails')
    .select((eb) => eb.fn.countAll<string>().as('open'))
    .where('state', 'in', ['queued', 'sending'])
    .executeTakeFirstOrThrow()
  return Number(row.open)
}
