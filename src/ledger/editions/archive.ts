import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'
import { TITLE_KEY_CHARS_MIN } from './title-key.ts'

/** Returns for each paper the ids of others with the same title, ignoring case and punctuation. */
export async function readDuplicateIds(db: Database, paperIds: readonly string[]): Promise<Map<string, string[]>> {
  if (paperIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; duplicates: string[] }>`
    select p.id, array_agg(t.id order by t.id) as duplicates
    from papers p join papers t on t.title_key = p.title_key and t.id <> p.id
    where p.id = any(${[...paperIds]}::text[]) and length(p.title_key) >= ${TITLE_KEY_CHARS_MIN}
    group by p.id`.execute(db)
  return new Map(rows.map(({ id, duplicates }) => [id, duplicates]))
}

/** Returns the title, abstract and keywords of the newest papers up to a day. */
export async function readArchivePapers(
  db: Database,
  day: Day,
  limit: number,
): Promise<Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords'>[]> {
  const { rows } = await sql<{ id: string; title: string; abstract: string; keywords: string[] }>`
    select id, content->>'title' as title, content->>'abstract' as abstract, coalesce(content->'keywords', '[]') as keywords from papers
    where first_day <= ${day} order by first_day desc, id limit ${limit}`.execute(db)
  return rows
}

/**
 * Returns the days whose papers are candidates on the day `to`, newest first. It leaves out editions made later than the one of
 * `to`: an edition that an operator makes for a past day must not change frozen digests, nor the repetition of their call.
 */
export async function readCandidateDays(db: Database, from: Day, to: Day): Promise<Day[]> {
  const { rows } = await sql<{ day: string }>`
    select day from editions e
    where day between ${from} and ${to} and state = 'published'
      and not exists (select from editions own where own.day = ${to} and own.published_at < e.published_at)
    order by day desc`.execute(db)
  return rows.map((row) => asDay(row.day))
}

/**
 * Returns the day of the newest edition that does not change any more, because it has gone out or was published long ago. In
 * an installation that has none yet, it is the newest edition. One that waits for its approval is never returned.
 */
export async function readSampleDay(db: Database, publishedBefore: Date): Promise<Day | null> {
  const row = await db
    .selectFrom('editions')
    .select('day')
    .where('state', '=', 'published')
    .where(({ eb, or }) => or([eb('needs_approval', '=', false), eb('approved_at', 'is not', null)]))
    .orderBy(
      ({ eb, or }) => or([eb('dispatched_at', 'is not', null), eb('published_at', '<', publishedBefore)]),
      'desc',
    )
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : asDay(row.day)
}
