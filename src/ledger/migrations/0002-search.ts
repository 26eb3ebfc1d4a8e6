import { type Kysely, sql } from 'kysely'

/**
 * Full-text search over all papers: the title weighs most, then keywords and authors, then the abstract. The column is
 * generated, so that no writer can forget it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table papers add column search tsvector generated always as (
    setweight(to_tsvector('english', coalesce(content->>'title', '')), 'A')
    || setweight(jsonb_to_tsvector('english', coalesce(content->'keywords', '[]'), '["string"]'), 'B')
    || setweight(jsonb_to_tsvector('simple', coalesce(content->'authors', '[]'), '["string"]'), 'B')
    || setweight(to_tsvector('english', coalesce(content->>'abstract', '')), 'C')
  ) stored`,
  `create index papers_search on papers using gin (search)`,
  `create index papers_first_day on papers (first_day desc, id)`,
  `create index entries_paper on entries (paper_id)`,
]
