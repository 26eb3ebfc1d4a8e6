import { sql } from 'kysely'
import { SPELLING_AUTHORS_PER_PAPER } from '../../../config/limits-web.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

/** The position up to which papers have been read. */
export interface PaperCursor {
  /** As PostgreSQL text, because a JavaScript date would lose the microseconds. */
  readonly updatedAt: string
  readonly id: string
}

/** The names by which people know a paper: its title, keywords, organisation and first authors. */
export type NamesOfPaper = Pick<Paper, 'title' | 'keywords' | 'organization' | 'authors'>

/** Returns the cursor before the newest `papers` papers; null when there are no more than that. */
export async function findNamesStart(db: Database, papers: number): Promise<PaperCursor | null> {
  const { rows } = await sql<PaperCursor>`
    select updated_at::text as "updatedAt", id from papers order by updated_at desc, id desc offset ${papers} limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

/** Returns the names of papers that were written or changed after a cursor, oldest first, and the next cursor. */
export async function readNames(
  db: Database,
  after: PaperCursor | null,
  limit: number,
): Promise<{ readonly names: NamesOfPaper[]; readonly cursor: PaperCursor | null }> {
  const { rows } = await sql<PaperCursor & { readonly names: NamesOfPaper }>`
    select jsonb_build_object('title', content->>'title', 'keywords', coalesce(content->'keywords', '[]'),
        'organization', content->>'organization',
        'authors', jsonb_path_query_array(content, ${`$.authors[0 to ${SPELLING_AUTHORS_PER_PAPER - 1}]`}::jsonpath)) as names,
      updated_at::text as "updatedAt", id from papers
    where ${after?.id ?? null}::text is null or (updated_at, id) > (${after?.updatedAt ?? null}::timestamptz, ${after?.id ?? null}::text)
    order by updated_at, id limit ${limit}`.execute(db)
  const last = rows.at(-1)
  return {
    names: rows.map(({ names }) => names),
    cursor: last === undefined ? after : { updatedAt: last.updatedAt, id: last.id },
  }
}
