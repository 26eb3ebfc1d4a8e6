import { sql } from 'kysely'
import { UNRECOGNIZED_DAYS, UNRECOGNIZED_SHOWN_MAX, WEBHOOK_ID_CHARS_MAX } from '../../../config/limits-inbound.ts'
import type { Day } from '../../domain/day.ts'
import { ACCEPTED_STATES } from '../../domain/delivery.ts'
import type { MessageRef } from '../../mail/provider-event.ts'
import type { RecordResult, UnknownReport } from '../../pipeline/record-provider-event.ts'
import { countedOf } from '../maintenance/archived-counts.ts'
import { ROUTINE_EVENTS, TROUBLE_EVENTS } from '../maintenance/prune-reports.ts'
import type { Database } from '../schema/database.ts'

/** Counts an authentic event of an unknown type, or a returned mail that was not recognized. */
export async function saveUnrecognized(
  db: Database,
  { id, type, at, source = 'resend' }: UnknownReport,
): Promise<RecordResult> {
  const fresh = await db
    .insertInto('webhook_events')
    .values({
      id: id.slice(0, WEBHOOK_ID_CHARS_MAX),
      source,
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

/** The returned mails of the last UNRECOGNIZED_DAYS that were not recognized. */
export interface UnrecognizedReport {
  readonly count: number
  /** The distinct reasons, newest first. */
  readonly samples: readonly string[]
}

export async function readUnrecognized(db: Database, at: Date): Promise<UnrecognizedReport> {
  const since = new Date(at.getTime() - UNRECOGNIZED_DAYS * 86_400_000)
  const { rows } = await sql<{ reason: string | null; count: string }>`
    select reason, count(*) as count from webhook_events
    where kind = 'unknown' and source = 'mail' and received_at > ${since}
    group by reason order by max(received_at) desc`.execute(db)
  return {
    count: rows.reduce((sum, { count }) => sum + Number(count), 0),
    samples: rows.slice(0, UNRECOGNIZED_SHOWN_MAX).map(({ reason }) => reason ?? ''),
  }
}

/** Returns the newest sent message to a subscriber, or the newest of a given day. */
export async function findMessageTo(
  db: Database,
  subscriberId: string,
  day: string | null,
): Promise<MessageRef | null> {
  const row = await db
    .selectFrom('deliveries')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('state', 'in', [...ACCEPTED_STATES])
    .$if(day !== null, (query) => query.where('day', '=', day ?? ''))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { kind: 'delivery', id: row.id }
}

/** Bounces and complaints of a day's digests. They count messages, not reports. */
export interface DayFeedback {
  /** Digests that a provider accepted. */
  readonly sent: number
  readonly complained: number
  readonly bounced: number
  readonly softBounced: number
  /** 0–1; null if no digest was sent. */
  readonly complaintRate: number | null
  readonly bounceRate: number | null
}

export async function readDayFeedback(db: Database, day: Day): Promise<DayFeedback> {
  const { rows } = await sql<{ sent: string; complained: string; bounced: string; soft: string }>`
    with ${countedOf(day, new Date(0))}
    select (select coalesce(sum(count), 0) from counted where state = any(${ACCEPTED_STATES}::text[])) as sent,
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

/** Returns the reports of the last two days by kind, for `/metrics`. */
export async function countRecentReports(db: Database, since: Date): Promise<{ kind: string; count: number }[]> {
  const { rows } = await sql<{ kind: string; count: string }>`
    select kind, count(*) as count from webhook_events where ${ROUTINE_EVENTS} and received_at > ${since} group by kind
    union all
    select kind, count(*) from webhook_events where ${TROUBLE_EVENTS} and received_at > ${since} group by kind
    order by kind`.execute(db)
  return rows.map((row) => ({ kind: row.kind, count: Number(row.count) }))
}
