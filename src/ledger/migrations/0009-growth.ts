import { type Kysely, sql } from 'kysely'
import { day } from '../../domain/day.ts'
import { periodsOf } from '../../domain/delivery.ts'
import { addMonths, type Month, monthOfPeriod } from '../../domain/month.ts'
import { makePart, partsOf } from '../maintenance/partitions.ts'

/**
 * Deliveries in parts, a month each, so that an old month goes in a moment and leaves no hole. They are parted by their period:
 * whatever must be unique per reader and period lies in one part, and the table’s own uniqueness goes on to hold it. Every
 * row is copied, and the indexes are built once all are there.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of MAKE) await sql.raw(statement).execute(db)
  for (const month of await monthsOf(db))
    for (const { name, span } of partsOf(month))
      for (const statement of [
        makePart(name),
        `alter table deliveries attach partition ${name} for values from ('${span.from}') to ('${span.before}')`,
      ])
        await sql.raw(statement).execute(db)
  for (const statement of FILL) await sql.raw(statement).execute(db)
}

const COLUMNS =
  'id, subscriber_id, queued_at, settled_at, day, since, tries, parcel_id, period, state, reason, address, paper_ids, choice, provider_id'

const MAKE = [
  `alter table deliveries rename to deliveries_whole`,
  `alter sequence deliveries_id_seq rename to deliveries_whole_id_seq`,
  // Columns of fixed width come first: less is lost between them. Bytes are compared as bytes, whatever the database’s
  // collation: the bounds of the parts rest on that. What it referred to are rows written in the same transaction and never
  // deleted before it, and looking them up again for each row took more time than all else about it.
  `create table deliveries (
    id bigint generated always as identity,
    subscriber_id bigint not null,
    queued_at timestamptz not null,
    settled_at timestamptz,
    day date not null,
    since date,
    tries smallint not null default 0,
    parcel_id uuid not null,
    period text collate "C" not null,
    state text not null check (state in ('queued', 'sending', 'sent', 'delivered', 'bounced', 'complained', 'skipped', 'refused', 'uncertain')),
    reason text,
    address text,
    paper_ids text[],
    choice jsonb,
    provider_id text
  ) partition by range (period)`,
  `create table deliveries_other partition of deliveries default`,
]

const FILL = [
  `insert into deliveries (${COLUMNS}) overriding system value select ${COLUMNS} from deliveries_whole order by id`,
  `select setval('deliveries_id_seq', last_value, is_called) from deliveries_whole_id_seq`,
  `drop table deliveries_whole`,
  `alter table deliveries add primary key (subscriber_id, period)`,
  `create index deliveries_id on deliveries (id)`,
  `create index deliveries_parcel on deliveries (parcel_id)`,
  // A day is counted from this alone, without a look at its letters: the period stands first because it is always said.
  `create index deliveries_day on deliveries (period, day, state, settled_at)`,
  // Few have a reason.
  `create index deliveries_reason on deliveries (period, day, state, reason) where reason is not null`,
  // Only ever asked for one id, of 36 characters: by its hash takes half the room.
  `create index deliveries_provider on deliveries using hash (provider_id) where provider_id is not null`,
  `analyze deliveries`,
  `create index parcels_day on parcels (day)`,
  // What became of an edition’s letters, when they are no longer kept; added to by each part that is dropped.
  `create table kept_counts (
    day date not null references editions,
    state text not null,
    reason text not null default '',
    count bigint not null,
    first_settled_at timestamptz,
    last_settled_at timestamptz,
    primary key (day, state, reason)
  )`,
  `create table dropped_months (
    month text collate "C" primary key,
    deliveries bigint not null,
    last_id bigint,
    at timestamptz not null
  )`,
  // Bounces and complaints are counted for their edition without a look at each of its letters, and when these are gone.
  `alter table webhook_events add column day date`,
  `update webhook_events e set day = d.day from deliveries d
    where d.id = e.delivery_id and e.state = 'applied' and e.kind in ('complained', 'bounced', 'soft-bounced')`,
  // Those that go soon lie apart from those that stay for a year, and must not be looked for among them.
  `drop index webhook_events_received`,
  `create index webhook_events_quiet on webhook_events (received_at) where kind in ('sent', 'delayed', 'delivered', 'unknown')`,
  `create index webhook_events_loud on webhook_events (received_at) where kind not in ('sent', 'delayed', 'delivered', 'unknown')`,
  `create index webhook_events_day on webhook_events (day) where day is not null`,
]

/** Those of every delivery and every edition, and the next. */
async function monthsOf(db: Kysely<unknown>): Promise<Month[]> {
  const { rows: periods } = await sql<{ period: string }>`select distinct period from deliveries_whole`.execute(db)
  const { rows: days } = await sql<{ day: string }>`select to_char(day, 'YYYY-MM-DD') as day from editions`.execute(db)
  const months = [...periods.map(({ period }) => period), ...days.flatMap((row) => periodsOf(day(row.day)))]
    .map(monthOfPeriod)
    .filter((month) => month !== null)
    .sort()
  const last = months.at(-1)
  return [...new Set(last === undefined ? months : [...months, addMonths(last, 1)])]
}
