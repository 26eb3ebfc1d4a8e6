/** Papers, their votes, and the editions they are in. */
export const PAPERS = `
create table papers (
  id text primary key, -- The arXiv id without a version.
  content jsonb not null,
  first_day date not null,
  updated_at timestamptz not null,
  -- The topics of its keywords (one slug for all spellings) and its categories (as category:cs.CL), each with its spelling at
  -- the same place. They are copies, because a query that counts topics must not read every content.
  topics text[] not null default '{}', topic_names text[] not null default '{}',
  number integer not null generated always as identity, -- Deliveries store it in place of the id.
  -- Two papers with the same title are the same paper, whatever their ids: letters and digits only, in lower case.
  title_key text generated always as
    (left(lower(regexp_replace(content->>'title', '[^[:alnum:]]+', '', 'g')), 300)) stored,
  -- What a search finds a paper by. The program writes it, in the words that interests use too (src/ranking/search).
  title_search tsvector not null default '',
  -- Stored in the row itself: a look-up in the TOAST table costs 15 µs a row, most of the cost of ranking it.
  search tsvector not null default ''
);
alter table papers alter column search set storage main;
create unique index papers_number on papers (number);
create index papers_first_day on papers (first_day desc, id);
create index papers_title_key on papers (title_key);
create index papers_topics on papers using gin (topics) with (fastupdate = off);
create index papers_updated_at on papers (updated_at, id);
-- Without a list of pending entries, which each search would read in full.
create index papers_search on papers using gin (search) with (fastupdate = off);
create index papers_title_search on papers using gin (title_search) with (fastupdate = off);

-- A paper has one row for each time its votes were read. It may be read before an edition contains it.
create table signals (
  paper_id text not null,
  observed_at timestamptz not null,
  upvotes integer, comments integer, stars integer,
  primary key (paper_id, observed_at)
);

-- How many stars the repository of a paper had on GitHub, once a day. A row never changes, because digests show these numbers and
-- must be the same when they are composed again.
create table star_readings (
  paper_id text not null,
  day date not null,
  repository text not null, -- As owner/name. A paper may get another link.
  stars integer, -- Null: GitHub has no such repository, or does not show it.
  read_at timestamptz not null,
  primary key (paper_id, day)
);
create index star_readings_by_day on star_readings (day);

-- One row: when the next round of reading may begin, and how the last one ended.
create table star_rounds (
  id boolean primary key default true check (id),
  next_at timestamptz not null,
  read_at timestamptz,
  fault_kind text, fault_reason text
);

-- Lists that had no papers yet when they were asked.
create table awaited_lists (
  day date primary key, first_asked_at timestamptz not null, asked_at timestamptz not null, sources text[] not null,
  reason text not null
);

-- Papers that did not fit into the edition of their day.
create table left_out_papers (paper_id text primary key, day date not null);
create index left_out_papers_by_day on left_out_papers (day);

create table editions (
  day date primary key,
  revision integer not null default 1,
  state text not null check (state in ('published', 'empty', 'failed')),
  reason text,
  incomplete text,
  reports jsonb not null, -- What each source answered.
  published_at timestamptz not null,
  edited_at timestamptz,
  votes_at timestamptz,
  -- The newest reading of the votes after publication, and the last attempt to read them.
  votes_read_at timestamptz, votes_tried_at timestamptz,
  sending text not null default 'running' check (sending in ('running', 'paused', 'cancelled')),
  cohort text not null default 'hour' check (cohort in ('hour', 'everyone')),
  opened_to_all_at timestamptz, -- Subscribers who joined later do not get this edition outside their hour.
  dispatched_at timestamptz,
  delivery_count bigint not null default 0, -- Deliveries that dispatch created: the states of a day add up to it.
  deferred_count integer not null default 0, -- The most subscribers that exceeded the warm-up quota.
  needs_approval boolean not null default false,
  approved_at timestamptz,
  canary text not null default 'none' check (canary in ('none', 'sending', 'waiting', 'passed', 'stopped')),
  canary_percent smallint not null default 0 check (canary_percent between 0 and 50),
  canary_minutes integer not null default 30 check (canary_minutes >= 0),
  canary_bounce_percent_max double precision not null default 3,
  canary_complaint_percent_max double precision not null default 0.3,
  canary_sent_at timestamptz
);

-- The content is a copy: a later correction of a paper does not change an edition that was published.
create table edition_papers (
  day date not null references editions,
  rank integer not null,
  paper_id text not null references papers,
  score double precision not null,
  why text not null,
  content jsonb not null,
  upvotes integer, comments integer, stars integer,
  listed_on date, -- The day of the list it was on, if it came too late for the edition of that day.
  primary key (day, rank),
  unique (day, paper_id)
);
create index edition_papers_paper on edition_papers (paper_id);

-- How good the order of an edition was, measured against votes that were read later.
create table scorecards (
  day date primary key references editions on delete cascade,
  state text not null check (state in ('waiting', 'scored', 'unscored')),
  reason text,
  attempts smallint not null default 0,
  next_try_at timestamptz not null,
  read_at timestamptz,
  papers integer, listed integer,
  ndcg_ours double precision, ndcg_votes double precision, ndcg_chance double precision,
  found_ours smallint, found_votes smallint, found_oracle smallint
);

-- How many digests were dispatched on each day of the warm-up of a sending domain.
create table warm_up_days (day date primary key, dispatched integer not null);
`
