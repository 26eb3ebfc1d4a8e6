import { type Kysely, sql } from 'kysely'

/** Why a transport pauses and since when: operators are shown both, and a rate limit does not spill to the next transport. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table transports
        add column kind text not null default 'down' check (kind in ('rate', 'quota', 'down', 'sender')),
        add column since timestamptz not null default now()`,
    )
    .execute(db)
}
