import { sql } from 'kysely'
import { SAVED_PAPERS_MAX } from '../../../config/limits-web.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

/** A paper that a subscriber saved to read later. */
export interface SavedPaper {
  readonly paper: Paper
  readonly savedAt: Date
}

/** `same`: it is already saved. `full`: the subscriber has SAVED_PAPERS_MAX. `not-found`: the subscriber was erased. */
export type PaperSaved = 'saved' | 'same' | 'full' | 'not-found'

/** Saves a stored paper for a subscriber. Locks the subscriber's row, so that two saves at once cannot exceed the limit. */
export async function savePaper(
  db: Database,
  { subscriberId, paperId }: { readonly subscriberId: string; readonly paperId: string },
  at: Date,
): Promise<PaperSaved> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`select from subscribers where id = ${subscriberId} for no key update`.execute(trx)
    if (rows.length === 0) return 'not-found'
    if ((await readSavedAt(trx, subscriberId, paperId)) !== null) return 'same'
    if ((await countSavedPapers(trx, subscriberId)) >= SAVED_PAPERS_MAX) return 'full'
    await trx
      .insertInto('saved_papers')
      .values({ subscriber_id: subscriberId, paper_id: paperId, saved_at: at })
      .execute()
    return 'saved'
  })
}

/** Removes a saved paper. Returns false if it was not saved. */
export async function removeSavedPaper(db: Database, subscriberId: string, paperId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('saved_papers')
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', paperId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Returns when a subscriber saved a paper, or null. */
export async function readSavedAt(db: Database, subscriberId: string, paperId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('saved_papers')
    .select('saved_at')
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', paperId)
    .executeTakeFirst()
  return row?.saved_at ?? null
}

export async function countSavedPapers(db: Database, subscriberId: string): Promise<number> {
  const row = await db
    .selectFrom('saved_papers')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Returns some saved papers of a subscriber, newest first. */
export async function readSavedPapers(
  db: Database,
  subscriberId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<SavedPaper[]> {
  const rows = await db
    .selectFrom('saved_papers as s')
    .innerJoin('papers as p', 'p.id', 's.paper_id')
    .select(['p.content', 's.saved_at'])
    .where('s.subscriber_id', '=', subscriberId)
    .orderBy('s.saved_at', 'desc')
    .orderBy('s.paper_id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map((row) => ({ paper: row.content, savedAt: row.saved_at }))
}
