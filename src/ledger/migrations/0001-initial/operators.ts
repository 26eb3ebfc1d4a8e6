/** Operators, and the state of running processes. */
export const OPERATORS = `
-- The people who may log in to /admin.
create table operators (
  id bigint generated always as identity primary key,
  email text not null,
  email_key text not null unique,
  name text not null,
  role text not null check (role in ('viewer', 'editor', 'owner')),
  password_hash text, -- Null until the invitation is accepted.
  totp_secret text,
  totp_pending text, -- A secret that waits for its first code.
  created_at timestamptz not null,
  last_login_at timestamptz,
  disabled_at timestamptz
);

-- One-time links to set a password. The link is signed with SECRET: a copy of this table opens none.
create table operator_links (
  id text primary key,
  operator_id bigint not null unique references operators on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table operator_recovery_codes (
  operator_id bigint not null references operators on delete cascade,
  code_hash text not null, -- A keyed hash.
  primary key (operator_id, code_hash)
);

-- Passkeys (WebAuthn). A public key logs nobody in: a copy of this table is of no use.
create table operator_passkeys (
  id bigint generated always as identity primary key,
  operator_id bigint not null references operators on delete cascade,
  credential_id text not null unique,
  user_handle text not null, -- What the passkey calls the operator.
  public_key text not null,
  counter bigint not null, -- How often it was used, by its own count. 0: it does not count.
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index operator_passkeys_operator on operator_passkeys (operator_id);

-- Random values that a passkey signs once.
create table passkey_challenges (
  challenge text primary key,
  holder text not null, -- A hash that names the browser or the session.
  operator_id bigint references operators on delete cascade, -- Null: for a login.
  expires_at timestamptz not null
);
create index passkey_challenges_operator on passkey_challenges (operator_id) where operator_id is not null;
create index passkey_challenges_expires on passkey_challenges (expires_at);

create table operator_sessions (
  id text primary key, -- A hash of the cookie: a copy of this table opens no session.
  operator_id bigint references operators on delete cascade, -- Null: a login with ADMIN_PASSWORD.
  label text not null,
  csrf text not null,
  address text not null,
  note jsonb,
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index operator_sessions_operator on operator_sessions (operator_id);

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
create table totp_steps (
  operator_id bigint not null, -- 0: ADMIN_TOTP_SECRET.
  step bigint not null,
  used_at timestamptz not null,
  primary key (operator_id, step)
);

-- The audit log. It stores no address of a subscriber, since it stays after an erasure.
create table operator_actions (
  id bigint generated always as identity primary key,
  created_at timestamptz not null,
  operator_id bigint, -- Stays when the operator is gone.
  who text not null, -- The name at that time.
  address text,
  action text not null,
  day date,
  subscriber_id bigint,
  reason text,
  before jsonb, after jsonb
);
create index operator_actions_day on operator_actions (day, id) where day is not null;
create index operator_actions_subscriber on operator_actions (subscriber_id, id) where subscriber_id is not null;
create index operator_actions_operator on operator_actions (operator_id, created_at, id)
  where operator_id is not null;
create index operator_actions_action on operator_actions (action, created_at, id);
create index operator_actions_created on operator_actions (created_at, id);
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
