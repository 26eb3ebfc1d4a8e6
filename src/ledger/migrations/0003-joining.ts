import { type Kysely, sql } from 'kysely'

/** Sign-ups, confirmations and proofs of consent: everything that joining writes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table sign_ups (
    id uuid primary key,
    at timestamptz not null,
    state text not null check (state in ('queued', 'dropped', 'done')),
    reason text,
    email text,
    email_key text,
    preferences jsonb,
    address_hash text not null,
    domain text not null,
    network text not null,
    ip inet,
    form boolean not null,
    wording text
  )`,
  // The limits count what may be mailed; a dropped row counts only as a post of its network.
  `create index sign_ups_network on sign_ups (network, at)`,
  `create index sign_ups_address on sign_ups (address_hash, at) where state <> 'dropped'`,
  `create index sign_ups_domain on sign_ups (domain, at) where state <> 'dropped'`,
  `create index sign_ups_counted on sign_ups (at) where state <> 'dropped'`,
  `create index sign_ups_formless on sign_ups (at) where state <> 'dropped' and not form`,
  `create index sign_ups_at on sign_ups (at)`,
  `create index sign_ups_open on sign_ups (at) where state = 'queued'`,
  `create table confirmations (
    id uuid primary key,
    subscriber_id bigint not null references subscribers on delete cascade,
    form text not null check (form in ('web', 'operator', 'import')),
    preferences jsonb,
    wording text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index confirmations_subscriber on confirmations (subscriber_id, created_at)`,
  `create table consents (
    id bigint generated always as identity primary key,
    subscriber_id bigint not null references subscribers on delete cascade,
    at timestamptz not null,
    kind text not null check (kind in ('requested', 'confirmed')),
    form text not null check (form in ('web', 'operator', 'import')),
    wording_version text,
    ip inet
  )`,
  `create index consents_subscriber on consents (subscriber_id)`,
  `create index consents_ip on consents (at) where ip is not null`,
  `create index subscribers_pending on subscribers (changed_at) where state = 'pending'`,
  `alter table notices drop constraint notices_kind_check`,
  `alter table notices add constraint notices_kind_check check (kind in ('confirm', 'welcome', 'goodbye', 'known'))`,
  `alter table notices add column confirmation_id uuid`,
  `create index notices_subscriber on notices (subscriber_id, created_at)`,
  // Readers who were asked before there was this table can still answer: a mail not yet sent gets its confirmation.
  `insert into confirmations (id, subscriber_id, form, created_at, expires_at)
    select n.id, n.subscriber_id, 'operator', n.created_at, n.created_at + interval '48 hours'
    from notices n join subscribers s on s.id = n.subscriber_id
    where n.kind = 'confirm' and n.state in ('queued', 'sending')`,
  `update notices set confirmation_id = id where kind = 'confirm' and state in ('queued', 'sending')`,
]
