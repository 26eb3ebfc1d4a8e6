import { type SelectQueryBuilder, sql } from 'kysely'
import { VOTES_FRESH_MINUTES } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { Signals } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'

/**
 * When the votes of an edition were read. `votes_at`: for the edition as it was published. `votes_tried_at`: the last attempt to
 * read newer ones. The column `votes_read_at` is when newer ones were last read with success.
 */
export interface VotesRow {
  readonly votes_at: Date | null
  readonly votes_tried_at: Date | null
  readonly published_at: Date
}

/** Returns whether votes must be read again before sending. A failed attempt also counts, so votes are not read too often. */
export function areStale(row: VotesRow, at: Date): boolean {
  const last = row.votes_tried_at ?? row.votes_at ?? row.published_at
  return at.getTime() - last.getTime() >= VOTES_FRESH_MINUTES * 60_000
}

/**
 * Claims the next reading of a day's votes. Returns the names of its sources; null if the votes are recent or another worker is
 * reading them.
 */
export async function claimVotesRefresh(db: Database, day: Day, at: Date): Promise<readonly string[] | null> {
  const before = new Date(at.getTime() - VOTES_FRESH_MINUTES * 60_000)
  const row = await db
    .updateTable('editions')
    .set({ votes_tried_at: at })
    .where('day', '=', day)
    .where('state', '=', 'published')
    .where(sql<Date>`coalesce(votes_tried_at, votes_at, published_at)`, '<=', before)
    .returning('reports')
    .executeTakeFirst()
  return row === undefined ? null : row.reports.map(({ source }) => source)
}

/**
 * Stores the votes of one moment. Unchanged votes are not stored, because the votes at a moment are the last ones stored before
 * it. A paper that is in no edition has votes here but no row in `papers`.
 */
export async function saveVotes(
  db: Database,
  day: Day,
  at: Date,
  signals: ReadonlyMap<string, Signals>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const known = await readSignals(trx, [...signals.keys()], at)
    const changed = [...signals].filter(([id, now]) => !isSame(known.get(id), now))
    if (changed.length > 0)
      await trx
        .insertInto('signals')
        .values(changed.map(([id, now]) => ({ paper_id: id, observed_at: at, ...now })))
        .onConflict((conflict) => conflict.columns(['paper_id', 'observed_at']).doNothing())
        .execute()
    await trx
      .updateTable('editions')
      .set({ votes_read_at: sql`greatest(votes_read_at, ${at}::timestamptz)` })
      .where('day', '=', day)
      .execute()
  })
}

function isSame(before: Signals | undefined, now: Signals): boolean {
  return before?.upvotes === now.upvotes && before.comments === now.comments && before.stars === now.stars
}

/** Returns the first stored signals of each of these papers. */
export function readFirstSignals(db: Database, paperIds: readonly string[]): Promise<Map<string, Signals>> {
  return readOneEach(paperIds, db.selectFrom('signals').orderBy('paper_id').orderBy('observed_at'))
}

/** Returns the last signals of each of these papers up to a moment. */
export function readSignals(db: Database, paperIds: readonly string[], at: Date): Promise<Map<string, Signals>> {
  const upTo = db.selectFrom('signals').where('observed_at', '<=', at)
  return readOneEach(paperIds, upTo.orderBy('paper_id').orderBy('observed_at', 'desc'))
}

/** Reads the first signals of each paper in the given order. */
async function readOneEach(
  paperIds: readonly string[],
  inOrder: SelectQueryBuilder<Tables, 'signals', object>,
): Promise<Map<string, Signals>> {
  if (paperIds.length === 0) return new Map()
  const rows = await inOrder
    .select(['paper_id', 'upvotes', 'comments', 'stars'])
    .distinctOn('paper_id')
    .where('paper_id', 'in', paperIds)
    .execute()
  return new Map(rows.map(({ paper_id: id, ...signals }) => [id, signals]))
}
