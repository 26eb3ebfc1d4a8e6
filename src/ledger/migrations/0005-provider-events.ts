import { type Kysely, sql } from 'kysely'

/** What providers and mail servers report of letters: deduplicated by their id, and found by letter or address. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `create table webhook_events (
    id text primary key,
    source text not null check (source in ('resend', 'mail')),
    kind text not null check (kind in ('sent', 'delayed', 'soft-bounced', 'delivered', 'failed', 'suppressed', 'bounced', 'complained', 'unknown')),
    state text not null check (state in ('waiting', 'applied', 'noted')),
    provider_id text,
    delivery_id bigint,
    notice_id uuid,
    address_hash text,
    reason text,
    occurred_at timestamptz not null,
    received_at timestamptz not null
  )`,
  `create index webhook_events_delivery on webhook_events (delivery_id) where delivery_id is not null`,
  `create index webhook_events_waiting on webhook_events (received_at) where state = 'waiting'`,
  `create index webhook_events_received on webhook_events (received_at)`,
  `create index webhook_events_soft on webhook_events (address_hash) where kind = 'soft-bounced' and address_hash is not null`,
  `create index notices_provider on notices (provider_id) where provider_id is not null`,
  `alter table subscribers add column soft_bounces integer not null default 0`,
  `alter table subscribers add column delivered_at timestamptz`,
]
