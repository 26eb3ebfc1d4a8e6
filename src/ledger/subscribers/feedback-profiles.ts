import { type SqlBool, sql } from 'kysely'
import type { FeedbackProfile } from '../../domain/feedback-profile.ts'
import type { JudgedPaper } from '../../pipeline/feedback-model.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

/** The feedback profile of a subscriber. `learned` is null when it is not computed yet or has no usable words. */
export interface FeedbackProfileRow {
  readonly learned: FeedbackProfile | null
  /** Whether feedback came that is still to be learnt from. */
  readonly due: boolean
}

export async function readFeedbackProfile(db: Database, subscriberId: string): Promise<FeedbackProfileRow | null> {
  const row = await db
    .selectFrom('feedback_profiles')
    .select(['learned', 'due'])
    .where('subscriber_id', '=', subscriberId)
    .executeTakeFirst()
  return row ?? null
}

/** Readers whose feedback is still to be learnt from. */
export async function readDueProfiles(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('feedback_profiles')
    .select('subscriber_id')
    // The index is of these rows alone.
    .where(sql<SqlBool>`due`)
    .limit(limit)
    .execute()
  return rows.map((row) => row.subscriber_id)
}

/**
 * Works out what a reader’s marks teach and keeps it, while nobody else may change them: of two that learn at once the
 * second sees all that the first saw. Null when the reader was erased or has no marks.
 */
export async function saveFeedbackProfile(
  db: Database,
  subscriberId: string,
  learn: (marks: readonly JudgedPaper[]) => FeedbackProfile | null,
  at: Date,
): Promise<FeedbackProfile | null> {
  return db.transaction().execute(async (trx) => {
    if (!(await lockSubscriber(trx, subscriberId))) return null
    const { rows } = await sql<{ id: string; title: string; abstract: string; liked: boolean }>`
      select p.id, p.content->>'title' as title, p.content->>'abstract' as abstract, f.verdict = 'more' as liked
      from feedback f join papers p on p.id = f.paper_id
      where f.subscriber_id = ${subscriberId} order by f.created_at desc, p.id`.execute(trx)
    const learned = rows.length === 0 ? null : learn(rows.map(({ liked, ...paper }) => ({ paper, liked })))
    await trx
      .updateTable('feedback_profiles')
      .set({ due: false, learned: learned === null ? null : JSON.stringify(learned), learned_at: at })
      .where('subscriber_id', '=', subscriberId)
      .execute()
    return learned
  })
}

/**
 * Forgets a reader’s feedback and what it taught, in the record of what happened, too.
 * @returns how many papers they had marked.
 */
export async function deleteFeedback(db: Database, subscriberId: string, at: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    if (!(await lockSubscriber(trx, subscriberId))) return 0
    const gone = await trx.deleteFrom('feedback').where('subscriber_id', '=', subscriberId).executeTakeFirst()
    await trx.deleteFrom('feedback_profiles').where('subscriber_id', '=', subscriberId).execute()
    const marks = Number(gone.numDeletedRows)
    if (marks === 0) return 0
    await trx
      .updateTable('events')
      .set({ data: '{}' })
      .where('subscriber_id', '=', subscriberId)
      .where('kind', '=', 'subscriber.feedback')
      .execute()
    await appendEvent(trx, { at, kind: 'subscriber.feedback-forgotten', subscriberId, data: { marks } })
    return marks
  })
}

/** Feedback is written under a lock that this one waits for. */
async function lockSubscriber(trx: Database, subscriberId: string): Promise<boolean> {
  const { rows } = await sql`select from subscribers where id = ${subscriberId} for update`.execute(trx)
  return rows.length > 0
}
