import { type Kysely, sql } from 'kysely'

/** Adds the indexes by which erasing and shortening find their rows, and takes out what earlier erasures left behind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const ADDRESS = `'[^[:space:]<>@"'';:,()]+@[^[:space:]<>@"'';:,()]+'`
const bare = (column: string) => `regexp_replace(${column}, ${ADDRESS}, '(address)', 'g')`
/** Subscribers who were erased before this migration. */
const ERASED = `(select subscriber_id from events where kind = 'subscriber.erased')`

const STATEMENTS = [
  // Set when the sign-up is taken up: the subscriber’s address may be another by the time of the erasure.
  `alter table sign_ups add column subscriber_id bigint`,
  `create index sign_ups_subscriber on sign_ups (subscriber_id) where subscriber_id is not null`,
  // The index on addresses leaves out dropped posts, which hold an IP address too.
  `create index sign_ups_dropped_address on sign_ups (address_hash) where state = 'dropped'`,
  `create index webhook_events_notice on webhook_events (notice_id) where notice_id is not null`,
  `create index events_delivery on events (delivery_id) where delivery_id is not null`,
  `create index consents_whole_ip on consents (at) where masklen(ip) in (32, 128)`,
  `create index sign_ups_whole_ip on sign_ups (at) where masklen(ip) in (32, 128)`,
  `create index operator_actions_whole_address on operator_actions (at)
    where address is not null and position('/' in address) = 0`,
  // Words of people and of mail servers that name an address. From now on they are stored without.
  `update operator_actions set reason = ${bare('reason')} where reason like '%@%'`,
  `update suppressions set note = ${bare('note')} where note like '%@%'`,
  `update transports set reason = ${bare('reason')} where reason like '%@%'`,
  `update parcels set reason = ${bare('reason')} where reason like '%@%'`,
  `update events set data = ${bare('data::text')}::jsonb
    where kind in ('suppression.added', 'suppression.lifted', 'delivery.refused') and data::text like '%@%'`,
  // Earlier erasures left these.
  `delete from sign_ups where address_hash in (select address_hash from suppressions where reason = 'erased')`,
  `update deliveries set reason = null
    where subscriber_id in ${ERASED} and state not in ('queued', 'sending', 'skipped') and reason is not null`,
  `update notices set reason = null where subscriber_id in ${ERASED} and state <> 'skipped' and reason is not null`,
  `update events set data = '{}' where subscriber_id in ${ERASED} and data <> '{}'`,
  `update operator_actions set reason = null, before = null, after = null where subscriber_id in ${ERASED}`,
]
