/** Operators, and the state of running processes. */
export const OPERATORS = `
create table operator_sessions (
  id text primary key, -- A hash of the cookie: a copy of this table opens no session.
  label text not null,
  csrf text not null,
  address text not null,
  note jsonb,
  created_at timestamptz not null,
  seen_at timestamptz not null
);

create table login_attempts (
  name text primary key, -- A keyed hash of the account or network.
  attempts integer not null,
  refused integer not null default 0, -- Attempts whose password was not checked.
  since timestamptz not null,
  locks integer not null default 0, -- Each lock lasts twice as long as the previous one.
  locked_until timestamptz
);
create index login_attempts_since on login_attempts (since);

create table known_login_networks (network_hash text primary key, last_login_at timestamptz not null);

-- Steps of time-based one-time passwords that were used.
create table totp_steps (step bigint primary key, used_at timestamptz not null);

-- The audit log. It stores no address of a subscriber, since it stays after an erasure.
create table operator_actions (
  id bigint generated always as identity primary key,
  created_at timestamptz not null,
  who text not null,
  address text,
  action text not null,
  day date,
  subscriber_id bigint,
  reason text,
  before jsonb, after jsonb
);
create index operator_actions_day on operator_actions (day, id) where day is not null;
create index operator_actions_subscriber on operator_actions (subscriber_id, id) where subscriber_id is not null;
create index operator_actions_whole_address on operator_actions (created_at)
  where address is not null and position('/' in address) = 0;

-- The claims of a worker without a recent heartbeat can be taken over.
create table workers (
  id text primary key,
  host text not null,
  pid integer not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);

create table transport_pauses (
  name text primary key,
  paused_until timestamptz not null,
  reason text not null,
  kind text not null default 'down' check (kind in ('rate', 'quota', 'down', 'sender')),
  since timestamptz not null default now(),
  repeats integer not null default 0 -- Pauses before this one, without a success between them.
);

-- Values that must be the same on every machine, such as the key that addresses are hashed with.
create table settings (name text primary key, value text not null);
`
