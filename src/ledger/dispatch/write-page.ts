import { sql } from 'kysely'
import { EDITION_OPEN_HOURS } from '../../../config/limits.ts'
import { day as asDay, type Day, dayIn } from '../../domain/day.ts'
import type { EditionState } from '../../domain/edition.ts'
import { type RecentEdition, scheduleOf } from '../../domain/schedule/schedule.ts'
import type { Audience, DispatchPageOptions, PageResult } from '../../pipeline/dispatch.ts'
import { areStale } from '../editions/votes.ts'
import type { Database } from '../schema/database.ts'
import { isPruned } from '../schema/horizon.ts'
import { ofDay, ofDayIn } from '../schema/periods.ts'
import { checkGate, GATE_COLUMNS, isCanary, waitForCanary } from './canary.ts'
import {
  type DueEdition,
  dueFor,
  EASTERNMOST,
  periodFor,
  readRecentEditions,
  schedulesOf,
  WESTERNMOST,
} from './due-subscribers.ts'
import { openParcels } from './new-parcels.ts'
import { consumeQuota, IS_WAITING, lockWarmUpQuota } from './warmup.ts'

/**
 * Writes the deliveries of the next page of due subscribers, in parcels, in one transaction. It locks the edition's row, so
 * that two dispatchers do not run at the same time. A subscriber with a delivery for the period is not due, and a unique
 * index enforces the same.
 */
export async function writePage(db: Database, options: DispatchPageOptions): Promise<PageResult> {
  return db.transaction().execute(async (trx) => {
    const edition = await trx
      .selectFrom('editions')
      .select([
        'state',
        'sending',
        'dispatched_at',
        'delivery_count',
        'votes_at',
        'votes_tried_at',
        'published_at',
        'opened_to_all_at',
        isPruned(options.day).as('forgotten'),
        ...GATE_COLUMNS,
      ])
      .where('day', '=', options.day)
      .forUpdate()
      .executeTakeFirst()
    if (edition === undefined || !isDispatchable(edition.state, edition.votes_at))
      return { kind: 'held', why: 'not-published' }
    if (edition.forgotten) return { kind: 'held', why: 'forgotten' }
    if (edition.sending !== 'running') return { kind: 'held', why: edition.sending }
    const gate = await checkGate(trx, options.day, edition, options.at)
    if (gate.kind === 'held') return gate
    const warming = options.warming ?? null
    const room = warming === null ? options.subscribersMax : await lockWarmUpQuota(trx, options.at, warming.warmUp)
    const limit = Math.min(options.subscribersMax, room)
    // A subscriber named by an operator gets the mail regardless of the canary.
    const percent = options.cohort.kind === 'only' ? null : gate.percent
    const asked = {
      edition: { day: options.day, state: edition.state },
      openedAt: edition.opened_to_all_at,
      percent,
      limit,
    }
    const due = limit === 0 ? [] : await selectDue(trx, options, asked, Number(edition.delivery_count))
    if (due.length > 0 && options.freshVotes === true && areStale(edition, options.at)) return { kind: 'stale' }
    const after = due.at(-1)?.id ?? options.after
    const more = due.length > 0 && due.length === options.subscribersMax
    const parcelIds = due.length === 0 ? [] : await writeParcels(trx, options, due)
    if (warming !== null && due.length > 0)
      await consumeQuota(
        trx,
        options.at,
        due.map(({ id }) => id),
      )
    if (percent !== null && !more && Number(edition.delivery_count) + due.length > 0)
      await waitForCanary(trx, options.day, options.at)
    return { kind: 'page', parcelIds, subscribers: due.length, after, more }
  })
}

