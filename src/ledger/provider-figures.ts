import { sql } from 'kysely'
import { WEBHOOK_ID_CHARS_MAX } from '../../config/limits.ts'
import type { Day } from '../day.ts'
import { TAKEN } from '../delivery.ts'
import type { Database } from './database.ts'
import { countedOf } from './kept.ts'
import { LOUD, QUIET } from './old-reports.ts'
import type { Recorded } from './provider-events.ts'

/** Counts a genuine event of a type that is not known here. */
export async function noteUnknown(
  db: Database,
  { id, type, at }: { readonly id: string; readonly type: string; readonly at: Date },
): Promise<Recorded> {
  const fresh = await db
    .insertInto('webhook_events')
    .values({
      id: id.slice(0, WEBHOOK_ID_CHARS_MAX),
      source: 'resend',
      kind: 'unknown',
      state: 'noted',
      reason: type.slice(0, WEBHOOK_ID_CHARS_MAX),
      occurred_at: at,
      received_at: at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return fresh === undefined ? 'duplicate' : 'applied'
}

/** What came back of a day's digests; letters, not reports, are counted. */
export interface DayFeedback {
  /** Digests that a provider took. */
  readonly sent: number
  readonly complained: number
  readonly bounced: number
  readonly softBounced: number
  /** 0–1; null when nothing was sent. */
  readonly complaintRate: number | null
  readonly bounceRate: number | null
}

export async function readDayFeedback(db: Database, day: Day): Promise<DayFeedback> {
  const { rows } = await sql<{ sent: string; complained: string; bounced: string; soft: string }>`
    with ${countedOf(day, new Date(0))}
    select (select coalesce(sum(count), 0) from counted where state = any(${TAKEN}::text[])) as sent,
      count(distinct delivery_id) filter (where kind = 'complained') as complained,
      count(distinct delivery_id) filter (where kind = 'bounced') as bounced,
      count(distinct delivery_id) filter (where kind = 'soft-bounced') as soft
    from webhook_events where day = ${day} and state = 'applied'`.execute(db)
  const [row] = rows
  const sent = Number(row?.sent ?? 0)
  const complained = Number(row?.complained ?? 0)
  const bounced = Number(row?.bounced ?? 0)
  const rate = (count: number) => (sent === 0 ? null : count / sent)
  return {
    sent,
    complained,
    bounced,
    softBounced: Number(row?.soft ?? 0),
    complaintRate: rate(complained),
    bounceRate: rate(bounced),
  }
}

/** Reports of the last two days by kind: what `/metrics` shows. */
export async function countRecentReports(db: Database, since: Date): Promise<{ kind: string; count: number }[]> {
  const { rows } = await sql<{ kind: string; count: string }>`
    select kind, count(*) as count from webhook_events where ${QUIET} and received_at > ${since} group by kind
    union all
    select kind, count(*) from webhook_events where ${LOUD} and received_at > ${since} group by kind
    order by kind`.execute(db)
  return rows.map((row) => ({ kind: row.kind, count: Number(row.count) }))
}
