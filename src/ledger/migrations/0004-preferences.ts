import { type Kysely, sql } from 'kysely'

/** What readers say of their digest: finer preferences, pauses with an end, leaving and its undo, feedback, moves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `alter table subscribers
    add column authors text[] not null default '{}',
    add column weekdays smallint[] not null default '{1,2,3,4,5,6,7}' check (cardinality(weekdays) between 1 and 7),
    add column format text not null default 'abstracts' check (format in ('abstracts', 'titles')),
    add column rest boolean not null default true,
    add column paused_until date,
    add column away_since date,
    add column left_at timestamptz,
    add column left_because text`,
  `create index subscribers_waking on subscribers (paused_until) where state = 'paused' and paused_until is not null`,
  // The day a pause began, on the delivery that catches up on it: what the delivery is stays with its row.
  `alter table deliveries add column since date`,
  `create table feedback (
    subscriber_id bigint not null references subscribers on delete cascade,
    paper_id text not null references papers,
    verdict text not null check (verdict in ('more', 'less')),
    at timestamptz not null,
    primary key (subscriber_id, paper_id)
  )`,
  // The id is that of the notice which asks the new address, too.
  `create table address_changes (
    id uuid primary key,
    subscriber_id bigint not null references subscribers on delete cascade,
    new_email text not null,
    new_email_key text not null,
    new_address_hash text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index address_changes_subscriber on address_changes (subscriber_id, created_at)`,
  `create index address_changes_address on address_changes (new_address_hash, created_at)`,
  `alter table notices drop constraint if exists notices_kind_check`,
  `alter table notices add constraint notices_kind_check
    check (kind in ('confirm', 'welcome', 'goodbye', 'known', 'address-confirm', 'address-changed'))`,
]