/** Returns the open deliveries of a day: those that are due, and those that wait for a retry. */
export async function countOpen(
  db: Database,
  day: Day,
  at: Date,
): Promise<{ readonly due: number; readonly deferred: number }> {
  // Few deliveries are deferred on most days, so they are found through their parcels.
  const { rows } = await sql<{ open: string; deferred: string }>`
    select
      (select count(*) from deliveries d where d.day = ${day} and ${ofDay(day)} and d.state in ('queued', 'sending')) as open,
      (select count(*) from parcels p
        cross join lateral (
          select from deliveries d
          where d.parcel_id = p.id and ${ofDay(day)} and d.state in ('queued', 'sending') offset 0) as d
        where p.day = ${day} and p.state <> 'settled' and p.next_try_at > ${at}) as deferred`.execute(db)
  const deferred = Number(rows[0]?.deferred ?? 0)
  return { due: Number(rows[0]?.open ?? 0) - deferred, deferred }
}

/** Counts the open deliveries of all days, except those of paused editions. */
export async function countAllOpen(db: Database): Promise<number> {
  // Through parcels, because few are open. An index on the state of every delivery would have to be read completely.
  const { rows } = await sql<{ open: string }>`
    select count(*) as open from parcels p
    join editions e on e.day = p.day and e.sending <> 'paused'
    cross join lateral (
      select from deliveries d
      where d.parcel_id = p.id and ${ofDayIn('p.day')} and d.state in ('queued', 'sending') offset 0) as d
    where p.state <> 'settled'`.execute(db)
  return Number(rows[0]?.open ?? 0)
}

/**
 * Opens an edition to everyone who is on the list at `at`, independent of their hour. The ledger stores the moment, so that a
 * dispatch that is repeated after a crash means the same subscribers. Subscribers who come later wait for their own hour.
 */
export async function openToEveryone(db: Database, day: Day, at: Date): Promise<void> {
  await db
    .updateTable('editions')
    .set({ cohort: 'everyone', opened_to_all_at: sql<Date>`greatest(opened_to_all_at, ${at}::timestamptz)` })
    .where('day', '=', day)
    .where('state', '!=', 'failed')
    .execute()
}

/** An edition with papers is for everyone. One without papers is for weekly subscribers, who get the votes of their week. */
function isDispatchable(state: EditionState, votesAt: Date | null): boolean {
  return state === 'published' || (state === 'empty' && votesAt !== null)
}

/** An edition and a cohort that may still have subscribers waiting for it. */
export interface OpenEdition {
  readonly day: Day
  readonly cohort: 'hour' | 'everyone'
}

/**
 * Returns the editions that may still have due subscribers, once for each cohort. A scheduled edition is open until its day has
 * ended in every time zone, and longer while it is the newest edition in some zone. An older edition that is made later needs
 * an operator's `run` or `dispatch`, which opens it for some time to every subscriber. An edition of today stays open by the
 * hour for subscribers who come after that.
 */
export async function readOpenEditions(db: Database, now: Date): Promise<OpenEdition[]> {
  const since = new Date(now.getTime() - EDITION_OPEN_HOURS * 3_600_000)
  const recent = await readRecentEditions(db, now)
  const rows = await db
    .selectFrom('editions')
    .select(['day', 'state', 'cohort', 'votes_at', OPENED_AT.as('opened_at')])
    .where('state', 'in', ['published', 'empty'])
    .where('sending', '=', 'running')
    .where(({ eb, or }) =>
      or([
        eb('day', 'in', [...recent.map(({ day }) => day), dayIn(EASTERNMOST, now)]),
        eb.and([eb('cohort', '=', 'everyone'), eb(OPENED_AT, '>', since)]),
      ]),
    )
    .orderBy('day')
    .execute()
  return rows.flatMap((row): OpenEdition[] => {
    const day = asDay(row.day)
    if (!isDispatchable(row.state, row.votes_at)) return []
    return [
      ...(row.cohort === 'everyone' && row.opened_at > since ? [{ day, cohort: 'everyone' as const }] : []),
      ...(isDueSomewhere(day, recent, now) ? [{ day, cohort: 'hour' as const }] : []),
    ]
  })
}

const OPENED_AT = sql<Date>`coalesce(opened_to_all_at, published_at)`

