import { type Kysely, sql } from 'kysely'

/** The moment at which an operator opened an edition to everyone, the moment from which a subscriber gets digests, and what a welcome says of the next one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // `run` and `dispatch` send to the subscribers who were on the list then.
  `alter table editions add column opened_to_all_at timestamptz`,
  `update editions set opened_to_all_at = coalesce(dispatched_at, published_at) where cohort = 'everyone'`,
  // The moment that `due_from` is the day of. Null: since ever, as for everyone who was there before this migration.
  `alter table subscribers add column due_from_at timestamptz`,
  // Stored with the mail, so that a repeat has the same bytes.
  `alter table notices add column next_digest jsonb`,
]
