import { type Kysely, sql } from 'kysely'

/**
 * Bounds the cost of a search: titles have a column of their own, and the search column is read without a second table. Adds the
 * limits of logins: locks of networks that fail, and networks that logged in before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // A column in the TOAST table costs a look-up and 15 µs a row, which is most of what ranking a row costs.
  `alter table papers
    alter column search set storage main,
    add column title_search tsvector generated always as (to_tsvector('english', coalesce(content->>'title', ''))) stored`,
  `create index papers_title_search on papers using gin (title_search) with (fastupdate = off)`,
  // The words of new titles are read without those that are known.
  `create index papers_updated_at on papers (updated_at, id)`,
  // The list of pending entries is read whole by each search, and a day has only some dozens of papers.
  `alter index papers_search set (fastupdate = off)`,
  `select gin_clean_pending_list('papers_search')`,
  `alter table login_tries
    add column refused integer not null default 0,
    add column locks integer not null default 0,
    add column locked_until timestamptz`,
  // Names are keyed hashes from now on; what older rows count is over in minutes.
  `delete from login_tries`,
  `create index login_tries_since on login_tries (since)`,
  `create table known_login_networks (
    network_hash text primary key,
    last_login_at timestamptz not null
  )`,
]
