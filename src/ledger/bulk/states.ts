import { type RawBuilder, sql } from 'kysely'
import { dayIn } from '../../domain/day.ts'
import { NEXT_SUBSCRIBER, SUBSCRIBER_STATES, type SubscriberState } from '../../domain/subscriber.ts'
import { notWeakerThan } from '../../domain/suppression.ts'
import type { Database } from '../schema/database.ts'
import type { BulkWork } from './work.ts'

/**
 * Pauses active subscribers. Somebody who paused on their own keeps their pause, because another end could send them mail
 * earlier than they asked.
 */
export async function pauseAll(trx: Database, work: BulkWork): Promise<number> {
  const { ids, job, at } = work
  return moved(
    trx,
    'subscriber.paused',
    { ...work, more: { until: job.options.until ?? null } },
    sql`
    update subscribers s set state = 'paused', paused_until = ${job.options.until ?? null}::date, updated_at = ${at},
      paused_since = coalesce(s.paused_since, z.today)
    from ${await todays(trx, work)} where s.id = any(${ids}::bigint[]) and s.state = 'active' and z.timezone = s.timezone
    returning s.id`,
  )
}

/** Ends pauses, but only those that an operator began. */
export async function resumeAll(trx: Database, work: BulkWork): Promise<number> {
  const { ids, at } = work
  return moved(
    trx,
    'subscriber.active',
    work,
    sql`
    update subscribers s set state = 'active', paused_until = null, eligible_from = z.today, eligible_from_at = ${at},
      updated_at = ${at}, paused_since = case when s.paused_since < z.today then s.paused_since end
    from ${await todays(trx, work)} where s.id = any(${ids}::bigint[]) and s.state = 'paused' and z.timezone = s.timezone
      and 'operator' = (select e.data->>'by' from events e where e.subscriber_id = s.id and e.kind = 'subscriber.paused'
        order by e.id desc limit 1)
    returning s.id`,
  )
}

/** Unsubscribes. Only subscribers who unsubscribed by their own link can undo it. */
export function unsubscribeAll(trx: Database, work: BulkWork): Promise<number> {
  const from = statesThatMayBecome('unsubscribed').filter((state) => state !== 'suppressed')
  return moved(
    trx,
    'subscriber.unsubscribed',
    work,
    sql`
    update subscribers set state = 'unsubscribed', unsubscribed_at = null, paused_until = null, paused_since = null,
      updated_at = ${work.at}
    where id = any(${work.ids}::bigint[]) and state = any(${from}::text[]) returning id`,
  )
}

/** Suppresses the addresses, so that they get no mail even if they subscribe again. */
export async function suppressAll(trx: Database, work: BulkWork): Promise<number> {
  const { ids, job, at } = work
  await sql`
    insert into suppressions (address_hash, reason, note, created_at)
    select address_hash, 'operator', ${job.reason}, ${at} from subscribers
    where id = any(${ids}::bigint[]) and state <> 'suppressed' order by address_hash
    on conflict (address_hash) do update set reason = excluded.reason, note = excluded.note
      where suppressions.reason <> all(${notWeakerThan('operator')}::text[])`.execute(trx)
  return moved(
    trx,
    'subscriber.suppressed',
    work,
    sql`
    update subscribers set state = 'suppressed', updated_at = ${at}, paused_until = null, paused_since = null
    where id = any(${ids}::bigint[]) and state <> 'suppressed' returning id`,
  )
}

/** Runs an update that returns ids, writes an event for each, and returns how many there were. */
async function moved(
  trx: Database,
  kind: string,
  { job, at, more = {} }: BulkWork & { readonly more?: Readonly<Record<string, unknown>> },
  update: RawBuilder<unknown>,
): Promise<number> {
  const data = JSON.stringify({ why: job.reason, by: 'operator', bulk: job.id, ...more })
  const { rows } = await sql`
    with moved as (${update})
    insert into events (created_at, kind, subscriber_id, data)
    select ${at}, ${kind}, id, ${data}::jsonb from moved order by id returning id`.execute(trx)
  return rows.length
}

/** Returns `z(timezone, today)`. Node computes the days, so that only one time-zone database is used. */
async function todays(trx: Database, { ids, at }: BulkWork): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ timezone: string }>`
    select distinct timezone from subscribers where id = any(${ids}::bigint[])`.execute(trx)
  const zones = rows.map(({ timezone }) => timezone)
  return sql`unnest(${zones}::text[], ${zones.map((zone) => dayIn(zone, at))}::date[]) as z(timezone, today)`
}

function statesThatMayBecome(to: SubscriberState): SubscriberState[] {
  return SUBSCRIBER_STATES.filter((from) => NEXT_SUBSCRIBER[from].includes(to))
}
