import { sql } from 'kysely'
import { FEEDBACK_PAPERS_MAX } from '../../../config/limits.ts'
import type { Paper } from '../../domain/paper.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

export const FEEDBACK_VERDICTS = ['more', 'less'] as const
export type FeedbackVerdict = (typeof FEEDBACK_VERDICTS)[number]

/** Returns the stored paper, or null. */
export async function readJudgedPaper(db: Database, paperId: string): Promise<Paper | null> {
  const row = await db.selectFrom('papers').select('content').where('id', '=', paperId).executeTakeFirst()
  return row?.content ?? null
}

/** Returns a subscriber's verdict on a paper, or null. */
export async function readVerdict(
  db: Database,
  subscriberId: string,
  paperId: string,
): Promise<FeedbackVerdict | null> {
  const row = await db
    .selectFrom('feedback')
    .select('verdict')
    .where('subscriber_id', '=', subscriberId)
    .where('paper_id', '=', paperId)
    .executeTakeFirst()
  return row?.verdict ?? null
}

/** `same`: this verdict is already stored. `gone`: the subscriber was erased. */
export type FeedbackWritten = 'written' | 'same' | 'not-found'

/**
 * Stores a subscriber's verdict on a paper. A later verdict replaces it; the same verdict changes nothing. Only the newest
 * verdicts are stored, up to a limit. The profile is marked as due in the same transaction, so that a crash does not lose it.
 */
export async function writeFeedback(
  db: Database,
  {
    subscriberId,
    paperId,
    verdict,
  }: { readonly subscriberId: string; readonly paperId: string; readonly verdict: FeedbackVerdict },
  at: Date,
): Promise<FeedbackWritten> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`select id from subscribers where id = ${subscriberId} for key share`.execute(trx)
    if (rows.length === 0) return 'not-found'
    const { rows: written } = await sql`
      insert into feedback (subscriber_id, paper_id, verdict, created_at)
      values (${subscriberId}, ${paperId}, ${verdict}, ${at})
      on conflict (subscriber_id, paper_id) do update set verdict = excluded.verdict, created_at = excluded.created_at
        where feedback.verdict <> excluded.verdict
      returning paper_id`.execute(trx)
    if (written.length === 0) return 'same'
    await sql`
      delete from feedback where subscriber_id = ${subscriberId} and paper_id in (
        select paper_id from feedback where subscriber_id = ${subscriberId} order by created_at desc, paper_id offset ${FEEDBACK_PAPERS_MAX})`.execute(
      trx,
    )
    await recordVerdict(trx, { subscriberId, paperId, verdict }, at)
    return 'written'
  })
}

/** Deletes a subscriber's verdict on a paper, and marks the profile as due. `same`: there was none. */
export async function deleteVerdict(
  db: Database,
  { subscriberId, paperId }: { readonly subscriberId: string; readonly paperId: string },
  at: Date,
): Promise<FeedbackWritten> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`select id from subscribers where id = ${subscriberId} for key share`.execute(trx)
    if (rows.length === 0) return 'not-found'
    const { numDeletedRows } = await trx
      .deleteFrom('feedback')
      .where('subscriber_id', '=', subscriberId)
      .where('paper_id', '=', paperId)
      .executeTakeFirst()
    if (numDeletedRows === 0n) return 'same'
    await recordVerdict(trx, { subscriberId, paperId, verdict: 'none' }, at)
    return 'written'
  })
}

async function recordVerdict(
  trx: Database,
  { subscriberId, paperId, verdict }: { subscriberId: string; paperId: string; verdict: FeedbackVerdict | 'none' },
  at: Date,
): Promise<void> {
  await sql`
    insert into feedback_profiles (subscriber_id, due) values (${subscriberId}, true)
    on conflict (subscriber_id) do update set due = true`.execute(trx)
  await appendEvent(trx, { at, kind: 'subscriber.feedback', subscriberId, data: { paper: paperId, verdict } })
}
