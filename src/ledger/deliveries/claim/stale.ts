import { sql } from 'kysely'
import type { Day } from '../../../domain/day.ts'
import { statesBefore } from '../../../domain/delivery.ts'
import { digestGiveUpAt, gaveUpReason, supersededReason } from '../../../pipeline/send/retry-schedule.ts'
import { appendEvent } from '../../reports/events.ts'
import type { Database } from '../../schema/database.ts'
import { ofDay, sinceDay } from '../../schema/periods.ts'
import { clipReason } from '../split.ts'

interface StaleOptions {
  readonly day: Day
  readonly at: Date
  readonly giveUpHours: number
}

interface DeferredRow {
  readonly id: string
  readonly period: string
  readonly reason: string | null
  readonly queued_at: Date
  readonly superseded_by: string | null
}

/**
 * Refuses the members of queued parcels that servers have deferred for too long, and those whose subscriber has a later digest
 * by now, because nobody wants yesterday's digest after today's. Only messages that a server deferred can be stale.
 */
export async function giveUpStale(
  trx: Database,
  { day, at, giveUpHours }: StaleOptions,
  parcelIds: readonly string[],
): Promise<void> {
  if (parcelIds.length === 0) return
  const { rows } = await sql<DeferredRow>`
    select d.id, d.period, d.reason, d.queued_at,
      (select max(h.day)::text from deliveries h
        where h.subscriber_id = d.subscriber_id and ${sinceDay(day)} and h.day > ${day} and h.state <> 'skipped'
      ) as superseded_by
    from deliveries d
    where d.parcel_id = any(${[...parcelIds]}::uuid[]) and ${ofDay(day)} and d.state = 'queued' and d.attempts > 0`.execute(
    trx,
  )
  const stale = rows.flatMap(({ id, period, reason, queued_at: queuedAt, superseded_by: by }) => {
    if (by !== null) return { id, reason: clipReason(supersededReason(by, reason)) }
    return at < digestGiveUpAt(queuedAt, period, giveUpHours)
      ? []
      : { id, reason: clipReason(gaveUpReason(queuedAt, at, reason)) }
  })
  if (stale.length === 0) return
  await sql`
    update deliveries d set state = 'refused', reason = x.reason, settled_at = ${at}
    from unnest(${stale.map(({ id }) => id)}::bigint[], ${stale.map(({ reason }) => reason)}::text[]) as x(id, reason)
    where d.id = x.id and ${ofDay(day)} and d.state = 'queued' and d.state = any(${statesBefore('refused')}::text[])`.execute(
    trx,
  )
  for (const { id, reason } of stale)
    await appendEvent(trx, { at, kind: 'delivery.refused', day, deliveryId: id, data: { reason } })
}
