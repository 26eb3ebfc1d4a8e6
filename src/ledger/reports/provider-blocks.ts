import { sql } from 'kysely'
import {
  PROVIDER_BLOCK_HOURS,
  PROVIDER_BLOCK_SUBSCRIBERS_MIN,
  PROVIDER_BLOCKS_SHOWN_MAX,
} from '../../../config/limits-inbound.ts'
import type { ProviderBlock } from '../../pipeline/alerts/alerts.ts'
import type { Database } from '../schema/database.ts'

/**
 * Returns the providers that block us now: at least PROVIDER_BLOCK_SUBSCRIBERS_MIN subscribers with the same domain or mail
 * server had a soft bounce within PROVIDER_BLOCK_HOURS that does not blame the mailbox. A domain is left out if its mail
 * servers are already listed.
 */
export async function readProviderBlocks(db: Database, at: Date): Promise<ProviderBlock[]> {
  const since = new Date(at.getTime() - PROVIDER_BLOCK_HOURS * 3_600_000)
  const { rows } = await sql<ProviderBlock & { subscribers: string; delivery: string | null }>`
    with recent as materialized (
      select domain_hash, mx_hash, address_hash, reason, received_at, delivery_id from webhook_events
      where domain_hash is not null and received_at > ${since}
    ), servers as (
      select mx_hash as key, count(distinct address_hash) as subscribers, min(received_at) as since,
        mode() within group (order by reason) as words, max(delivery_id) as delivery
      from recent where mx_hash is not null group by mx_hash
      having count(distinct address_hash) >= ${PROVIDER_BLOCK_SUBSCRIBERS_MIN}
    ), domains as (
      select domain_hash as key, count(distinct address_hash) as subscribers, min(received_at) as since,
        mode() within group (order by reason) as words, max(delivery_id) as delivery
      from recent group by domain_hash
      having count(distinct address_hash) >= ${PROVIDER_BLOCK_SUBSCRIBERS_MIN}
        and coalesce(bool_and(mx_hash not in (select key from servers)), true)
    )
    select b.key, b.subscribers, b.since, b.words,
      (select split_part(d.address, '@', -1) from deliveries d where d.id = b.delivery and d.address <> '') as domain
    from (select * from servers union all select * from domains) as b
    order by b.subscribers desc, b.key limit ${PROVIDER_BLOCKS_SHOWN_MAX}`.execute(db)
  return rows.map(({ key, domain, subscribers, since: first, words }) => ({
    key,
    domain,
    subscribers: Number(subscribers),
    since: first,
    words: words?.replace(/^soft-bounced: /, '') ?? 'no words',
  }))
}