/** Returns whether an edition may be due somewhere. Every time zone has the same day as one of these three. */
function isDueSomewhere(day: Day, recent: readonly RecentEdition[], now: Date): boolean {
  return [EASTERNMOST, 'UTC', WESTERNMOST].some((zone) => scheduleOf(zone, day, recent, now) !== null)
}

interface DueRow {
  readonly id: string
  readonly period: string
  readonly since: string | null
}

interface Asked {
  readonly edition: DueEdition
  /** When an operator opened it to everyone. */
  readonly openedAt: Date | null
  /** Only for a canary, otherwise null. */
  readonly percent: number | null
  readonly limit: number
}

/** Selects the due subscribers. A canary gets its share of them, and at least one. */
async function selectDue(
  trx: Database,
  options: DispatchPageOptions,
  asked: Asked,
  candidates: number,
): Promise<DueRow[]> {
  const share = await selectDueOf(trx, options, asked)
  if (asked.percent === null || share.length > 0 || candidates > 0) return share
  return selectDueOf(trx, options, { ...asked, percent: null, limit: 1 })
}

async function selectDueOf(trx: Database, options: DispatchPageOptions, asked: Asked): Promise<DueRow[]> {
  const { day, warming = null } = options
  const { edition, percent, limit } = asked
  const share = warming?.share ?? { kind: 'all' }
  if (share.kind === 'nobody') return []
  const audience = await audienceOf(trx, options, asked)
  if (audience.kind === 'hour' && audience.turns.length === 0) return []
  const due = await sql<DueRow>`
    select s.id, ${periodFor(edition, audience)} as period, s.paused_since as since
    from ${dueFor(edition, audience)}
      and s.id > ${options.after}
      ${percent === null ? sql`` : sql`and ${isCanary(day, percent)}`}
      ${share.kind === 'until' ? sql`and (${IS_WAITING}, s.id) <= (${share.waiting}::timestamptz, ${share.id}::bigint)` : sql``}
    order by s.id
    limit ${limit}`.execute(trx)
  return due.rows
}

async function audienceOf(
  trx: Database,
  { day, cohort, warming = null }: DispatchPageOptions,
  { openedAt }: Asked,
): Promise<Audience> {
  if (cohort.kind === 'only') return cohort
  if (cohort.kind === 'everyone') return { kind: 'everyone', openedAt }
  const turns = await schedulesOf(trx, day, cohort.now)
  if (warming === null) return { kind: 'hour', turns }
  // Subscribers whom the warm-up postponed yesterday wait for today's edition and their delivery hour, so that they get nothing
  // at night.
  const today = turns.filter((turn) => turn.today === day)
  return { kind: 'hour', turns: today.map((turn) => ({ ...turn, weekdayEndedAt: null })) }
}

async function writeParcels(
  trx: Database,
  options: DispatchPageOptions,
  due: readonly DueRow[],
): Promise<readonly string[]> {
  const { parcelIds, parcelOf } = await openParcels(trx, options, due.length)
  const written = await sql`
    insert into deliveries (subscriber_id, period, catch_up_from, day, parcel_id, state, queued_at)
    select x.subscriber_id, x.period, x.since, ${options.day}::date, x.parcel_id, 'queued', ${options.at}
    from unnest(
      ${due.map((row) => row.id)}::bigint[],
      ${due.map((row) => row.period)}::text[],
      ${due.map((row) => row.since)}::date[],
      ${due.map((_, index) => parcelOf(index))}::uuid[]
    ) as x(subscriber_id, period, since, parcel_id)
    on conflict (subscriber_id, period) do nothing`.execute(trx)
  // The deliveries of the day must always add up to this number, so it is updated in the same transaction.
  await trx
    .updateTable('editions')
    .set({
      delivery_count: sql`delivery_count + ${Number(written.numAffectedRows ?? 0n)}`,
      dispatched_at: sql`coalesce(dispatched_at, ${options.at})`,
    })
    .where('day', '=', options.day)
    .execute()
  return parcelIds
}
