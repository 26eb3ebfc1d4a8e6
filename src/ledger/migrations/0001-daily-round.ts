import { type Kysely, sql } from 'kysely'

/** Papers, editions, subscribers, parcels, deliveries: everything that the daily round writes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table papers (
    id text primary key,
    content jsonb not null,
    first_day date not null,
    updated_at timestamptz not null
  )`,
  // Votes at several moments stay side by side, so that two of them can be compared.
  `create table signals (
    paper_id text not null references papers,
    observed_at timestamptz not null,
    upvotes integer,
    comments integer,
    stars integer,
    primary key (paper_id, observed_at)
  )`,
  `create table editions (
    day date primary key,
    revision integer not null default 1,
    state text not null check (state in ('published', 'empty', 'failed')),
    reason text,
    incomplete text,
    reports jsonb not null,
    votes_at timestamptz,
    published_at timestamptz not null,
    sending text not null default 'running' check (sending in ('running', 'paused', 'cancelled')),
    cohort text not null default 'hour' check (cohort in ('hour', 'everyone')),
    dispatched_at timestamptz
  )`,
  // The paper is frozen into the entry: a later day may better its text, but not what this day sends.
  `create table entries (
    day date not null references editions,
    rank integer not null,
    paper_id text not null references papers,
    score double precision not null,
    why text not null,
    content jsonb not null,
    upvotes integer,
    comments integer,
    stars integer,
    primary key (day, rank),
    unique (day, paper_id)
  )`,
  `create table subscribers (
    id bigint generated always as identity primary key,
    email text not null,
    email_key text not null unique,
    address_hash text not null,
    state text not null check (state in ('pending', 'active', 'paused', 'unsubscribed', 'suppressed')),
    interests text[] not null default '{}',
    muted text[] not null default '{}',
    frequency text not null default 'daily' check (frequency in ('daily', 'weekly')),
    hour smallint not null default 8 check (hour between 0 and 23),
    timezone text not null default 'UTC',
    weekday smallint not null default 1 check (weekday between 1 and 7),
    length smallint not null default 10 check (length between 1 and 100),
    consent jsonb,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    changed_at timestamptz not null
  )`,
  `create index subscribers_active on subscribers (id) where state = 'active'`,
  `create index subscribers_address_hash on subscribers (address_hash)`,
  `create table suppressions (
    address_hash text primary key,
    reason text not null,
    note text,
    created_at timestamptz not null
  )`,
  `create table parcels (
    id uuid primary key,
    day date not null references editions,
    state text not null check (state in ('queued', 'sending', 'settled')),
    transport text,
    template text,
    key_id text,
    attempts integer not null default 0,
    claimed_by text,
    claimed_at timestamptz,
    frozen_at timestamptz,
    first_call_at timestamptz,
    next_try_at timestamptz not null,
    reason text,
    created_at timestamptz not null
  )`,
  `create index parcels_open on parcels (next_try_at) where state <> 'settled'`,
  `create index parcels_day_open on parcels (day) where state <> 'settled'`,
  `create table deliveries (
    id bigint generated always as identity primary key,
    subscriber_id bigint not null,
    period text not null,
    day date not null references editions,
    parcel_id uuid not null references parcels,
    state text not null check (state in ('queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'skipped', 'refused', 'uncertain')),
    reason text,
    tries smallint not null default 0,
    address text,
    paper_ids text[],
    choice jsonb,
    provider_id text,
    queued_at timestamptz not null,
    settled_at timestamptz,
    unique (subscriber_id, period)
  )`,
  `create index deliveries_parcel on deliveries (parcel_id)`,
  `create index deliveries_day_state on deliveries (day, state)`,
  `create index deliveries_provider on deliveries (provider_id) where provider_id is not null`,
  `create table notices (
    id uuid primary key,
    kind text not null check (kind in ('confirm', 'welcome', 'goodbye')),
    subscriber_id bigint not null,
    address text not null,
    state text not null check (state in ('queued', 'sending', 'sent', 'skipped', 'refused', 'uncertain')),
    reason text,
    transport text,
    attempts integer not null default 0,
    claimed_by text,
    claimed_at timestamptz,
    first_call_at timestamptz,
    next_try_at timestamptz not null,
    provider_id text,
    created_at timestamptz not null
  )`,
  `create index notices_open on notices (next_try_at) where state in ('queued', 'sending')`,
  // A worker that stops beating holds nothing: its claims are free to be repeated.
  `create table workers (
    id text primary key,
    host text not null,
    pid integer not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
  )`,
  `create table transports (
    name text primary key,
    held_until timestamptz not null,
    reason text not null
  )`,
  // What must be the same on every machine and for all time, such as which secret addresses are hashed with.
  `create table installation (
    name text primary key,
    value text not null
  )`,
  `create table events (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    kind text not null,
    day date,
    subscriber_id bigint,
    delivery_id bigint,
    data jsonb not null default '{}'
  )`,
  `create index events_subscriber on events (subscriber_id) where subscriber_id is not null`,
  `create index events_kind_at on events (kind, at)`,
]
