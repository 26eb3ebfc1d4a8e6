import { type Kysely, sql } from 'kysely'

/** How often a transport has failed in a row, and how often a server has deferred a transactional mail. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table transports add column repeats integer not null default 0').execute(db)
  await sql.raw('alter table notices add column tries smallint not null default 0').execute(db)
}
