import { type Kysely, sql } from 'kysely'

/** The generation of a subscriber's links, and the addresses that a subscriber can take back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // Links that were mailed before this column name no generation; they count as generation 0.
  `alter table subscribers add column link_generation integer not null default 0`,
  // Frozen when the mail is claimed, so that a repeat has the same bytes.
  `alter table notices add column link_generation integer`,
  `alter table notices drop constraint notices_kind_check`,
  `alter table notices add constraint notices_kind_check check (kind in
    ('confirm', 'welcome', 'goodbye', 'known', 'address-confirm', 'address-changed', 'preferences-link'))`,
  // The id is that of the notice which tells the former address of the change.
  `create table former_addresses (
    id uuid primary key,
    place bigint not null generated always as identity,
    subscriber_id bigint not null references subscribers on delete cascade,
    email text not null,
    email_key text not null,
    address_hash text not null,
    expires_at timestamptz not null,
    ended_at timestamptz
  )`,
  `create index former_addresses_subscriber on former_addresses (subscriber_id, place)`,
  `create index former_addresses_expires on former_addresses (expires_at)`,
  // Cleaning looks for the oldest.
  `create index address_changes_created on address_changes (created_at)`,
]
