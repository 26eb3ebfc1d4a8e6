/** Saved segments, bulk actions, and the indexes of an operator's searches. */
export const SEGMENTS = `
create table segments (
  id bigint generated always as identity primary key,
  name text not null, name_key text not null unique, -- The key is in lower case.
  filter jsonb not null, -- The fields of the search form. They name no single address, because a segment outlives an erasure.
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table bulk_jobs (
  id bigint generated always as identity primary key,
  fingerprint text not null unique, -- Two operators who confirm the same page start one action.
  kind text not null check (kind in
    ('pause', 'resume', 'unsubscribe', 'suppress', 'confirm', 'add-interest', 'remove-interest', 'erase')),
  filter jsonb not null,
  options jsonb not null,
  reason text not null,
  who text not null, address text, operator_id bigint,
  state text not null check (state in ('running', 'done', 'stopped', 'failed')),
  expected bigint not null, -- Matching subscribers when it was started.
  position bigint not null default 0, -- The id of the last subscriber that was looked at.
  through bigint not null, -- The greatest id at the start. Later subscribers are not changed.
  examined bigint not null default 0,
  changed bigint not null default 0,
  failures smallint not null default 0, -- In a row.
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz
);
create index bulk_jobs_running on bulk_jobs (id) where state = 'running';
create index bulk_jobs_whole_ip on bulk_jobs (created_at)
  where address is not null and position('/' in address) = 0 and address <> 'unknown';

-- Most subscribers are active, and an import writes only these, so this index costs them nothing.
create index subscribers_inactive on subscribers (state, id) where state <> 'active';
create index subscribers_created on subscribers (created_at);
create index subscribers_bouncing on subscribers (id) where soft_bounces > 0;
`
