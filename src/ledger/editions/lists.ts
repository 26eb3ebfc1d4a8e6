import { sql } from 'kysely'
import { LIST_RETENTION_DAYS } from '../../../config/limits-sources.ts'
import { addDays, day as asDay, type Day } from '../../domain/day.ts'
import type { RequestedDay } from '../../pipeline/collect/late-papers.ts'
import type { AwaitedList } from '../../pipeline/publish.ts'
import type { Database } from '../schema/database.ts'

/**
 * Records that a day's list was requested without success, so that it is requested again and `status` shows when. Does nothing
 * if the day already has its edition.
 */
export async function saveAwaitedLists(db: Database, { day, askedAt, sources, reason }: AwaitedList): Promise<void> {
  await sql`
    insert into awaited_lists (day, first_asked_at, asked_at, sources, reason)
    select ${day}::date, ${askedAt}::timestamptz, ${askedAt}::timestamptz, ${[...sources]}::text[], ${reason}
    where not exists (select from editions where day = ${day}::date and state <> 'failed')
    on conflict (day) do update set asked_at = excluded.asked_at, sources = excluded.sources, reason = excluded.reason`.execute(
    db,
  )
}

/** Returns the awaited lists of some days, newest first. */
export async function readAwaited(db: Database, from: Day, to: Day): Promise<AwaitedList[]> {
  const rows = await db
    .selectFrom('awaited_lists')
    .selectAll()
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day', 'desc')
    .execute()
  return rows.map(({ day, first_asked_at: since, asked_at: askedAt, sources, reason }) => ({
    day: asDay(day),
    since,
    askedAt,
    sources,
    reason,
  }))
}

/** Ends the wait for an edition's list once the edition is final, and stores which papers did not fit into it. */
export async function markListSaved(
  db: Database,
  { day, isFinal, leftOut }: { readonly day: Day; readonly isFinal: boolean; readonly leftOut: readonly string[] },
): Promise<void> {
  const old = addDays(day, -LIST_RETENTION_DAYS)
  await db
    .deleteFrom('awaited_lists')
    .where(({ eb, or }) => or([eb('day', '<', old), ...(isFinal ? [eb('day', '=', day)] : [])]))
    .execute()
  await db.deleteFrom('left_out_papers').where('day', '<', old).execute()
  if (leftOut.length === 0) return
  await sql`
    insert into left_out_papers (paper_id, day) select unnest(${[...leftOut]}::text[]), ${day}::date
    on conflict (paper_id) do nothing`.execute(db)
}

/** Returns which of these papers did not fit into an edition before `day`. */
export async function readExcludedPapers(db: Database, paperIds: readonly string[], day: Day): Promise<Set<string>> {
  if (paperIds.length === 0) return new Set()
  const { rows } = await sql<{ paper_id: string }>`
    select paper_id from left_out_papers where paper_id = any(${[...paperIds]}::text[]) and day < ${day}::date`.execute(
    db,
  )
  return new Set(rows.map(({ paper_id }) => paper_id))
}

interface AskedRow {
  readonly day: string
  readonly has_papers: boolean
  readonly has_votes: boolean
  readonly sources: string[]
}

/**
 * Returns the days in a span, both ends included, for which lists were requested, newest first. It includes empty and failed
 * days.
 */
export async function readRequestedDays(db: Database, from: Day, to: Day): Promise<RequestedDay[]> {
  const { rows } = await sql<AskedRow>`
    select e.day, e.state = 'published' as has_papers,
      exists (select from edition_papers n where n.day = e.day and n.upvotes > 0) as has_votes,
      array(select r ->> 'source' from jsonb_array_elements(e.reports) r) as sources
    from editions e where e.day between ${from}::date and ${to}::date
    union all
    select a.day, false, false, a.sources from awaited_lists a
    where a.day between ${from}::date and ${to}::date and not exists (select from editions e where e.day = a.day)
    order by day desc`.execute(db)
  return rows.map((row) => ({
    day: asDay(row.day),
    hasPapers: row.has_papers,
    hasVotes: row.has_votes,
    sources: row.sources,
  }))
}
