import { type Kysely, sql } from 'kysely'

/** What is learnt from feedback, and the reading of votes with which a parcel goes out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // One row for each reader who has given feedback. `learned` is null until it was worked out for the first time;
  // `due` says that feedback came since, so that what a crash left undone is found without reading all feedback.
  `create table tastes (
    subscriber_id bigint primary key references subscribers on delete cascade,
    due boolean not null,
    learned jsonb,
    learned_at timestamptz
  )`,
  `create index tastes_due on tastes (subscriber_id) where due`,
  `insert into tastes (subscriber_id, due) select distinct subscriber_id, true from feedback`,
]
