import { sql } from 'kysely'
import { OUTCOME_REASON_CHARS_MAX } from '../../config/limits.ts'
import { comesFrom } from '../delivery.ts'
import type { ClaimedParcel } from '../parcel.ts'
import type { Database } from './database.ts'
import { appendEvent } from './events.ts'
import { ofDay } from './periods.ts'
import { suppress } from './subscribers.ts'

/**
 * What becomes of one member after a call. `again`: it was certainly not sent and goes back to the queue,
 * in a parcel of its own when `alone`. `repeat`: it may have been sent; the parcel stays as it is and only
 * the same key may try again.
 */
export type Settlement =
  | { readonly kind: 'sent'; readonly deliveryId: string; readonly providerId: string | null }
  | { readonly kind: 'refused'; readonly deliveryId: string; readonly reason: string; readonly suppress: boolean }
  | { readonly kind: 'uncertain'; readonly deliveryId: string; readonly reason: string }
  | {
      readonly kind: 'again'
      readonly deliveryId: string
      readonly reason: string
      readonly counts: boolean
      readonly alone: boolean
    }
  | { readonly kind: 'repeat'; readonly deliveryId: string; readonly reason: string }

export interface SettleOrder {
  readonly parcel: ClaimedParcel
  readonly settlements: readonly Settlement[]
  readonly retryAt: Date
  readonly at: Date
  readonly newParcelId: () => string
}

/** `retry`: parcels that need a job at `retryAt`: the same one to be repeated, or new ones for members not sent. */
export interface SettleResult {
  readonly retry: readonly string[]
}

/**
 * Records what a provider call did, in one transaction. Facts ("the provider took it", "it refused it") are
 * recorded even when the claim was lost meanwhile; everything else is left to whoever holds the claim now.
 */
export async function settleParcel(db: Database, order: SettleOrder): Promise<SettleResult> {
  return db.transaction().execute(async (trx) => {
    const { parcel, at } = order
    const held = await trx
      .selectFrom('parcels')
      .select('id')
      .where('id', '=', parcel.id)
      .where('state', '=', 'sending')
      .where('claimed_by', '=', parcel.worker)
      .where('attempts', '=', parcel.attempt)
      .forUpdate()
      .executeTakeFirst()
    await writeSent(trx, order)
    await writeRefused(trx, order)
    if (held === undefined) return { retry: [] }
    await writeUncertain(trx, order)
    const repeats = order.settlements.filter((settlement) => settlement.kind === 'repeat')
    const again = order.settlements.filter((settlement) => settlement.kind === 'again')
    if (repeats.length > 0) {
      await trx
        .updateTable('parcels')
        .set({ claimed_by: null, next_try_at: order.retryAt, reason: clip(repeats[0]?.reason) })
        .where('id', '=', parcel.id)
        .execute()
      return { retry: [parcel.id, ...(await splitOff(trx, order, again))] }
    }
    const split = await splitOff(trx, order, again)
    await trx.updateTable('parcels').set({ state: 'settled', claimed_by: null }).where('id', '=', parcel.id).execute()
    await appendEvent(trx, {
      at,
      kind: 'parcel.settled',
      day: parcel.day,
      data: { parcel: parcel.id, members: parcel.members.length, attempt: parcel.attempt },
    })
    return { retry: split }
  })
}

/**
 * Members that were certainly not sent go on in new parcels, though it be all of them: they are frozen anew, so that
 * whoever leaves meanwhile is left out, and other bytes must never go under a key that a provider may have kept.
 */
