import { sql } from 'kysely'
import { type Day, dayIn } from '../../domain/day.ts'
import { ACCEPTED_STATES } from '../../domain/delivery.ts'
import { wholeDay } from '../../domain/schedule/schedule.ts'
import { allowanceOn, sendingDay, type WarmUp } from '../../domain/schedule/warmup.ts'
import type { Audience, Cohort, Share, Sharing } from '../../pipeline/dispatch.ts'
import type { Database } from '../schema/database.ts'
import { ofDay, ofDayIn } from '../schema/periods.ts'
import { type DueEdition, dueFor, readZonesInUse } from './due-subscribers.ts'

/**
 * Allocates the warm-up quota of a day to the subscribers who have waited longest for a digest, or since they confirmed. A
 * subscriber who was postponed today comes before everyone who got a digest today, and early time zones do not take the places
 * of later ones. Waiting time is a fair criterion, because opens are not tracked.
 */
export async function allocateQuota(
  db: Database,
  order: { readonly day: Day; readonly cohort: Cohort; readonly warmUp: WarmUp },
): Promise<Sharing> {
  const { day, cohort, warmUp } = order
  const allowance = allowanceOn(day, warmUp)
  if (allowance === null) return { share: { kind: 'all' }, leftOut: 0 }
  return db.transaction().execute(async (trx): Promise<Sharing> => {
    // One snapshot for counting and choosing, because a page written in between would be counted twice.
    const row = await trx
      .selectFrom('editions')
      .select(['state', 'opened_to_all_at'])
      .where('day', '=', day)
      .forUpdate()
      .executeTakeFirst()
    const edition = { day, state: row?.state ?? 'failed' }
    const room = allowance - (await countDispatched(trx, day))
    if (cohort.kind === 'only') return { share: { kind: room > 0 ? 'all' : 'nobody' }, leftOut: room > 0 ? 0 : 1 }
    const audience: Audience =
      cohort.kind === 'hour'
        ? await wholeDays(trx, edition, cohort.now)
        : { kind: 'everyone', openedAt: row?.opened_to_all_at ?? null }
    const { rows } = await sql<{ due: string; waiting: string | null; id: string | null }>`
      with due as (select s.id, ${IS_WAITING} as waiting from ${dueFor(edition, audience)})
      select (select count(*) from due) as due, last.waiting::text as waiting, last.id
      from (select) as one
      left join lateral (select * from due order by waiting, id offset ${Math.max(0, room - 1)} limit 1) as last on true`.execute(
      trx,
    )
    const due = Number(rows[0]?.due ?? 0)
    const leftOut = Math.max(0, due - Math.max(0, room))
    if (leftOut > 0)
      // A later count may be lower because the day has ended, so the maximum is stored.
      await sql`update editions set deferred_count = greatest(deferred_count, ${leftOut}) where day = ${day}`.execute(
        trx,
      )
    return { share: shareOf(rows[0], due, room), leftOut }
  })
}

/** An edition is allocated across all zones in which its day has not ended. */
async function wholeDays(trx: Database, edition: DueEdition, now: Date): Promise<Audience> {
  const zones = (await readZonesInUse(trx)).filter((timezone) => dayIn(timezone, now) <= edition.day)
  return { kind: 'hour', turns: zones.map((timezone) => wholeDay(timezone, edition)) }
}

/** Returns since when a subscriber has waited. */
export const IS_WAITING = sql`coalesce(s.last_dispatched_at, s.confirmed_at, s.created_at)`

function shareOf(
  last: { readonly waiting: string | null; readonly id: string | null } | undefined,
  due: number,
  room: number,
): Share {
  if (room <= 0) return { kind: 'nobody' }
  const { waiting = null, id = null } = last ?? {}
  return due <= room || waiting === null || id === null ? { kind: 'all' } : { kind: 'until', waiting, id }
}

/** Returns the rest of today's quota and locks its row until the transaction ends, so that dispatchers wait for each other. */
export async function lockWarmUpQuota(trx: Database, at: Date, warmUp: WarmUp): Promise<number> {
  const today = sendingDay(at)
  const allowance = allowanceOn(today, warmUp)
  if (allowance === null) return Number.MAX_SAFE_INTEGER
  const dispatched = (await lockDay(trx, today)) ?? (await openDay(trx, today))
  return Math.max(0, allowance - dispatched)
}

/** Uses today's quota for these subscribers and resets their waiting time. Call it in the transaction that locked the quota. */
export async function consumeQuota(trx: Database, at: Date, subscriberIds: readonly string[]): Promise<void> {
  await sql`
    update warm_up_days set dispatched = dispatched + ${subscriberIds.length} where day = ${sendingDay(at)}`.execute(
    trx,
  )
  await sql`
    update subscribers set last_dispatched_at = ${at} where id = any(${[...subscriberIds]}::bigint[])`.execute(trx)
}

async function lockDay(trx: Database, day: Day): Promise<number | null> {
  const row = await trx
    .selectFrom('warm_up_days')
    .select('dispatched')
    .where('day', '=', day)
    .forUpdate()
    .executeTakeFirst()
  return row?.dispatched ?? null
}

/**
 * Deliveries that were queued on an earlier day and will be sent today use today's quota: a paused edition may be resumed the
 * next day.
 */
async function openDay(trx: Database, day: Day): Promise<number> {
  const start = new Date(`${day}T00:00:00Z`)
  await sql`
    insert into warm_up_days (day, dispatched)
    select ${day}::date, count(*) from editions e
    cross join lateral (
      select from deliveries d
      where d.day = e.day and ${ofDayIn('e.day')} and d.queued_at < ${start} and d.state in ('queued', 'sending')
      union all
      select from deliveries d
      where d.day = e.day and ${ofDayIn('e.day')} and d.queued_at < ${start}
        and d.state = any(${SETTLED}::text[]) and d.settled_at >= ${start}
    ) as went
    where e.day >= ${day}::date - ${LOOK_BACK_DAYS}::integer
    on conflict (day) do nothing`.execute(trx)
  return (await lockDay(trx, day)) ?? 0
}

const LOOK_BACK_DAYS = 30 // An operator may resume an old edition.

const SETTLED = [...ACCEPTED_STATES, 'refused', 'uncertain']

async function countDispatched(trx: Database, day: Day): Promise<number> {
  const { rows } = await sql<{
    count: string
  }>`select count(*) from deliveries d where day = ${day} and ${ofDay(day)}`.execute(trx)
  return Number(rows[0]?.count ?? 0)
}
