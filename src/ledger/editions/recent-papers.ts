import { sql } from 'kysely'
import type { Day } from '../../domain/day.ts'
import { day as asDay } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'
import { TITLE_KEY_CHARS_MIN } from './title-key.ts'

/** Returns the papers whose first list is in a span, both ends included, newest first. */
export async function readRecentPapers(
  db: Database,
  { from, to, limit }: { readonly from: Day; readonly to: Day; readonly limit: number },
): Promise<readonly { readonly paper: Paper; readonly firstDay: Day }[]> {
  const rows = await db
    .selectFrom('papers')
    .select(['content', 'first_day'])
    .where('first_day', '>=', from)
    .where('first_day', '<=', to)
    .orderBy('first_day', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ paper: row.content, firstDay: asDay(row.first_day) }))
}

/** Returns the stored papers with one of these ids, or exactly one of these titles, ignoring case and punctuation. */
export async function readPapersOfWorks(
  db: Database,
  { ids, titles }: { readonly ids: readonly string[]; readonly titles: readonly string[] },
): Promise<readonly Paper[]> {
  const { rows } = await sql<{ content: Paper }>`
    select content from papers where id = any(${[...ids]}::text[])
    union all
    select content from papers where title_key in (
        select left(lower(regexp_replace(title, '[^[:alnum:]]+', '', 'g')), 300) from unnest(${[...titles]}::text[]) title)
      and length(title_key) >= ${TITLE_KEY_CHARS_MIN} and not id = any(${[...ids]}::text[])
    limit ${ids.length + titles.length}`.execute(db)
  return [...new Map(rows.map(({ content }) => [content.id, content])).values()]
}