async function splitOff(
  trx: Database,
  order: SettleOrder,
  again: readonly Extract<Settlement, { kind: 'again' }>[],
): Promise<string[]> {
  if (again.length === 0) return []
  const together = order.newParcelId()
  const ids = new Map(
    again.map((settlement) => [settlement.deliveryId, settlement.alone ? order.newParcelId() : together]),
  )
  const parcels = [...new Set(ids.values())]
  await trx
    .insertInto('parcels')
    .values(
      parcels.map((id) => ({
        id,
        day: order.parcel.day,
        state: 'queued' as const,
        // The number of attempts goes on, and the pauses between them with it.
        attempts: order.parcel.attempt,
        next_try_at: order.retryAt,
        reason: clip(again[0]?.reason),
        created_at: order.at,
        votes_at: sql<Date | null>`(select votes_read_at from editions where day = ${order.parcel.day})`,
      })),
    )
    .execute()
  await sql`
    update deliveries d set state = 'queued', parcel_id = x.parcel_id, reason = x.reason, tries = d.tries + x.counts,
      address = null, paper_ids = null, choice = null
    from unnest(
      ${again.map((s) => s.deliveryId)}::bigint[], ${again.map((s) => ids.get(s.deliveryId) ?? together)}::uuid[],
      ${again.map((s) => clip(s.reason))}::text[], ${again.map((s) => (s.counts ? 1 : 0))}::int[]
    ) as x(id, parcel_id, reason, counts)
    where d.id = x.id and ${ofDay(order.parcel.day)} and d.state = 'sending' and d.parcel_id = ${order.parcel.id}`.execute(
    trx,
  )
  return parcels
}

async function writeSent(trx: Database, order: SettleOrder): Promise<void> {
  const sent = order.settlements.filter((settlement) => settlement.kind === 'sent')
  if (sent.length === 0) return
  await sql`
    update deliveries d set state = 'sent', reason = null, provider_id = x.provider_id, settled_at = ${order.at}
    from unnest(${sent.map((s) => s.deliveryId)}::bigint[], ${sent.map((s) => s.providerId)}::text[]) as x(id, provider_id)
    where d.id = x.id and ${ofDay(order.parcel.day)} and d.state = any(${comesFrom('sent')}::text[])`.execute(trx)
}

async function writeRefused(trx: Database, order: SettleOrder): Promise<void> {
  const refused = order.settlements.filter((settlement) => settlement.kind === 'refused')
  if (refused.length === 0) return
  await sql`
    update deliveries d set state = 'refused', reason = x.reason, settled_at = ${order.at}
    from unnest(${refused.map((s) => s.deliveryId)}::bigint[], ${refused.map((s) => clip(s.reason))}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(order.parcel.day)} and d.parcel_id = ${order.parcel.id} and d.state = any(${comesFrom('refused')}::text[])`.execute(
    trx,
  )
  for (const settlement of refused) {
    await appendEvent(trx, {
      at: order.at,
      kind: 'delivery.refused',
      day: order.parcel.day,
      deliveryId: settlement.deliveryId,
      data: { reason: clip(settlement.reason) },
    })
    if (settlement.suppress) await suppressReaderOf(trx, settlement.deliveryId, order)
  }
}

/** A mailbox that does not exist is never tried again (Gmail and Yahoo sender guidelines). */
async function suppressReaderOf(trx: Database, deliveryId: string, { at, parcel }: SettleOrder): Promise<void> {
  const reader = await trx
    .selectFrom('subscribers as s')
    .innerJoin('deliveries as d', 'd.subscriber_id', 's.id')
    .select('s.address_hash')
    .where('d.id', '=', deliveryId)
    .where(ofDay(parcel.day))
    // The reader may have moved to a new address since this letter was frozen.
    .whereRef('d.address', '=', 's.email')
    .executeTakeFirst()
  if (reader !== undefined) await suppress(trx, reader.address_hash, 'refused: no such mailbox', at)
}

async function writeUncertain(trx: Database, order: SettleOrder): Promise<void> {
  const uncertain = order.settlements.filter((settlement) => settlement.kind === 'uncertain')
  if (uncertain.length === 0) return
  await sql`
    update deliveries d set state = 'uncertain', reason = x.reason, settled_at = ${order.at}
    from unnest(${uncertain.map((s) => s.deliveryId)}::bigint[], ${uncertain.map((s) => clip(s.reason))}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(order.parcel.day)} and d.state = any(${comesFrom('uncertain')}::text[])`.execute(trx)
}

function clip(reason: string | undefined): string | null {
  return reason === undefined ? null : reason.slice(0, OUTCOME_REASON_CHARS_MAX)
}
