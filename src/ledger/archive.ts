import { sql } from 'kysely'
import type { Day } from '../day.ts'
import type { Paper } from '../paper.ts'
import type { Database } from './database.ts'

/** Other papers that have the very title of one of these, but for case and punctuation; by the one’s id. */
export async function readTwins(db: Database, paperIds: readonly string[]): Promise<Map<string, string[]>> {
  if (paperIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; twins: string[] }>`
    select p.id, array_agg(t.id order by t.id) as twins
    from papers p join papers t on t.title_key = p.title_key and t.id <> p.id
    where p.id = any(${[...paperIds]}::text[]) and length(p.title_key) >= ${TITLE_KEY_CHARS_MIN}
    group by p.id`.execute(db)
  return new Map(rows.map(({ id, twins }) => [id, twins]))
}

/** Shorter titles, such as “Report”, may well be of two papers. */
const TITLE_KEY_CHARS_MIN = 12

/** The words of the newest papers up to a day. */
export async function readArchive(
  db: Database,
  day: Day,
  limit: number,
): Promise<Pick<Paper, 'id' | 'title' | 'abstract'>[]> {
  const { rows } = await sql<{ id: string; title: string; abstract: string }>`
    select id, content->>'title' as title, content->>'abstract' as abstract from papers
    where first_day <= ${day} order by first_day desc, id limit ${limit}`.execute(db)
  return rows
}
