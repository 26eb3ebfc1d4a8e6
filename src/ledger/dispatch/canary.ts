import { type SqlBool, sql } from 'kysely'
import { PROGRAM } from '../../domain/actor.ts'
import type { Day } from '../../domain/day.ts'
import { ACCEPTED_STATES } from '../../domain/delivery.ts'
import type { CanaryState } from '../../domain/edition.ts'
import { recordAction } from '../operators/audit.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { ofDay } from '../schema/periods.ts'

/** The columns of an edition that decide whether and to whom it may be sent. */
export interface GateRow {
  readonly needs_approval: boolean
  readonly approved_at: Date | null
  readonly canary: CanaryState
  readonly canary_percent: number
  readonly canary_minutes: number
  readonly canary_bounce_percent_max: number
  readonly canary_complaint_percent_max: number
  readonly canary_sent_at: Date | null
}

export const GATE_COLUMNS = [
  'needs_approval',
  'approved_at',
  'canary',
  'canary_percent',
  'canary_minutes',
  'canary_bounce_percent_max',
  'canary_complaint_percent_max',
  'canary_sent_at',
] as const

/** `open`: it may go to all due subscribers, or to the canary's share of them; otherwise why nothing may be sent. */
export type Gate =
  | { readonly kind: 'open'; readonly percent: number | null }
  | { readonly kind: 'held'; readonly why: 'paused' | 'unapproved' | 'canary' }

/**
 * Returns whether an edition may be dispatched. The caller has locked its row. Ends the wait for the canary when its time is
 * over. Bad figures pause the edition; an operator who resumes it sends to the others.
 */
export async function checkGate(trx: Database, day: Day, row: GateRow, at: Date): Promise<Gate> {
  if (row.needs_approval && row.approved_at === null) return { kind: 'held', why: 'unapproved' }
  if (row.canary === 'sending') return { kind: 'open', percent: row.canary_percent }
  if (row.canary !== 'waiting') return { kind: 'open', percent: null }
  const numbers = await readCanaryNumbers(trx, day)
  if (hasBadFigures(numbers, row)) {
    await endCanary(trx, day, 'stopped', numbers, at)
    return { kind: 'held', why: 'paused' }
  }
  const until = (row.canary_sent_at ?? at).getTime() + row.canary_minutes * 60_000
  if (numbers.open > 0 || at.getTime() < until) return { kind: 'held', why: 'canary' }
  await endCanary(trx, day, 'passed', numbers, at)
  return { kind: 'open', percent: null }
}

/** Starts the wait for the canary's bounces and complaints. */
export async function waitForCanary(trx: Database, day: Day, at: Date): Promise<void> {
  await trx.updateTable('editions').set({ canary: 'waiting', canary_sent_at: at }).where('day', '=', day).execute()
}

/**
 * Returns whether a subscriber is in the canary. It uses a hash of subscriber and day, so that every dispatcher chooses the
 * same subscribers, every day has others, and nothing is stored.
 */
export function isCanary(day: Day, percent: number) {
  const hash = sql`sha256(convert_to(s.id::text || ' ' || ${day}::text, 'UTF8'))`
  return sql<SqlBool>`(get_byte(${hash}, 0) * 256 + get_byte(${hash}, 1)) < ${Math.round(percent * 655.36)}`
}

export interface CanaryNumbers {
  readonly settled: number
  readonly bounced: number
  readonly complained: number
  readonly open: number
}

/** Returns the figures of the canary. While it waits, all deliveries of the day belong to it. A rejection counts as a bounce. */
export async function readCanaryNumbers(db: Database, day: Day): Promise<CanaryNumbers> {
  const { rows } = await sql<CanaryNumbers>`
    select count(*) filter (where state = any(${[...ACCEPTED_STATES, 'refused']}::text[]))::int as settled,
      count(*) filter (where state in ('bounced', 'refused'))::int as bounced,
      count(*) filter (where state = 'complained')::int as complained,
      count(*) filter (where state in ('queued', 'sending'))::int as open
    from deliveries d where day = ${day} and ${ofDay(day)}`.execute(db)
  return rows[0] ?? { settled: 0, bounced: 0, complained: 0, open: 0 }
}

function hasBadFigures({ settled, bounced, complained }: CanaryNumbers, row: GateRow): boolean {
  if (settled === 0) return false
  return (
    (bounced / settled) * 100 > row.canary_bounce_percent_max ||
    (complained / settled) * 100 > row.canary_complaint_percent_max
  )
}

async function endCanary(
  trx: Database,
  day: Day,
  verdict: 'passed' | 'stopped',
  numbers: CanaryNumbers,
  at: Date,
): Promise<void> {
  await trx
    .updateTable('editions')
    .set({ canary: verdict, ...(verdict === 'stopped' ? { sending: 'paused' as const } : {}) })
    .where('day', '=', day)
    .execute()
  const act = { action: `edition.canary-${verdict}`, day, before: { canary: 'waiting' }, after: { ...numbers } }
  await recordAction(trx, PROGRAM, act, at)
  await appendEvent(trx, { at, kind: act.action, day, data: { ...numbers } })
}
