import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import { ACCEPTED_STATES, DELIVERY_STATES, type DeliveryState, RECEIVED_STATES } from '../../domain/delivery.ts'
import type { TransportPause } from '../../pipeline/send/send-job.ts'
import { paperIdsIn } from '../deliveries/paper-numbers.ts'
import { readSelection } from '../deliveries/selection-text.ts'
import { readActivePauses } from '../dispatch/open-work.ts'
import { countedOf } from '../maintenance/archived-counts.ts'
import type { Database } from '../schema/database.ts'

/** The sending of a day, as shown by `status`. */
export interface DayStatus {
  readonly counts: Readonly<Record<DeliveryState, number>>
  readonly total: number
  /** Subscribers who were due for the edition but exceeded the warm-up quota. */
  readonly leftOut: number
  /** The number of deliveries for each settled state and reason. */
  readonly reasons: readonly { readonly state: DeliveryState; readonly reason: string; readonly count: number }[]
  readonly oldestUnsettledAt: Date | null
  readonly firstSentAt: Date | null
  readonly lastSentAt: Date | null
  readonly holds: readonly TransportPause[]
}

interface Counted {
  readonly state: DeliveryState
  readonly reason: string | null
  readonly count: string
  readonly oldest: Date | null
  readonly first: Date | null
  readonly last: Date | null
}

const REASONS_SHOWN_MAX = 20

export async function readDayStatus(db: Database, day: Day, at: Date): Promise<DayStatus> {
  const { rows } = await sql<Counted>`
    with ${countedOf(day, at)}
    select state, reason, sum(count) as count, min(oldest) as oldest, min(first) as first, max(last) as last
    from counted group by state, reason order by count desc`.execute(db)
  const counts = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as Record<DeliveryState, number>
  for (const row of rows) counts[row.state] += Number(row.count)
  const taken = rows.filter(({ state }) => ACCEPTED_STATES.includes(state))
  const edition = await db.selectFrom('editions').select('deferred_count').where('day', '=', day).executeTakeFirst()
  return {
    counts,
    total: Object.values(counts).reduce((sum, count) => sum + count, 0),
    leftOut: edition?.deferred_count ?? 0,
    reasons: rows
      .flatMap(({ state, reason, count }) => (reason === null ? [] : [{ state, reason, count: Number(count) }]))
      .slice(0, REASONS_SHOWN_MAX),
    oldestUnsettledAt: earliestOf(rows.map(({ oldest }) => oldest)),
    firstSentAt: earliestOf(taken.map(({ first }) => first)),
    lastSentAt: latestOf(taken.map(({ last }) => last)),
    holds: await readActivePauses(db, at),
  }
}

function earliestOf(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce(
    (least, moment) => (least === null || (moment !== null && moment < least) ? moment : least),
    null,
  )
}

function latestOf(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((most, moment) => (most === null || (moment !== null && moment > most) ? moment : most), null)
}

export interface SubscriberHistory {
  readonly day: Day
  readonly period: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly papers: number
  readonly settledAt: Date | null
}

/** Returns the newest deliveries of a subscriber. */
export async function readHistory(db: Database, subscriberId: string, limit: number): Promise<SubscriberHistory[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['day', 'period', 'state', 'reason', 'paper_numbers', 'settled_at'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    day: asDay(row.day),
    period: row.period,
    state: row.state,
    reason: row.reason,
    papers: row.paper_numbers?.length ?? 0,
    settledAt: row.settled_at,
  }))
}

/** Returns the periods of a subscriber's newest deliveries, at least those of the last two weeks. */
export async function readPeriods(db: Database, subscriberId: string): Promise<Set<string>> {
  return new Set((await readHistory(db, subscriberId, PERIODS_READ)).map(({ period }) => period))
}

const PERIODS_READ = 20 // A subscriber may have a delivery for each day and each week.

/**
 * Returns which of these papers a subscriber received outside `period`, for composing without sending. Leaving out `period`
 * lets a sent digest be composed as it was.
 */
export async function readSentPaperIds(
  db: Database,
  subscriberId: string,
  paperIds: readonly string[],
  period: string,
): Promise<string[]> {
  if (paperIds.length === 0) return []
  const { rows } = await sql<{ paper: string }>`
    select distinct p.id as paper from deliveries d, unnest(d.paper_numbers) as x(number)
    join papers p on p.number = x.number
    where d.subscriber_id = ${subscriberId} and d.period <> ${period} and d.state = any(${[...RECEIVED_STATES]}::text[])
      and p.id = any(${[...paperIds]}::text[])`.execute(db)
  return rows.map((row) => row.paper)
}

/** Returns the newest deliveries to an address, with the interests that ranked the papers, for the demo. */
export async function readDemoDeliveries(
  db: Database,
  address: string,
): Promise<{ day: string; state: DeliveryState; papers: number; matches: Readonly<Record<string, string>> }[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['day', 'state', 'paper_numbers', 'selection', paperIdsIn('paper_numbers').as('paper_ids')])
    .where('address', '=', address)
    .orderBy('day', 'desc')
    .limit(3)
    .execute()
  return rows.map((row) => ({
    day: row.day,
    state: row.state,
    papers: row.paper_numbers?.length ?? 0,
    matches: row.selection === null ? {} : readSelection(row.selection, row.paper_ids ?? []).matches,
  }))
}
