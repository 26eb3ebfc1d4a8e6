import { type Kysely, sql } from 'kysely'

/** Short digests, and how good each edition’s order turned out to be. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table subscribers drop constraint if exists subscribers_format_check`,
  `alter table subscribers add constraint subscribers_format_check
    check (format in ('abstracts', 'sentences', 'summaries', 'titles'))`,
  // One row for each edition whose list is read again; what it holds is figures, and nothing that is sent reads them.
  `create table scorecards (
    day date primary key references editions on delete cascade,
    state text not null check (state in ('waiting', 'scored', 'unscored')),
    reason text,
    tries smallint not null default 0,
    next_try_at timestamptz not null,
    read_at timestamptz,
    papers integer,
    listed integer,
    ndcg_ours double precision,
    ndcg_votes double precision,
    ndcg_chance double precision,
    found_ours smallint,
    found_votes smallint,
    found_oracle smallint
  )`,
]
