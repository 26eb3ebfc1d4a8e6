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
  // The newest reading of the votes that an edition’s readers get, and when one was last tried.
  `alter table editions add column votes_read_at timestamptz, add column votes_tried_at timestamptz`,
  // With which reading a parcel goes out, set with the parcel and never after; null: with that of the edition itself.
  `alter table parcels add column votes_at timestamptz`,
  // A paper may be seen on a list before an edition holds it: only so can be said from where it rose.
  `alter table signals drop constraint if exists signals_paper_id_fkey`,
]
