import { type Selectable, sql } from 'kysely'
import { SCORE_AFTER_DAYS, SCORE_RETRY_HOURS_MAX, SCORE_WITHIN_DAYS } from '../../../config/limits-sources.ts'
import { day as asDay, type Day } from '../../domain/day.ts'
import { type Scorecard, type ScoreVerdict, UNSCORED } from '../../domain/scorecard.ts'
import type { Database } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'

const DAY_MS = 86_400_000

/**
 * Claims the oldest edition whose list is due to be read again: a week after its votes were read, or after a failed attempt.
 * The row stores the time of the next attempt, so that a second scheduler waits, and a crashed one needs no cleanup.
 */
export async function claimScore(
  db: Database,
  now: Date,
): Promise<{ readonly day: Day; readonly tries: number } | null> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const { rows } = await sql<{ day: string; attempts: number }>`
    with due as (
      select e.day from editions e left join scorecards s on s.day = e.day
      where e.state = 'published' and e.votes_at <= ${before(SCORE_AFTER_DAYS)} and e.votes_at > ${before(SCORE_WITHIN_DAYS)}
        and (s.day is null or (s.state = 'waiting' and s.next_try_at <= ${now}))
      order by e.day limit 1
    )
    insert into scorecards (day, state, attempts, next_try_at)
    select day, 'waiting', 1, ${now}::timestamptz + interval '1 hour' from due
    on conflict (day) do update set
      attempts = scorecards.attempts + 1,
      next_try_at = ${now}::timestamptz
        + make_interval(hours => least(${SCORE_RETRY_HOURS_MAX}::int, power(2, least(scorecards.attempts, 10))::int))
      where scorecards.state = 'waiting' and scorecards.next_try_at <= ${now}
    returning day, attempts`.execute(db)
  const [row] = rows
  return row === undefined ? null : { day: asDay(row.day), tries: row.attempts }
}

/** Stores the result. The first result is final. */
export async function settleScore(db: Database, day: Day, verdict: ScoreVerdict, readAt: Date): Promise<void> {
  const figures = verdict.kind === 'scored' ? verdict.figures : null
  await db
    .updateTable('scorecards')
    .set({
      state: verdict.kind,
      reason: verdict.kind === 'unscored' ? verdict.reason : null,
      read_at: readAt,
      papers: figures?.papers ?? null,
      listed: figures?.listed ?? null,
      ndcg_ours: figures?.ndcg.ours ?? null,
      ndcg_votes: figures?.ndcg.votes ?? null,
      ndcg_chance: figures?.ndcg.chance ?? null,
      found_ours: figures?.found?.ours ?? null,
      found_votes: figures?.found?.votes ?? null,
      found_oracle: figures?.found?.oracle ?? null,
    })
    .where('day', '=', day)
    .where('state', '=', 'waiting')
    .execute()
}

/** Returns the scorecards of days before `before`, newest first. */
export async function readScorecards(db: Database, before: Day, limit: number): Promise<Scorecard[]> {
  const rows = await db
    .selectFrom('scorecards')
    .selectAll()
    .where('day', '<', before)
    .orderBy('day', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toScorecard)
}

/** Returns the oldest edition without a scorecard, and when its list is read again; null if there is none. */
export async function readNextScore(db: Database, now: Date): Promise<{ readonly day: Day; readonly at: Date } | null> {
  const row = await db
    .selectFrom('editions')
    .select(['day', 'votes_at'])
    .where('state', '=', 'published')
    .where('votes_at', '>', new Date(now.getTime() - SCORE_AFTER_DAYS * DAY_MS))
    .orderBy('day')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined || row.votes_at === null) return null
  return { day: asDay(row.day), at: new Date(row.votes_at.getTime() + SCORE_AFTER_DAYS * DAY_MS) }
}

function toScorecard(row: Selectable<Tables['scorecards']>): Scorecard {
  const day = asDay(row.day)
  if (row.state === 'waiting') return { day, kind: 'waiting' }
  const { papers, listed, ndcg_ours: ours, ndcg_votes: votes, ndcg_chance: chance } = row
  if (papers === null || listed === null || ours === null || votes === null || chance === null)
    return { day, kind: 'unscored', reason: UNSCORED.find((reason) => reason === row.reason) ?? 'unread' }
  const { found_ours, found_votes, found_oracle } = row
  return {
    day,
    kind: 'scored',
    figures: {
      papers,
      listed,
      ndcg: { ours, votes, chance },
      found:
        found_ours === null || found_votes === null || found_oracle === null
          ? null
          : { ours: found_ours, votes: found_votes, oracle: found_oracle },
    },
  }
}
