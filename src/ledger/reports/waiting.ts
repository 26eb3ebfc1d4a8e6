import { type RawBuilder, sql } from 'kysely'
import { WAITING_GROUPS_MAX } from '../../../config/limits-processes.ts'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Waiting, WaitingWhy } from '../../pipeline/alerts/waiting.ts'
import { firstFree } from '../../pipeline/send/choose-transport.ts'
import { digestGiveUpAt } from '../../pipeline/send/retry-schedule.ts'
import type { TransportPause } from '../../pipeline/send/send-job.ts'
import { readActivePauses } from '../dispatch/open-work.ts'
import type { Database } from '../schema/database.ts'
import { ofDayIn } from '../schema/periods.ts'
import { plainReason, plainReasonOf } from './plain-reason.ts'

/** The settings that decide how long mails wait. */
export interface SendingRules {
  /** The configured transports in order, and how long each recognizes a key. */
  readonly transports: readonly { readonly name: string; readonly keyLifeMs: number }[]
  /** The number of hours after which a deferred digest is given up. */
  readonly giveUpHours: number
}

export interface WaitingOptions extends SendingRules {
  /** null: all days. */
  readonly day: Day | null
  readonly at: Date
  /** Whether transactional emails of all days are counted too. */
  readonly transactional: boolean
}

/**
 * Returns why open deliveries are not being sent now, in groups with the same reason, the largest first. `status`, the admin
 * pages, `run --wait`, the metrics and the alerts use it. Mails that are due and about to be sent are not listed.
 */
export async function readWaiting(db: Database, options: WaitingOptions): Promise<Waiting[]> {
  const { transports, at } = options
  const holds = (await readActivePauses(db, at)).filter(({ transport }) =>
    transports.some(({ name }) => name === transport),
  )
  const { transport: free, pause: block } = firstFree(transports, holds, at)
  const groups = [
    ...(await readGroups(db, openDigests(options, block), 'digest')),
    ...(options.transactional ? await readGroups(db, openTransactionals(options, block), 'transactional') : []),
  ]
  const takenOverBy = free?.name ?? null
  const pauses = holds.map((hold): Waiting => {
    const waiting = groups.filter(({ why, mail }) => why === 'transport-paused' && mail === 'digest')
    const count = hold === block ? waiting.reduce((sum, group) => sum + group.count, 0) : 0
    return { ...pausedBy(hold), mail: 'digest', count, takenOverBy }
  })
  const others = groups.flatMap((group): Waiting[] => {
    if (group.why !== 'transport-paused') return [toWaiting(group, options, holds)]
    if (group.mail === 'digest' || block === null) return []
    return [{ ...pausedBy(block), mail: group.mail, count: group.count, since: group.since, takenOverBy: null }]
  })
  return [...pauses, ...others]
}

function pausedBy({
  transport,
  kind,
  reason,
  since,
  until,
}: TransportPause): Omit<Waiting, 'mail' | 'count' | 'takenOverBy'> {
  return {
    why: 'transport-paused',
    transport,
    kind,
    reason: plainReason(reason),
    since,
    day: null,
    nextTryAt: until,
    until: null,
  }
}

interface Group {
  readonly why: WaitingWhy
  /** The latest first call among its mails. */
  readonly called: Date | null
  readonly mail: Waiting['mail']
  readonly transport: string | null
  readonly day: string | null
  readonly reason: string | null
  readonly count: number
  readonly since: Date
  readonly next: Date
  /** When retries end for the last of its deferred mails. */
  readonly given_up: Date | null
}

function toWaiting(group: Group, { transports }: WaitingOptions, holds: readonly TransportPause[]): Waiting {
  const { next, called, given_up: givenUp, day, ...same } = group
  const base = { ...same, kind: null, takenOverBy: null, day: day === null ? null : asDay(day) }
  switch (group.why) {
    case 'unanswered': {
      const keyLifeMs = transports.find(({ name }) => name === group.transport)?.keyLifeMs ?? 0
      const pausedUntil = holds.find(({ transport }) => transport === group.transport)?.until ?? next
      const nextTryAt = new Date(Math.max(next.getTime(), pausedUntil.getTime()))
      return { ...base, nextTryAt, until: endOf(called, keyLifeMs) }
    }
    case 'deferred':
      return { ...base, nextTryAt: next, until: givenUp }
    default:
      return { ...base, nextTryAt: null, until: null }
  }
}

