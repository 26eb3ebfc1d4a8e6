import { sql } from 'kysely'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

/** Other papers that have the very title of one of these, but for case and punctuation; by the one’s id. */
export async function readDuplicateIds(db: Database, paperIds: readonly string[]): Promise<Map<string, string[]>> {
  if (paperIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; duplicates: string[] }>`
    select p.id, array_agg(t.id order by t.id) as duplicates
    from papers p join papers t on t.title_key = p.title_key and t.id <> p.id
    where p.id = any(${[...paperIds]}::text[]) and length(p.title_key) >= ${TITLE_KEY_CHARS_MIN}
    group by p.id`.execute(db)
  return new Map(rows.map(({ id, duplicates }) => [id, duplicates]))
}

/** Shorter titles, such as “Report”, may well be of two papers. */
const TITLE_KEY_CHARS_MIN = 12

/** The words of the newest papers up to a day. */
export async function readArchivePapers(
  db: Database,
  day: Day,
  limit: number,
): Promise<Pick<Paper, 'id' | 'title' | 'abstract'>[]> {
  const { rows } = await sql<{ id: string; title: string; abstract: string }>`
    select id, content->>'title' as title, content->>'abstract' as abstract from papers
    where first_day <= ${day} order by first_day desc, id limit ${limit}`.execute(db)
  return rows
}

/**
 * The days with an edition whose papers are candidates on the day `to`, newest first: made no later than its own. One that an operator makes
 * afterwards for a day gone by must not change digests that are frozen, nor what a repeat of their call carries.
 */
export async function readCandidateDays(db: Database, from: Day, to: Day): Promise<Day[]> {
  const { rows } = await sql<{ day: string }>`
    select day from editions e
    where day between ${from} and ${to} and state = 'published'
      and not exists (select from editions own where own.day = ${to} and own.published_at < e.published_at)
    order by day desc`.execute(db)
  return rows.map((row) => asDay(row.day))
}
