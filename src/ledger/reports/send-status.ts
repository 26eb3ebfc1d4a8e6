import { sql } from 'kysely'
import { RATE_WINDOW_SECONDS } from '../../../config/limits-web.ts'
import type { Day } from '../../domain/day.ts'
import { DELIVERY_STATES, type DeliveryState } from '../../domain/delivery.ts'
import type { CanaryState, EditionState, SendingState } from '../../domain/edition.ts'
import type { TransportPause } from '../../pipeline/send/send-job.ts'
import type { EditionFacts } from '../../pipeline/state/send-state.ts'
import { readActivePauses } from '../dispatch/open-work.ts'
import { countedOf } from '../maintenance/archived-counts.ts'
import type { Database } from '../schema/database.ts'

export interface Reason {
  readonly state: DeliveryState
  readonly reason: string
  readonly count: number
}

/** The sending of a day. All numbers have the same snapshot. */
export interface SendStatus extends EditionFacts {
  readonly day: Day
  readonly revision: number
  readonly dispatchedAt: Date | null
  /** Whether the number of deliveries in all states equals the number written. */
  readonly addsUp: boolean
  readonly reasons: readonly Reason[]
  readonly oldestUnsettledAt: Date | null
  readonly lastSettledAt: Date | null
  readonly holds: readonly TransportPause[]
}

interface Row {
  revision: number
  state: EditionState
  reason: string | null
  published_at: Date
  sending: SendingState
  dispatched_at: Date | null
  needs_approval: boolean
  approved_at: Date | null
  canary: CanaryState
  canary_percent: number
  canary_minutes: number
  canary_sent_at: Date | null
  canary_bounce_percent_max: number
  canary_complaint_percent_max: number
  delivery_count: string
  deferred_count: number
  groups: { state: DeliveryState; reason: string | null; count: number }[] | null
  oldest: Date | null
  first: Date | null
  last: Date | null
  lately: number
}

/**
 * Returns the sending of a day. One statement reads the delivery count of dispatch and the deliveries by state and reason,
 * which must add up to it, so that they have the same snapshot. Returns null if there is no edition.
 */
export async function readSendStatus(db: Database, day: Day, at: Date): Promise<SendStatus | null> {
  const since = new Date(at.getTime() - RATE_WINDOW_SECONDS * 1_000)
  const { rows } = await sql<Row>`
    with ${countedOf(day, since)}
    select e.*, g.groups, g.oldest, g.first, g.last, coalesce(g.lately, 0)::int as lately
    from editions e cross join (
      select json_agg(json_build_object('state', state, 'reason', reason, 'count', count)) as groups,
        min(oldest) as oldest, min(first) as first, max(last) as last, sum(lately) as lately
      from counted
    ) as g
    where e.day = ${day}`.execute(db)
  const row = rows[0]
  return row === undefined ? null : toSendStatus(day, at, row, await readActivePauses(db, at))
}

/** Returns the SQL for the deliveries that dispatch counted, minus those that exist. */
export function unaccountedOf({ candidates, counts }: Pick<SendStatus, 'candidates' | 'counts'>): number {
  return candidates - Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function toSendStatus(day: Day, at: Date, row: Row, holds: readonly TransportPause[]): SendStatus {
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>
  const groups = row.groups ?? []
  for (const { state, count } of groups) counts[state] += count
  const candidates = Number(row.delivery_count)
  return {
    day,
    at,
    revision: row.revision,
    state: row.state,
    reason: row.reason,
    publishedAt: row.published_at,
    sending: row.sending,
    dispatchedAt: row.dispatched_at,
    needsApproval: row.needs_approval,
    approvedAt: row.approved_at,
    canary: row.canary,
    canaryPercent: row.canary_percent,
    canaryMinutes: row.canary_minutes,
    canarySentAt: row.canary_sent_at,
    bouncePercentMax: row.canary_bounce_percent_max,
    complaintPercentMax: row.canary_complaint_percent_max,
    candidates,
    postponed: row.deferred_count,
    counts,
    addsUp: unaccountedOf({ candidates, counts }) === 0,
    reasons: groups
      .flatMap(({ state, reason, count }) => (reason === null ? [] : [{ state, reason, count }]))
      .sort((a, b) => b.count - a.count),
    oldestUnsettledAt: row.oldest,
    firstSettledAt: row.first,
    lastSettledAt: row.last,
    settledLately: row.lately,
    holds,
  }
}
