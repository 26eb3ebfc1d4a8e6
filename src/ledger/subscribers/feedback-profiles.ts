import { type SqlBool, sql } from 'kysely'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import type { JudgedPaper } from '../../pipeline/feedback-model.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'

/** The feedback profile of a subscriber. `learned` is null when it is not computed yet or has no usable words. */
export interface FeedbackProfileRow {
  readonly learned: FeedbackProfile | null
  /** True if there is feedback that the profile does not include yet. */
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

/** Returns the subscribers whose profile is due. */
export async function readDueProfiles(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('feedback_profiles')
    .select('subscriber_id')
    // A partial index has exactly these rows.
    .where(sql<SqlBool>`due`)
    .limit(limit)
    .execute()
  return rows.map((row) => row.subscriber_id)
}

/**
 * Computes and stores the profile of a subscriber. The rows are locked meanwhile, so that the later of two runs at once
 * includes everything that the earlier one read. Returns null if the subscriber was erased or gave no feedback.
 */
export async function saveFeedbackProfile(
  db: Database,
  subscriberId: string,
  learn: (marks: readonly JudgedPaper[]) => FeedbackProfile | null,
  at: Date,
): Promise<FeedbackProfile | null> {
  return db.transaction().execute(async (trx) => {
    if (!(await lockSubscriber(trx, subscriberId))) return null
    const { rows } = await sql<{ id: string; title: string; abstract: string; keywords: string[]; liked: boolean }>`
      select p.id, p.content->>'title' as title, p.content->>'abstract' as abstract, p.content->'keywords' as keywords, f.verdict = 'more' as liked
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
 * Deletes the feedback of a subscriber, the profile, and the feedback in the event log.
 * @returns how many papers had feedback.
 */
export async function deleteFeedback(db: Database, subscriberId: string, at: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    if (!(await lockSubscriber(trx, subscriberId))) return 0
    const deleted = await trx.deleteFrom('feedback').where('subscriber_id', '=', subscriberId).executeTakeFirst()
    await trx.deleteFrom('feedback_profiles').where('subscriber_id', '=', subscriberId).execute()
    const marks = Number(deleted.numDeletedRows)
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

/** Locks the subscriber's row, which is also locked when feedback is written. */
async function lockSubscriber(trx: Database, subscriberId: string): Promise<boolean> {
  const { rows } = await sql`select from subscribers where id = ${subscriberId} for update`.execute(trx)
  return rows.length > 0
}