/** Returns when a provider forgets a key; null if never. */
function endOf(called: Date | null, keyLifeMs: number): Date | null {
  const end = new Date((called?.getTime() ?? Number.NaN) + keyLifeMs)
  return Number.isNaN(end.getTime()) ? null : end
}

/** Returns the digests to group, one row for each parcel. */
function openDigests({ day, at, giveUpHours }: WaitingOptions, block: TransportPause | null): RawBuilder<unknown> {
  // Only `digestGiveUpAt` decides when retries end.
  const [daily, weekly] = ['', 'W'].map((period) => digestGiveUpAt(EPOCH, period, giveUpHours).getTime())
  return sql`
    select ${dueReason('x.attempts')} as why, o.transport, case when o.why = 'edition-paused' then o.day end as day, o.reason, x.count,
      case when o.why = 'unanswered' then o.first_call_at else x.since end as since,
      o.next_try_at as next, o.first_call_at as called, x.given_up
    from (
      select p.id, p.day, p.transport, p.reason, p.next_try_at, p.first_call_at, case
        when p.state = 'sending' then case when p.claimed_by is null then 'unanswered' end
        when e.sending = 'paused' then 'edition-paused'
        ${queuedReason('p', at, block)}
      end as why
      from parcels p join editions e on e.day = p.day
      where p.state <> 'settled' ${day === null ? sql`` : sql`and p.day = ${day}`}
    ) as o cross join lateral (
      select count(*) as count, min(d.queued_at) as since, max(d.attempts) as attempts, max(d.queued_at + interval '1 millisecond' *
        case when d.period like '%W%' then ${weekly}::bigint else ${daily}::bigint end) as given_up
      from deliveries d
      where d.parcel_id = o.id and ${ofDayIn('o.day')} and d.state in ('queued', 'sending') offset 0
    ) as x
    where o.why is not null and x.count > 0`
}

const EPOCH = new Date(0)

function openTransactionals({ at, giveUpHours }: WaitingOptions, block: TransportPause | null): RawBuilder<unknown> {
  return sql`
    select ${dueReason('o.deferrals')} as why, o.transport, null::date as day, o.reason, 1 as count,
      case when o.why = 'unanswered' then o.first_call_at else o.created_at end as since,
      o.next_try_at as next, o.first_call_at as called, o.created_at + interval '1 hour' * ${giveUpHours}::float8 as given_up
    from (
      select n.*, case
        when n.state = 'sending' then case when n.claimed_by is null then 'unanswered' end
        ${queuedReason('n', at, block)}
      end as why
      from transactional_emails n where n.state in ('queued', 'sending')
    ) as o where o.why is not null`
}

/** For mails without a transport. A retry that is due after the pause has its own time. */
function queuedReason(table: string, at: Date, block: TransportPause | null): RawBuilder<unknown> {
  const next = sql.ref(`${table}.next_try_at`)
  const paused = block === null ? sql`` : sql`when ${next} <= ${block.until} then 'transport-paused'`
  return sql`${paused} when ${next} > ${at} then 'deferred' when ${sql.ref(`${table}.reason`)} is not null then 'due'`
}

/** A mail that is due is not waiting. If a server deferred it before, it is listed to show why it is late. */
function dueReason(attempts: string): RawBuilder<unknown> {
  return sql`case when o.why <> 'due' then o.why when ${sql.ref(attempts)} > 0 then 'deferred' end`
}

/** Merges rows with the same reason. Beyond the first groups, the reasons are dropped and the counts are merged. */
async function readGroups(db: Database, open: RawBuilder<unknown>, mail: Waiting['mail']): Promise<Group[]> {
  const { rows } = await sql<Omit<Group, 'mail' | 'count'> & { count: string }>`
    with open as materialized (${open}), alike as (
      select why, day, case when why = 'unanswered' then transport end as transport,
        case when why in ('deferred', 'unanswered') then ${plainReasonOf('reason')} end as reason,
        sum(count) as count, min(since) as since, min(next) as next, max(called) as called, max(given_up) as given_up
      from open where why is not null group by 1, 2, 3, 4
    ), ranked as (
      select *, row_number() over (order by count desc, reason) as place from alike
    )
    select why, day, transport, case when place <= ${WAITING_GROUPS_MAX} then reason end as reason,
      sum(count) as count, min(since) as since, min(next) as next, max(called) as called, max(given_up) as given_up
    from ranked group by 1, 2, 3, 4 order by 5 desc, 1, 4`.execute(db)
  return rows.map((row) => ({ ...row, mail, count: Number(row.count) }))
}
