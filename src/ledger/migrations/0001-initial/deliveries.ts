/** Mails, and what providers report about them. */
export const DELIVERIES = `
create table parcels (
  id uuid primary key, -- Also the idempotency key of the provider call.
  day date not null references editions,
  state text not null check (state in ('queued', 'sending', 'settled')),
  reason text,
  transport text, template text, key_id text, -- Frozen by the first claim, so that a repeat has the same bytes.
  votes_at timestamptz, -- The reading of the votes that it shows. Null: the edition's own.
  attempts integer not null default 0,
  claimed_by text, claimed_at timestamptz,
  frozen_at timestamptz,
  first_call_at timestamptz,
  next_try_at timestamptz not null,
  created_at timestamptz not null,
  -- In the order of exclusion. Each repeat excluded a prefix of this list, so its body can be composed again.
  excluded_delivery_ids bigint[] not null default '{}'
);
create index parcels_open on parcels (next_try_at) where state <> 'settled';
create index parcels_day on parcels (day);
create index parcels_day_open on parcels (day) where state <> 'settled';

create table transactional_emails (
  id uuid primary key,
  kind text not null check (kind in
    ('confirm', 'welcome', 'goodbye', 'known', 'address-confirm', 'address-changed', 'preferences-link', 'sample')),
  subscriber_id bigint not null,
  address text not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'skipped', 'refused', 'uncertain')),
  reason text,
  transport text,
  attempts integer not null default 0,
  deferrals smallint not null default 0, -- Deferred by a mail server.
  claimed_by text, claimed_at timestamptz,
  first_call_at timestamptz,
  next_try_at timestamptz not null,
  provider_id text,
  created_at timestamptz not null,
  confirmation_id uuid,
  -- Stored with the mail, so that a repeat has the same bytes.
  next_digest jsonb, link_generation integer, sample jsonb, template text
);
create index transactional_emails_open on transactional_emails (next_try_at) where state in ('queued', 'sending');
create index transactional_emails_subscriber on transactional_emails (subscriber_id, created_at);
create index transactional_emails_provider on transactional_emails (provider_id) where provider_id is not null;

-- Partitioned by period: rows that must be unique are in one partition, and dropping a month is immediate. The program
-- creates the partitions as it needs them (maintenance/partitions.ts). Columns of fixed width come first, which saves
-- padding. There are no foreign keys: their checks cost more time than the rest of an insert.
create table deliveries (
  id bigint generated always as identity,
  subscriber_id bigint not null,
  queued_at timestamptz not null,
  settled_at timestamptz,
  day date not null,
  catch_up_from date, -- The first day of the pause that this digest catches up on.
  attempts smallint not null default 0,
  parcel_id uuid not null,
  period text collate "C" not null, -- The bounds of the partitions are compared by byte.
  state text not null check (state in
    ('queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'skipped', 'refused', 'uncertain')),
  reason text,
  address text,
  paper_numbers integer[],
  selection text, -- JSON with short names (deliveries/selection-text.ts). As text, PostgreSQL does not parse it.
  provider_id text,
  primary key (subscriber_id, period)
) partition by range (period);
create index deliveries_id on deliveries (id);
create index deliveries_parcel on deliveries (parcel_id);
-- Counting a day reads this index and no rows. Every query states the period, so it comes first.
create index deliveries_day on deliveries (period, day, state, settled_at);
create index deliveries_reason on deliveries (period, day, state, reason) where reason is not null;
-- A hash index takes half the space of a B-tree, and only equality is asked.
create index deliveries_provider on deliveries using hash (provider_id) where provider_id is not null;
-- Rows of a period that has no partition yet.
create table deliveries_other partition of deliveries default;

-- Counts of deliveries whose month was dropped.
create table archived_counts (
  day date not null references editions,
  state text not null,
  reason text not null default '',
  count bigint not null,
  first_settled_at timestamptz, last_settled_at timestamptz,
  primary key (day, state, reason)
);

create table dropped_months (
  month text collate "C" primary key,
  deliveries bigint not null,
  last_id bigint, -- The greatest id of its deliveries.
  dropped_at timestamptz not null
);

-- Reports of providers and mail servers. The provider's id makes a repeated report unique.
create table webhook_events (
  id text primary key,
  source text not null check (source in ('resend', 'mail')),
  kind text not null check (kind in
    ('sent', 'delayed', 'soft-bounced', 'delivered', 'failed', 'suppressed', 'bounced', 'complained', 'unknown')),
  state text not null check (state in ('waiting', 'applied', 'noted')),
  provider_id text,
  delivery_id bigint,
  transactional_email_id uuid,
  day date, -- Of a bounce or complaint: the edition that it is counted for, also after its deliveries are dropped.
  address_hash text,
  reason text,
  blame text check (blame in ('address', 'recipient', 'sender', 'limit', 'server', 'unclear')), -- Of a soft bounce.
  domain_hash text, mx_hash text, -- The recipient's domain and the domain of its mail servers.
  occurred_at timestamptz not null,
  received_at timestamptz not null
);
create index webhook_events_waiting on webhook_events (received_at) where state = 'waiting';
-- Pruning deletes these kinds early, and must not search for them among the kinds that stay.
create index webhook_events_routine on webhook_events (received_at)
  where kind in ('sent', 'delayed', 'delivered', 'unknown');
create index webhook_events_notable on webhook_events (received_at)
  where kind not in ('sent', 'delayed', 'delivered', 'unknown');
create index webhook_events_unknown on webhook_events (received_at) where kind = 'unknown' and source = 'mail';
create index webhook_events_delivery on webhook_events (delivery_id) where delivery_id is not null;
create index webhook_events_transactional_email on webhook_events (transactional_email_id)
  where transactional_email_id is not null;
create index webhook_events_day on webhook_events (day) where day is not null;
create index webhook_events_soft on webhook_events (address_hash)
  where kind = 'soft-bounced' and address_hash is not null;
create index webhook_events_domain on webhook_events (domain_hash, received_at) where domain_hash is not null;
create index webhook_events_mx on webhook_events (mx_hash, received_at) where mx_hash is not null;

create table events (
  id bigint generated always as identity primary key,
  created_at timestamptz not null,
  kind text not null,
  day date,
  subscriber_id bigint,
  delivery_id bigint,
  data jsonb not null default '{}'
);
create index events_kind_created on events (kind, created_at);
create index events_subscriber on events (subscriber_id) where subscriber_id is not null;
create index events_delivery on events (delivery_id) where delivery_id is not null;
`
