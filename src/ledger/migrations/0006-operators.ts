import { type Kysely, sql } from 'kysely'

/** What operators do: their sessions, a record of every act, and an edition that waits for them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  // Only a hash of what the browser holds, so that a copy of this table opens nothing.
  `create table operator_sessions (
    id text primary key,
    label text not null,
    csrf text not null,
    address text not null,
    note jsonb,
    created_at timestamptz not null,
    seen_at timestamptz not null
  )`,
  `create table login_tries (
    name text primary key,
    tries integer not null,
    since timestamptz not null
  )`,
  `create table totp_steps (
    step bigint primary key,
    at timestamptz not null
  )`,
  // No addresses of readers: the record outlives their erasure.
  `create table operator_actions (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    who text not null,
    address text,
    action text not null,
    day date,
    subscriber_id bigint,
    reason text,
    before jsonb,
    after jsonb
  )`,
  `create index operator_actions_day on operator_actions (day, id) where day is not null`,
  `create index operator_actions_subscriber on operator_actions (subscriber_id, id) where subscriber_id is not null`,
  // How many deliveries dispatch wrote: what the states of a day must add up to.
  `alter table editions add column candidates bigint not null default 0`,
  `update editions e set candidates = (select count(*) from deliveries d where d.day = e.day)`,
  `alter table editions add column needs_approval boolean not null default false`,
  `alter table editions add column approved_at timestamptz`,
  `alter table editions add column edited_at timestamptz`,
  `alter table editions add column canary text not null default 'none'
    check (canary in ('none', 'sending', 'waiting', 'passed', 'stopped'))`,
  `alter table editions add column canary_percent smallint not null default 0 check (canary_percent between 0 and 50)`,
  `alter table editions add column canary_minutes integer not null default 30 check (canary_minutes >= 0)`,
  `alter table editions add column canary_bounce_percent_max double precision not null default 3`,
  `alter table editions add column canary_complaint_percent_max double precision not null default 0.3`,
  `alter table editions add column canary_sent_at timestamptz`,
  // Searching by the beginning of an address, whatever the collation of the database.
  `create index subscribers_email_prefix on subscribers (email_key text_pattern_ops)`,
  `create index subscribers_domain on subscribers ((split_part(email_key, '@', 2)), id)`,
  `create index deliveries_settled on deliveries (day, settled_at) where settled_at is not null`,
]
