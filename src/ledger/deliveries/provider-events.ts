import { sql } from 'kysely'
import { WAITING_EVENTS_MAX, WEBHOOK_ID_CHARS_MAX } from '../../../config/limits-inbound.ts'
import { statesBefore } from '../../domain/delivery.ts'
import {
  EFFECTS,
  type MessageRef,
  type ProviderEvent,
  type ProviderEventKind,
  verdictOf,
} from '../../mail/provider-event.ts'
import type { RecordResult } from '../../pipeline/record-provider-event.ts'
import type { HashOf } from '../../security/address-hash.ts'
import { pruneReports } from '../maintenance/prune-reports.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { suppress } from '../subscribers/subscribers.ts'
import { countSoftBounces, domainHash, mxHash } from './soft-bounces.ts'

export interface RecordEventOptions {
  readonly at: Date
  readonly hashOf: HashOf
}

/** Records an event and applies it in one transaction, so that a failure leaves no trace of it. */
export async function recordEvent(
  db: Database,
  event: ProviderEvent,
  options: RecordEventOptions,
): Promise<RecordResult> {
  return db.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto('webhook_events')
      .values({
        id: event.id.slice(0, WEBHOOK_ID_CHARS_MAX),
        source: event.source,
        kind: event.kind,
        state: 'waiting',
        provider_id: event.providerId,
        delivery_id: event.message?.kind === 'delivery' ? event.message.id : null,
        transactional_email_id: event.message?.kind === 'transactional' ? event.message.id : null,
        address_hash: null,
        reason: event.reason,
        blame: event.blame ?? null,
        mx_hash: mxHash(event, options.hashOf),
        occurred_at: event.occurredAt,
        received_at: options.at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning(['id'])
      .executeTakeFirst()
    if (inserted === undefined) return 'duplicate'
    const ref = event.message ?? (await findByProviderId(trx, event.providerId))
    const message = ref === null ? null : await lockMessage(trx, ref)
    if (message?.settled === true) {
      await apply(trx, { ...event, id: inserted.id }, message, options)
      return 'applied'
    }
    if (message !== null || (event.message === null && event.mayBeOurs && (await hasRoom(trx)))) return 'waiting'
    if (event.message !== null) {
      await trx.updateTable('webhook_events').set({ state: 'noted' }).where('id', '=', inserted.id).execute()
      return 'gone'
    }
    await trx.deleteFrom('webhook_events').where('id', '=', inserted.id).execute()
    return 'foreign'
  })
}

// `offset 0` keeps PostgreSQL from reading whole tables into a hash when it expects many events.
const PROBE = sql`offset 0`

/**
 * Applies a page of events that came before their message was settled, and deletes old reports. It runs regularly, so that
 * every early event is applied.
 */
export async function applyWaiting(db: Database, limit: number, options: RecordEventOptions): Promise<number> {
  const ready = await sql<{ id: string }>`
    select e.id from webhook_events e
    where e.state = 'waiting' and (
      exists (select from deliveries d where d.id = e.delivery_id and d.state not in ('queued', 'sending') ${PROBE})
      or exists (select from transactional_emails n where n.id = e.transactional_email_id and n.state not in ('queued', 'sending') ${PROBE})
      or (e.delivery_id is null and e.transactional_email_id is null and (
        exists (select from deliveries d where d.provider_id = e.provider_id ${PROBE})
        or exists (select from transactional_emails n where n.provider_id = e.provider_id ${PROBE}))))
    order by e.received_at, e.id limit ${limit}`.execute(db)
  let applied = 0
  for (const { id } of ready.rows) if (await applyOne(db, id, options)) applied += 1
  await pruneReports(db, options.at, limit)
  return applied
}

async function applyOne(db: Database, id: string, options: RecordEventOptions): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom('webhook_events')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined || row.kind === 'unknown') return false
    const knownRef: MessageRef | null =
      row.delivery_id !== null
        ? { kind: 'delivery', id: row.delivery_id }
        : row.transactional_email_id !== null
          ? { kind: 'transactional', id: row.transactional_email_id }
          : null
    const ref = knownRef ?? (await findByProviderId(trx, row.provider_id))
    const message = ref === null ? null : await lockMessage(trx, ref)
    if (message === null || !message.settled) return false
    const event = { id: row.id, kind: row.kind, providerId: row.provider_id, reason: row.reason, blame: row.blame }
    await apply(trx, { ...event, occurredAt: row.occurred_at }, message, options)
    return true
  })
}

interface LockedMessage {
  readonly ref: MessageRef
  readonly settled: boolean
  readonly subscriberId: string
  /** Null for a transactional email. */
  readonly period: string | null
  /** The address that the message was sent to; null or empty after erasure. */
  readonly address: string | null
  readonly day: string | null
}

/**
 * Locks the subscriber and then the message. Erasure locks them in the same order, and reports about several messages to one
 * subscriber must be counted one after the other. A delivery is first searched by id in every month, and then read by
 * subscriber and period, which are in one partition.
 */
