/** Subscribers, what they told us, and how they signed up and moved. */
export const SUBSCRIBERS = `
create table subscribers (
  id bigint generated always as identity primary key,
  email text not null, -- As the subscriber typed it.
  email_key text not null unique, -- In lower case, with the domain in ASCII.
  address_hash text not null,
  state text not null check (state in ('pending', 'active', 'paused', 'unsubscribed', 'suppressed')),
  consent jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  confirmed_at timestamptz,
  unsubscribed_at timestamptz, unsubscribed_reason text,
  interests text[] not null default '{}',
  authors text[] not null default '{}',
  muted_terms text[] not null default '{}',
  interest_share smallint not null default 75 check (interest_share between 0 and 100), -- Per cent.
  frequency text not null default 'daily' check (frequency in ('daily', 'weekly')),
  timezone text not null default 'UTC',
  delivery_hour smallint not null default 8 check (delivery_hour between 0 and 23),
  weekday smallint not null default 1 check (weekday between 1 and 7),
  weekdays smallint[] not null default '{1,2,3,4,5,6,7}' check (cardinality(weekdays) between 1 and 7),
  format text not null default 'skim' check (format in ('skim', 'abstracts', 'sentences', 'summaries', 'titles')),
  title_links text not null default 'page' check (title_links in ('page', 'arxiv')), -- What titles in a digest link to.
  featured_count smallint not null default 10 check (featured_count between 1 and 100),
  include_other_titles boolean not null default true,
  paused_until date,
  paused_since date, -- The first day of a pause on which the next digest catches up.
  eligible_from date, -- The first day, in the subscriber's time zone, that gets a digest. Null: no limit.
  eligible_from_at timestamptz, -- The moment that eligible_from is the day of.
  soft_bounces integer not null default 0, -- In a row.
  delivered_at timestamptz,
  last_dispatched_at timestamptz, -- Set only during a warm-up.
  link_generation integer not null default 0 -- Links of an earlier generation are invalid.
);
create index subscribers_active on subscribers (id) where state = 'active';
create index subscribers_pending on subscribers (updated_at) where state = 'pending';
create index subscribers_paused_until on subscribers (paused_until) where state = 'paused' and paused_until is not null;
create index subscribers_timezone on subscribers (timezone) where state = 'active';
create index subscribers_address_hash on subscribers (address_hash);
-- Finds the beginning of an address under any collation.
create index subscribers_email_prefix on subscribers (email_key text_pattern_ops);
create index subscribers_domain on subscribers ((split_part(email_key, '@', 2)), id);

create table suppressions (
  address_hash text primary key, reason text not null, note text, created_at timestamptz not null
);

create table feedback (
  subscriber_id bigint not null references subscribers on delete cascade,
  paper_id text not null references papers,
  verdict text not null check (verdict in ('more', 'less')),
  created_at timestamptz not null,
  primary key (subscriber_id, paper_id)
);

-- One row for each subscriber who has given feedback.
create table feedback_profiles (
  subscriber_id bigint primary key references subscribers on delete cascade,
  due boolean not null, -- Feedback came after the profile was computed.
  learned jsonb, -- Null until the profile is computed for the first time.
  learned_at timestamptz
);
create index feedback_profiles_due on feedback_profiles (subscriber_id) where due;

-- Papers that a subscriber saved to read later.
create table saved_papers (
  subscriber_id bigint not null references subscribers on delete cascade,
  paper_id text not null references papers,
  saved_at timestamptz not null,
  primary key (subscriber_id, paper_id)
);
create index saved_papers_newest on saved_papers (subscriber_id, saved_at desc, paper_id);

-- One row for each post of the subscribe form. The limits on sign-ups count these rows.
create table sign_ups (
  id uuid primary key,
  created_at timestamptz not null,
  state text not null check (state in ('queued', 'dropped', 'done')),
  reason text, -- Why it was dropped.
  email text, email_key text, preferences jsonb, -- Null unless the state is queued.
  address_hash text not null,
  domain text not null,
  network text not null, wide_network text, -- IPv4: the address and its /24. IPv6: the /64 and the /48.
  ip inet,
  form boolean not null, -- True if it was accepted with a form token or a proof of work.
  form_hash text, post_hash text,
  consent_text_version text,
  subscriber_id bigint -- Set when the sign-up is processed.
);
create index sign_ups_created on sign_ups (created_at);
create index sign_ups_open on sign_ups (created_at) where state = 'queued';
-- A dropped post counts only against the limits of its networks.
create index sign_ups_counted on sign_ups (created_at) where state <> 'dropped';
create index sign_ups_formless on sign_ups (created_at) where state <> 'dropped' and not form;
create index sign_ups_address on sign_ups (address_hash, created_at) where state <> 'dropped';
create index sign_ups_dropped_address on sign_ups (address_hash) where state = 'dropped';
create index sign_ups_domain on sign_ups (domain, created_at) where state <> 'dropped';
create index sign_ups_network on sign_ups (network, created_at);
create index sign_ups_wide_network on sign_ups (wide_network, created_at);
create index sign_ups_whole_ip on sign_ups (created_at) where masklen(ip) in (32, 128);
create index sign_ups_form on sign_ups (form_hash) where form_hash is not null;
-- A proof of work is valid for one sign-up.
create unique index sign_ups_post on sign_ups (post_hash) where post_hash is not null;
create index sign_ups_subscriber on sign_ups (subscriber_id) where subscriber_id is not null;

-- When a mailbox was last sent a mail of a kind that anybody can request for it.
create table mailbox_mails (
  mailbox_hash text not null,
  kind text not null check (kind in ('sign-up', 'address-change', 'fresh-link', 'sample')),
  created_at timestamptz not null,
  primary key (mailbox_hash, kind)
);
create index mailbox_mails_created on mailbox_mails (created_at);

create table confirmations (
  id uuid primary key,
  subscriber_id bigint not null references subscribers on delete cascade,
  form text not null check (form in ('web', 'operator', 'import')),
  preferences jsonb, -- Applied when the subscriber confirms.
  consent_text_version text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index confirmations_subscriber on confirmations (subscriber_id, created_at);

create table consents (
  id bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers on delete cascade,
  created_at timestamptz not null,
  kind text not null check (kind in ('requested', 'confirmed')),
  form text not null check (form in ('web', 'operator', 'import')),
  consent_text_version text,
  ip inet
);
create index consents_subscriber on consents (subscriber_id);
create index consents_ip on consents (created_at) where ip is not null;
create index consents_whole_ip on consents (created_at) where masklen(ip) in (32, 128);

-- The id is also the id of the transactional email that asks the new address for confirmation.
create table address_changes (
  id uuid primary key,
  subscriber_id bigint not null references subscribers on delete cascade,
  new_email text not null, new_email_key text not null, new_address_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index address_changes_subscriber on address_changes (subscriber_id, created_at);
create index address_changes_address on address_changes (new_address_hash, created_at);
create index address_changes_created on address_changes (created_at);

-- Addresses that a subscriber can restore. The id is also the id of the transactional email to the former address.
create table former_addresses (
  id uuid primary key,
  place bigint not null generated always as identity,
  subscriber_id bigint not null references subscribers on delete cascade,
  email text not null, email_key text not null, address_hash text not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index former_addresses_subscriber on former_addresses (subscriber_id, place);
create index former_addresses_expires on former_addresses (expires_at);
`
