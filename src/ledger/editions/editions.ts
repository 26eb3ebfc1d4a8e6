import { sql } from 'kysely'
import { day as asDay, type Day, isOverEverywhere } from '../../domain/day.ts'
import type { Edition, Entry, SendingState } from '../../domain/edition.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Approval, EditionDraft, SaveResult } from '../../pipeline/publish.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import { markListSaved } from './lists.ts'
import { searchColumnsOf } from './search-columns.ts'
import { topicColumns } from './topics/topic-columns.ts'

const NO_APPROVAL: Approval = { needsApproval: false, canaryPercent: 0 }

/**
 * Saves a day's edition with its papers and their signals, in one transaction. A day has one row. A later draft replaces it
 * only if it was not dispatched, edited or approved. A failed or empty draft never replaces an edition with papers.
 */
export async function saveEdition(
  db: Database,
  draft: EditionDraft,
  caution: Approval = NO_APPROVAL,
): Promise<SaveResult> {
  const hasPapers = draft.entries.length > 0
  return db.transaction().execute(async (trx) => {
    const row = {
      day: draft.day,
      state: draft.state,
      reason: draft.reason,
      incomplete: draft.incomplete,
      reports: JSON.stringify(draft.reports),
      votes_at: draft.votesAt,
      published_at: draft.publishedAt,
      // An edition without papers needs no approval and no canary.
      needs_approval: hasPapers && caution.needsApproval,
      canary: hasPapers && caution.canaryPercent > 0 ? ('sending' as const) : ('none' as const),
      canary_percent: hasPapers ? caution.canaryPercent : 0,
    }
    const saved = await trx
      .insertInto('editions')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .column('day')
          .doUpdateSet({ ...row, revision: sql`editions.revision + 1` })
          .where('editions.dispatched_at', 'is', null)
          .where('editions.edited_at', 'is', null)
          .where('editions.approved_at', 'is', null)
          .where(({ eb, or }) =>
            or([eb('editions.state', '!=', 'published'), eb(sql.lit(draft.state), '=', 'published')]),
          ),
      )
      .returning('revision')
      .executeTakeFirst()
    if (saved === undefined) return { kind: 'kept' }
    await trx.deleteFrom('edition_papers').where('day', '=', draft.day).execute()
    if (hasPapers) await writeEntries(trx, draft)
    await writeSignals(trx, draft)
    await markListSaved(trx, {
      day: draft.day,
      isFinal: draft.state !== 'failed' || isOverEverywhere(draft.day, draft.publishedAt),
      leftOut: draft.leftOut ?? [],
    })
    await appendEvent(trx, {
      at: draft.publishedAt,
      kind: `edition.${draft.state}`,
      day: draft.day,
      data: { revision: saved.revision, papers: draft.entries.length, reason: draft.reason },
    })
    return { kind: 'saved', revision: saved.revision }
  })
}

/** Returns the day's edition, or null. */
export async function readEdition(db: Database, day: Day): Promise<Edition | null> {
  const head = await readEditionHead(db, day)
  return head === null ? null : { ...head, entries: await readEntries(db, day) }
}

/** Returns the revision of a day's edition, or null. Every change of its papers makes a new revision. */
export async function readRevision(db: Database, day: Day): Promise<number | null> {
  const row = await db.selectFrom('editions').select('revision').where('day', '=', day).executeTakeFirst()
  return row?.revision ?? null
}

/** Returns the day's edition without its papers, which are most of the data. */
export async function readEditionHead(db: Database, day: Day): Promise<Omit<Edition, 'entries'> | null> {
  const row = await db.selectFrom('editions').selectAll().where('day', '=', day).executeTakeFirst()
  if (row === undefined) return null
  return {
    day: asDay(row.day),
    revision: row.revision,
    state: row.state,
    reason: row.reason,
    incomplete: row.incomplete,
    reports: row.reports,
    votesAt: row.votes_at,
    votesReadAt: row.votes_read_at,
    edited: row.edited_at !== null,
    publishedAt: row.published_at,
    sending: row.sending,
    dispatchedAt: row.dispatched_at,
  }
}

/** Returns the days with papers, newest first, from `from` to `to` inclusive. */
export async function readEditionDays(db: Database, from: Day, to: Day): Promise<Day[]> {
  const rows = await db
    .selectFrom('editions')
    .select('day')
    .where(({ between }) => between('day', from, to))
    .where('state', '=', 'published')
    .orderBy('day', 'desc')
    .execute()
  return rows.map((row) => asDay(row.day))
}

/** Returns the newest day with papers, or null. */
export async function readNewestDay(db: Database): Promise<Day | null> {
  return (await readNewestRevision(db))?.day ?? null
}