async function lockMessage(trx: Database, ref: MessageRef): Promise<LockedMessage | null> {
  const place = await findPlace(trx, ref)
  if (place === null) return null
  const { subscriberId, period } = place
  await sql`select from subscribers where id = ${subscriberId} for update`.execute(trx)
  const { rows } = await sql<{ state: string; address: string | null; day: string | null }>`
    select state, address, ${period === null ? sql`null::date` : sql`day`} as day
    from ${period === null ? sql`transactional_emails` : sql`deliveries`}
    where id = ${ref.id} ${period === null ? sql`` : sql`and subscriber_id = ${subscriberId} and period = ${period}`}
    for update`.execute(trx)
  const [row] = rows
  if (row === undefined) return null
  const settled = row.state !== 'queued' && row.state !== 'sending'
  return { ref, settled, subscriberId, period, address: row.address, day: row.day }
}

async function findPlace(
  trx: Database,
  ref: MessageRef,
): Promise<{ readonly subscriberId: string; readonly period: string | null } | null> {
  const { rows } = await sql<{ subscriber_id: string; period: string | null }>`
    select subscriber_id, ${ref.kind === 'delivery' ? sql`period from deliveries` : sql`null as period from transactional_emails`}
    where id = ${ref.id}`.execute(trx)
  const [row] = rows
  return row === undefined ? null : { subscriberId: row.subscriber_id, period: row.period }
}

async function findByProviderId(trx: Database, providerId: string | null): Promise<MessageRef | null> {
  if (providerId === null) return null
  const { rows } = await sql<MessageRef>`
    select 'delivery' as kind, id::text as id from deliveries where provider_id = ${providerId}
    union all select 'transactional', id::text from transactional_emails where provider_id = ${providerId}
    limit 1`.execute(trx)
  return rows[0] ?? null
}

type ApplicableEvent = Pick<ProviderEvent, 'id' | 'kind' | 'providerId' | 'reason' | 'blame' | 'occurredAt'>

async function apply(
  trx: Database,
  report: ApplicableEvent,
  message: LockedMessage,
  options: RecordEventOptions,
): Promise<void> {
  // Texts of a server are not stored for messages to erased subscribers.
  const event = message.address === null || message.address === '' ? { ...report, reason: null } : report
  const effect = EFFECTS[event.kind]
  const hash = message.address === null ? null : options.hashOf(message.address)
  await trx
    .updateTable('webhook_events')
    .set({
      state: 'applied',
      reason: event.reason,
      delivery_id: message.ref.kind === 'delivery' ? message.ref.id : null,
      transactional_email_id: message.ref.kind === 'transactional' ? message.ref.id : null,
      // The hash is stored only for events that are counted by address, and the day only for those counted by edition.
      address_hash: effect.softBounces === 'add' ? hash : null,
      domain_hash: domainHash(event, message.address, options.hashOf),
      day: effect.problem ? message.day : null,
    })
    .where('id', '=', event.id)
    .execute()
  if (message.ref.kind === 'delivery') await moveDelivery(trx, message, event.providerId)
  else await moveTransactional(trx, message.ref.id, event.providerId)
  if (effect.problem)
    await appendEvent(trx, {
      at: options.at,
      kind: `${message.ref.kind}.${event.kind}`,
      subscriberId: message.subscriberId,
      ...(message.ref.kind === 'delivery' ? { deliveryId: message.ref.id } : {}),
      data: { reason: event.reason, day: message.day },
    })
  if (hash === null) return
  if (effect.softBounces !== null) await countSoftBounces(trx, hash, event, options.at)
  if (effect.suppress !== null) await suppress(trx, hash, effect.suppress, options.at)
}

/** Changes a delivery to the state that follows from all its reports, if the change is legal: never backwards. */
async function moveDelivery(
  trx: Database,
  { ref, ...message }: LockedMessage,
  providerId: string | null,
): Promise<void> {
  const reports = await trx
    .selectFrom('webhook_events')
    .select(['id', 'kind', 'reason', 'occurred_at as occurredAt'])
    .where('delivery_id', '=', ref.id)
    .where('state', '=', 'applied')
    .where('kind', '!=', 'unknown')
    .execute()
  const verdict = verdictOf(reports.map((row) => ({ ...row, kind: row.kind as ProviderEventKind })))
  if (verdict === null) return
  await trx
    .updateTable('deliveries')
    .set({ ...verdict, provider_id: sql<string | null>`coalesce(provider_id, ${providerId})` })
    .where('id', '=', ref.id)
    .where('subscriber_id', '=', message.subscriberId)
    .where('period', '=', message.period ?? '')
    .where('state', 'in', [...statesBefore(verdict.state), verdict.state])
    .execute()
}

/** Marks a transactional email as sent. Other reports stay in `webhook_events`. */
async function moveTransactional(trx: Database, id: string, providerId: string | null): Promise<void> {
  await trx
    .updateTable('transactional_emails')
    .set({ state: 'sent', reason: null, provider_id: sql<string | null>`coalesce(provider_id, ${providerId})` })
    .where('id', '=', id)
    .where('state', '=', 'uncertain')
    .execute()
}

async function hasRoom(trx: Database): Promise<boolean> {
  const { rows } = await sql<{ waiting: string }>`
    select count(*) as waiting from (
      select from webhook_events where state = 'waiting' limit ${WAITING_EVENTS_MAX + 1}) as w`.execute(trx)
  return Number(rows[0]?.waiting ?? 0) <= WAITING_EVENTS_MAX
}
