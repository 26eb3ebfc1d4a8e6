import { type Kysely, sql } from 'kysely'

/** From which day on a reader is owed a digest, and the time zones in use at a glance. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // In the reader's own zone: the day on which they joined, came back or took up another rhythm. Null: since ever.
  `alter table subscribers add column due_from date`,
  // Every page of a dispatch asks in which zones there are readers.
  `create index subscribers_timezone on subscribers (timezone) where state = 'active'`,
]
