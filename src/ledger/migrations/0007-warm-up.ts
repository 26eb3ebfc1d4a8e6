import { type Kysely, sql } from 'kysely'

/** The warm-up of a new sending domain: what went out on each day, who was left out, and who waits longest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table warm_up_days (
    day date primary key,
    dispatched integer not null
  )`,
  `alter table editions add column left_out integer not null default 0`,
  // Written while a domain is warmed up, and only then.
  `alter table subscribers add column last_dispatched_at timestamptz`,
]
