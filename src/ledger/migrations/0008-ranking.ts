import { type Kysely, sql } from 'kysely'

/** What choosing better needs: late bloomers, papers that are one under two ids, and each reader’s mix. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // The list on which a paper stood that came too late for its own day’s edition; null for the edition’s own list.
  `alter table entries add column listed_on date`,
  // Two papers of one title are one, whatever their ids: letters and figures only, without case.
  `alter table papers add column title_key text
    generated always as (left(lower(regexp_replace(content->>'title', '[^[:alnum:]]+', '', 'g')), 300)) stored`,
  `create index papers_title_key on papers (title_key)`,
  // From 0, what everybody talks about, to 100, only what matches.
  `alter table subscribers add column mix smallint not null default 75 check (mix between 0 and 100)`,
]
