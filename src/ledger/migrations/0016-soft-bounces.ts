import { type Kysely, sql } from 'kysely'

/** Why a letter came back for now, and from where: what a provider does to many is not counted against each of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table webhook_events
    add column blame text check (blame in ('address', 'recipient', 'sender', 'limit', 'server', 'unclear')),
    add column domain_hash text,
    add column mx_hash text`,
  `create index webhook_events_domain on webhook_events (domain_hash, received_at) where domain_hash is not null`,
  `create index webhook_events_mx on webhook_events (mx_hash, received_at) where mx_hash is not null`,
  `create index webhook_events_unknown on webhook_events (received_at) where kind = 'unknown' and source = 'mail'`,
]
