import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { RefusedMessage } from '../../pipeline/send/breaker.ts'
import { openParcels, type ParcelOptions } from '../dispatch/new-parcels.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'

const TRANSACTIONAL_KEY = 'notice-'

/**
 * Requeues messages that a provider refused because of a fault of the sender. Deliveries that an operator has changed since
 * then stay as they are.
 */
export async function requeueRefused(
  db: Database,
  messages: readonly RefusedMessage[],
  options: Omit<ParcelOptions, 'day'>,
): Promise<void> {
  const emails = messages.filter(({ key }) => key.startsWith(TRANSACTIONAL_KEY)).map(({ deliveryId }) => deliveryId)
  const digests = messages.filter(({ key }) => !key.startsWith(TRANSACTIONAL_KEY))
  await db.transaction().execute(async (trx) => {
    if (emails.length > 0)
      await trx
        .updateTable('transactional_emails')
        .set({ state: 'queued', next_try_at: options.at, transport: null, first_call_at: null })
        .where('id', 'in', emails)
        .where('state', '=', 'refused')
        .execute()
    if (digests.length === 0) return
    // The lock on the editions makes an operator who cancels one wait.
    const editions = await trx
      .selectFrom('parcels as p')
      .innerJoin('editions as e', 'e.day', 'p.day')
      .select(['p.id', 'e.day'])
      .where(
        'p.id',
        'in',
        digests.map(({ key }) => key),
      )
      .where('e.sending', '<>', 'cancelled')
      .orderBy('e.day')
      .forUpdate('e')
      .execute()
    for (const day of new Set(editions.map((edition) => asDay(edition.day)))) {
      const keys = new Set(editions.filter((edition) => edition.day === day).map(({ id }) => id))
      await requeueOfDay(
        trx,
        digests.filter(({ key }) => keys.has(key)),
        { ...options, day },
      )
    }
  })
}

async function requeueOfDay(
  trx: Database,
  refused: readonly RefusedMessage[],
  options: ParcelOptions & { readonly day: Day },
): Promise<void> {
  const { day, at } = options
  const { rows } = await sql<{ id: string }>`
    select d.id from deliveries d
    join unnest(${refused.map(({ deliveryId }) => deliveryId)}::bigint[], ${refused.map(({ key }) => key)}::uuid[])
      as x(id, parcel_id) on x.id = d.id and x.parcel_id = d.parcel_id
    where ${ofDay(day)} and d.state = 'refused' order by d.id for update of d`.execute(trx)
  if (rows.length === 0) return
  const { parcelIds, parcelOf } = await openParcels(trx, options, rows.length)
  await sql`
    update deliveries d set state = 'queued', parcel_id = x.parcel_id, settled_at = null,
      address = null, paper_numbers = null, selection = null
    from unnest(${rows.map(({ id }) => id)}::bigint[], ${rows.map((_, index) => parcelOf(index))}::uuid[]) as x(id, parcel_id)
    where d.id = x.id and ${ofDay(day)} and d.state = 'refused'`.execute(trx)
  await appendEvent(trx, {
    at,
    kind: 'deliveries.refusal-taken-back',
    day,
    data: { count: rows.length, parcels: parcelIds.length },
  })
}
