import { sql } from 'kysely'
import { statesBefore } from '../../domain/delivery.ts'
import type { SettleOptions } from '../../pipeline/deliver.ts'
import type { CallRecords } from '../../pipeline/send/group-claims.ts'
import type { Database } from '../schema/database.ts'

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
  const accepted = sent.flatMap(acceptedOf)
  const recipients = begins.flatMap(({ parcel }) =>
    parcel.members.map(({ subscriberId, address }) => ({ parcelId: parcel.id, subscriberId, address })),
  )
  // Each condition is on a primary key, so that the plan is good without statistics: the day's deliveries were just written.
  const { rows } = await sql<{ id: string }>`
    with accepted as (
      update deliveries d set state = 'sent', reason = null, provider_id = x.provider_id, settled_at = ${at}
      from unnest(
        ${accepted.map((each) => each.subscriberId)}::bigint[], ${accepted.map((each) => each.period)}::text[],
        ${accepted.map((each) => each.deliveryId)}::bigint[], ${accepted.map((each) => each.providerId)}::text[]
      ) as x(subscriber_id, period, id, provider_id)
      where d.subscriber_id = x.subscriber_id and d.period = x.period and d.id = x.id
        and d.state = any(${statesBefore('sent')}::text[])
    ), settled as (
      update parcels p set state = 'settled', claimed_by = null
      from unnest(${sent.map(({ parcel }) => parcel.id)}::uuid[], ${sent.map(({ parcel }) => parcel.attempt)}::int[]) as x(id, attempts)
      where p.id = x.id and p.state = 'sending' and p.claimed_by = ${worker} and p.attempts = x.attempts
    ), changed as materialized (
      select x.parcel_id
      from unnest(
        ${recipients.map((each) => each.parcelId)}::uuid[], ${recipients.map((each) => each.subscriberId)}::bigint[],
        ${recipients.map((each) => each.address)}::text[]
      ) as x(parcel_id, subscriber_id, address)
      left join subscribers s on s.id = x.subscriber_id
      where s.state is distinct from 'active' or s.email <> x.address
        or exists (select from suppressions u where u.address_hash = s.address_hash)
    )
    update parcels p set first_call_at = ${at}, claimed_at = ${at}
    from unnest(${begins.map(({ parcel }) => parcel.id)}::uuid[], ${begins.map(({ parcel }) => parcel.attempt)}::int[]) as x(id, attempts)
    where p.id = x.id and p.state = 'sending' and p.claimed_by = ${worker} and p.attempts = x.attempts
      and (select e.sending from editions e where e.day = p.day) = 'running'
      and (select count(*) from transport_pauses t where t.name = p.transport and t.paused_until > ${at}) = 0
      and p.id not in (select parcel_id from changed)
    returning p.id`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

function acceptedOf({ parcel, settlements }: SettleOptions) {
  const settled = new Map(settlements.map((each) => [each.deliveryId, each]))
  return parcel.members.flatMap(({ deliveryId, subscriberId, period }) => {
    const settlement = settled.get(deliveryId)
    return settlement?.kind === 'sent' ? { deliveryId, subscriberId, period, providerId: settlement.providerId } : []
  })
}
