import { sql } from 'kysely'
import { statesBefore } from '../../domain/delivery.ts'
import type { SettleOptions, SettleResult } from '../../pipeline/deliver.ts'
import type { Settlement } from '../../pipeline/send/settlement.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'
import { suppress } from '../subscribers/subscribers.ts'
import { clipReason, requeueUnsent } from './split.ts'

/**
 * Records what a provider call did, in one transaction. Facts ("the provider took it", "it refused it") are
 * recorded even when the claim was lost meanwhile; everything else is left to the worker that has the claim now.
 */
export async function settleParcel(db: Database, options: SettleOptions): Promise<SettleResult> {
  return db.transaction().execute(async (trx) => {
    const { parcel } = options
    const claim = await trx
      .selectFrom('parcels')
      .select('id')
      .where('id', '=', parcel.id)
      .where('state', '=', 'sending')
      .where('claimed_by', '=', parcel.worker)
      .where('attempts', '=', parcel.attempt)
      .forUpdate()
      .executeTakeFirst()
    await writeSent(trx, options)
    await writeRefused(trx, options)
    if (claim === undefined) return { retry: [] }
    await writeUncertain(trx, options)
    const retry = await requeueUnsent(trx, options, ofKind(options, 'requeue'))
    const [repeat] = ofKind(options, 'retrySameKey')
    if (repeat !== undefined) {
      await trx
        .updateTable('parcels')
        .set({ claimed_by: null, next_try_at: repeat.retryAt, reason: clipReason(repeat.reason) })
        .where('id', '=', parcel.id)
        .execute()
      return { retry: [{ id: parcel.id, at: repeat.retryAt }, ...retry] }
    }
    await trx.updateTable('parcels').set({ state: 'settled', claimed_by: null }).where('id', '=', parcel.id).execute()
    return { retry }
  })
}

function ofKind<K extends Settlement['kind']>(
  { settlements }: SettleOptions,
  kind: K,
): Extract<Settlement, { kind: K }>[] {
  return settlements.filter((each): each is Extract<Settlement, { kind: K }> => each.kind === kind)
}

async function writeSent(trx: Database, options: SettleOptions): Promise<void> {
  const sent = ofKind(options, 'sent')
  if (sent.length === 0) return
  await sql`
    update deliveries d set state = 'sent', reason = null, provider_id = x.provider_id, settled_at = ${options.at}
    from unnest(${sent.map((s) => s.deliveryId)}::bigint[], ${sent.map((s) => s.providerId)}::text[]) as x(id, provider_id)
    where d.id = x.id and ${ofDay(options.parcel.day)} and d.state = any(${statesBefore('sent')}::text[])`.execute(trx)
}

async function writeRefused(trx: Database, options: SettleOptions): Promise<void> {
  const refused = ofKind(options, 'refused')
  if (refused.length === 0) return
  await sql`
    update deliveries d set state = 'refused', reason = x.reason, settled_at = ${options.at}
    from unnest(${refused.map((s) => s.deliveryId)}::bigint[], ${refused.map((s) => clipReason(s.reason))}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(options.parcel.day)} and d.parcel_id = ${options.parcel.id} and d.state = any(${statesBefore('refused')}::text[])`.execute(
    trx,
  )
  for (const settlement of refused) {
    await appendEvent(trx, {
      at: options.at,
      kind: 'delivery.refused',
      day: options.parcel.day,
      deliveryId: settlement.deliveryId,
      data: { reason: clipReason(settlement.reason) },
    })
    if (settlement.suppress) await suppressSubscriberOf(trx, settlement.deliveryId, options)
  }
}

/** A mailbox that does not exist is never tried again (Gmail and Yahoo sender guidelines). */
async function suppressSubscriberOf(trx: Database, deliveryId: string, { at, parcel }: SettleOptions): Promise<void> {
  const subscriber = await trx
    .selectFrom('subscribers as s')
    .innerJoin('deliveries as d', 'd.subscriber_id', 's.id')
    .select('s.address_hash')
    .where('d.id', '=', deliveryId)
    .where(ofDay(parcel.day))
    // The subscriber may have changed their address since this message was frozen.
    .whereRef('d.address', '=', 's.email')
    .executeTakeFirst()
  if (subscriber !== undefined) await suppress(trx, subscriber.address_hash, 'refused: no such mailbox', at)
}

async function writeUncertain(trx: Database, options: SettleOptions): Promise<void> {
  const uncertain = ofKind(options, 'uncertain')
  if (uncertain.length === 0) return
  await sql`
    update deliveries d set state = 'uncertain', reason = x.reason, settled_at = ${options.at}
    from unnest(${uncertain.map((s) => s.deliveryId)}::bigint[], ${uncertain.map((s) => clipReason(s.reason))}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(options.parcel.day)} and d.state = any(${statesBefore('uncertain')}::text[])`.execute(
    trx,
  )
}
