import { sql } from 'kysely'
import { REQUEUE_DELIVERIES_MAX } from '../../../config/limits-web.ts'
import { type DeliveryState, statesBefore } from '../../domain/delivery.ts'
import { openParcels, type ParcelOptions } from '../dispatch/new-parcels.ts'
import { readActivePauses, resumeAllTransports } from '../dispatch/open-work.ts'
import type { EditOptions } from '../editions/edit-edition.ts'
import { recordAction } from '../operators/audit.ts'
import { type DeliveryCursor, MAY_BE_MAILED } from '../reports/delivery-list.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'

/** Options to put deliveries back into the queue. */
export interface Requeue extends EditOptions, ParcelOptions {
  /** The delivery of one subscriber; without it: all of the day. */
  readonly only?: DeliveryCursor
}

/** Each of `parcelIds` needs a job. `count` is 0 if there was nothing to do, for example after another operator did it. */
export interface RequeueResult {
  readonly count: number
  readonly parcelIds: readonly string[]
}

/** Requeues the refused deliveries of a day in new parcels with new keys, if their subscribers may still be mailed. */
export function requeueRefusedOfDay(db: Database, options: Requeue): Promise<RequeueResult> {
  return requeue(db, options, 'refused')
}

/** Requeues the deliveries of a day that may have been sent. Some subscribers may get two mails; the operator accepts that. */
export function resendUncertain(db: Database, options: Requeue): Promise<RequeueResult> {
  return requeue(db, options, 'uncertain')
}

/** Marks the uncertain deliveries of a day as sent. Returns how many there were. */
export async function markUncertainSent(db: Database, { day, actor, at }: EditOptions): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .updateTable('deliveries as d')
      .set({ state: 'sent', reason: 'marked as sent by an operator' })
      .where('day', '=', day)
      .where(ofDay(day))
      .where('state', '=', 'uncertain')
      .where('state', 'in', statesBefore('sent'))
      .returning('id')
      .execute()
    if (rows.length === 0) return 0
    const action = {
      action: 'deliveries.uncertain-sent',
      day,
      before: { uncertain: rows.length },
      after: { sent: rows.length },
    }
    await recordAction(trx, actor, action, at)
    await appendEvent(trx, { at, kind: action.action, day, data: { count: rows.length } })
    return rows.length
  })
}

/** Ends the pauses of all transports. Returns how many there were. */
export async function resumeTransports(db: Database, { day, actor, at }: EditOptions): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const paused = (await readActivePauses(trx, at)).map(({ transport }) => transport)
    if ((await resumeAllTransports(trx)) === 0 || paused.length === 0) return 0
    await recordAction(trx, actor, { action: 'transports.opened', day, before: { paused }, after: { paused: [] } }, at)
    return paused.length
  })
}

async function requeue(
  db: Database,
  options: Requeue,
  from: Extract<DeliveryState, 'refused' | 'uncertain'>,
): Promise<RequeueResult> {
  const { day, actor, at, only } = options
  return db.transaction().execute(async (trx) => {
    // The lock on the edition makes two operators, or an operator and dispatch, wait for each other.
    const edition = await trx
      .selectFrom('editions')
      .select('sending')
      .where('day', '=', day)
      .forUpdate()
      .executeTakeFirst()
    if (edition === undefined || edition.sending === 'cancelled') return { count: 0, parcelIds: [] }
    const { rows } = await sql<{ id: string }>`
      select d.id from deliveries d join subscribers s on s.id = d.subscriber_id
      where d.day = ${day} and ${ofDay(day)} and d.state = ${from} and ${MAY_BE_MAILED}
        ${only === undefined ? sql`` : sql`and d.subscriber_id = ${only.subscriberId} and d.period = ${only.period}`}
      order by d.id limit ${REQUEUE_DELIVERIES_MAX} for update of d`.execute(trx)
    if (rows.length === 0) return { count: 0, parcelIds: [] }
    const { parcelIds, parcelOf } = await openParcels(trx, options, rows.length)
    await sql`
      update deliveries d set state = 'queued', parcel_id = x.parcel_id, attempts = 0, settled_at = null,
        address = null, paper_numbers = null, selection = null, queued_at = ${at}
      from unnest(
        ${rows.map((row) => row.id)}::bigint[],
        ${rows.map((_, index) => parcelOf(index))}::uuid[]
      ) as x(id, parcel_id)
      where d.id = x.id and ${ofDay(day)} and d.state = ${from} and d.state = any(${statesBefore('queued')}::text[])`.execute(
      trx,
    )
    const action = from === 'refused' ? 'deliveries.refused-retried' : 'deliveries.uncertain-resent'
    const counts = { before: { [from]: rows.length }, after: { queued: rows.length } }
    await recordAction(trx, actor, { action, day, subscriberId: only?.subscriberId ?? null, ...counts }, at)
    await appendEvent(trx, { at, kind: action, day, data: { count: rows.length } })
    return { count: rows.length, parcelIds }
  })
}