/**
 * Returns the day whose state an operator wants to know: today, if it has an edition or its list was requested, and otherwise
 * the newest day with papers.
 */
export async function readCurrentDay(db: Database, today: Day): Promise<Day> {
  const { rows } = await sql`
    select from editions where day = ${today}::date union all select from awaited_lists where day = ${today}::date`.execute(
    db,
  )
  return rows.length > 0 ? today : ((await readNewestDay(db)) ?? today)
}

/** Returns the newest day with papers and its revision, or null. They change whenever the newest papers change. */
export async function readNewestRevision(
  db: Database,
): Promise<{ readonly day: Day; readonly revision: number } | null> {
  const row = await db
    .selectFrom('editions')
    .select(['day', 'revision'])
    .where('state', '=', 'published')
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { day: asDay(row.day), revision: row.revision }
}

/** Returns which of these papers are in the edition of another day. */
export async function readKnownPapers(db: Database, paperIds: readonly string[], day: Day): Promise<Set<string>> {
  if (paperIds.length === 0) return new Set()
  const { rows } = await sql<{ paper_id: string }>`
    select distinct paper_id from edition_papers where paper_id = any(${[...paperIds]}::text[]) and day <> ${day}::date`.execute(
    db,
  )
  return new Set(rows.map((row) => row.paper_id))
}

/** Returns for each of these papers the first earlier day than `day` on which it appeared. */
export async function readEarlierDays(db: Database, paperIds: readonly string[], day: Day): Promise<Map<string, Day>> {
  if (paperIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('papers')
    .select(['id', 'first_day'])
    .where('id', 'in', paperIds)
    .where('first_day', '<', day)
    .execute()
  return new Map(rows.map((row) => [row.id, asDay(row.first_day)]))
}

/**
 * Changes the sending state of an edition. Cancelled is final.
 * @returns false if there is no edition or the change is not legal.
 */
export async function setSending(db: Database, day: Day, to: SendingState, at: Date): Promise<boolean> {
  const from: SendingState[] =
    to === 'paused'
      ? ['running', 'paused']
      : to === 'running'
        ? ['paused', 'running']
        : ['running', 'paused', 'cancelled']
  const moved = await db
    .updateTable('editions')
    .set({ sending: to })
    .where('day', '=', day)
    .where('sending', 'in', from)
    .returning('day')
    .executeTakeFirst()
  if (moved !== undefined) await appendEvent(db, { at, kind: `edition.${to}`, day, data: {} })
  return moved !== undefined
}

async function readEntries(db: Database, day: Day): Promise<Entry[]> {
  const rows = await db.selectFrom('edition_papers').selectAll().where('day', '=', day).orderBy('rank').execute()
  return rows.map((row) => ({
    rank: row.rank,
    score: row.score,
    why: row.why,
    paper: row.content,
    signals: { upvotes: row.upvotes, comments: row.comments, stars: row.stars },
    ...(row.listed_on === null ? {} : { listedOn: asDay(row.listed_on) }),
  }))
}

async function writeEntries(db: Database, draft: EditionDraft): Promise<void> {
  const { entries, day, publishedAt } = draft
  await db
    .insertInto('papers')
    .values(
      entries.map(({ paper }) => ({
        id: paper.id,
        content: json(paper),
        first_day: day,
        updated_at: publishedAt,
        ...topicColumns(paper),
        ...searchColumnsOf(paper),
      })),
    )
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        content: sql`excluded.content`,
        title_search: sql`excluded.title_search`,
        search: sql`excluded.search`,
        first_day: sql`least(papers.first_day, excluded.first_day)`,
        updated_at: sql`excluded.updated_at`,
        topics: sql`excluded.topics`,
        topic_names: sql`excluded.topic_names`,
      }),
    )
    .execute()
  await db
    .insertInto('edition_papers')
    .values(
      entries.map(({ paper, signals, rank, score, why, listedOn }) => ({
        day,
        rank,
        paper_id: paper.id,
        score,
        why,
        content: json(paper),
        listed_on: listedOn ?? null,
        ...signals,
      })),
    )
    .execute()
}

async function writeSignals(db: Database, { entries, refreshed = [], votesAt }: EditionDraft): Promise<void> {
  if (votesAt === null || entries.length + refreshed.length === 0) return
  const seen = [...entries.map(({ paper, signals }) => ({ paperId: paper.id, signals })), ...refreshed]
  await db
    .insertInto('signals')
    .values(seen.map(({ paperId, signals }) => ({ paper_id: paperId, observed_at: votesAt, ...signals })))
    .onConflict((conflict) => conflict.columns(['paper_id', 'observed_at']).doNothing())
    .execute()
}

function json(paper: Paper): string {
  return JSON.stringify(paper)
}
