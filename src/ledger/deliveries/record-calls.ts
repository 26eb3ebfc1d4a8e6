import { sql } from 'kysely'
import { periodsOf, statesBefore } from '../../domain/delivery.ts'
import type { BeginOptions, SettleOptions } from '../../pipeline/deliver.ts'
import type { Database } from '../schema/database.ts'

/** Calls that begin, and calls whose messages were all accepted. All are of one worker. */
export interface CallRecords {
  readonly begins: readonly BeginOptions[]
  readonly sent: readonly SettleOptions[]
}

/**
 * Records in one statement that some messages were sent and that other calls begin. A process that dies leaves no more calls
 * without an answer than it had open connections.
 * @returns the ids of the parcels whose call may begin.
 */
export async function recordCalls(db: Database, { begins, sent }: CallRecords): Promise<ReadonlySet<string>> {
  const [any] = [...begins, ...sent]
  if (any === undefined) return new Set()
  const { worker } = any.parcel
  const at = new Date(Math.max(...[...begins, ...sent].map((each) => each.at.getTime())))
  const periods = [...new Set([...begins, ...sent].flatMap(({ parcel }) => periodsOf(parcel.day)))]
  const accepted = sent.flatMap(({ settlements }) => settlements.flatMap((each) => (each.kind === 'sent' ? each : [])))
  const beginIds = begins.map(({ parcel }) => parcel.id)
  const sentIds = sent.map(({ parcel }) => parcel.id)
  // Each table is asked for its ids too, because PostgreSQL would otherwise read a table that it has no statistics of as a whole.
  const { rows } = await sql<{ id: string }>`
    with accepted as (
      update deliveries d set state = 'sent', reason = null, provider_id = x.provider_id, settled_at = ${at}
      from unnest(${accepted.map((each) => each.deliveryId)}::bigint[], ${accepted.map((each) => each.providerId)}::text[]) as x(id, provider_id)
      where d.id = any(${accepted.map((each) => each.deliveryId)}::bigint[]) and d.id = x.id
        and d.period = any(${periods}::text[]) and d.state = any(${statesBefore('sent')}::text[])
    ), settled as (
      update parcels p set state = 'settled', claimed_by = null
      from unnest(${sentIds}::uuid[], ${sent.map(({ parcel }) => parcel.attempt)}::int[]) as x(id, attempts)
      where p.id = any(${sentIds}::uuid[]) and p.id = x.id
        and p.state = 'sending' and p.claimed_by = ${worker} and p.attempts = x.attempts
    )
    update parcels p set first_call_at = ${at}, claimed_at = ${at}
    from unnest(${beginIds}::uuid[], ${begins.map(({ parcel }) => parcel.attempt)}::int[]) as x(id, attempts)
    where p.id = any(${beginIds}::uuid[]) and p.id = x.id
      and p.state = 'sending' and p.claimed_by = ${worker} and p.attempts = x.attempts
      and exists (select from editions e where e.day = p.day and e.sending = 'running')
      and not exists (select from transport_pauses t where t.name = p.transport and t.paused_until > ${at})
      and not exists (
        select from deliveries d left join subscribers s on s.id = d.subscriber_id
        where d.parcel_id = any(${beginIds}::uuid[]) and d.parcel_id = p.id
          and d.period = any(${periods}::text[]) and d.state = 'sending' and (
            s.state is distinct from 'active' or s.email <> d.address
            or exists (select from suppressions u where u.address_hash = s.address_hash)))
    returning p.id`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
