import { sql } from 'kysely'
import {
  PROVIDER_BLOCK_HOURS,
  PROVIDER_BLOCK_SUBSCRIBERS_MIN,
  SOFT_BOUNCE_DAYS,
  SOFT_BOUNCES_MAX,
} from '../../../config/limits-inbound.ts'
import type { ProviderEvent } from '../../mail/provider-event.ts'
import type { HashOf } from '../../security/address-hash.ts'
import type { Database } from '../schema/database.ts'
import { suppress } from '../subscribers/subscribers.ts'

type SoftBounce = Pick<ProviderEvent, 'kind' | 'blame' | 'host'>

/**
 * Returns the keyed hash of the recipient's domain, for a soft bounce that does not blame one mailbox; null for all other
 * events.
 */
export function domainHash(event: SoftBounce, address: string | null, hashOf: HashOf): string | null {
  const domain = address?.slice(address.lastIndexOf('@') + 1).toLowerCase() ?? ''
  return blamesProvider(event) && domain !== '' ? hashOf(`receiving-domain@${domain}`) : null
}

/** Returns the keyed hash of the mail server's domain. One provider receives mail for many domains. */
export function mxHash(event: SoftBounce, hashOf: HashOf): string | null {
  const host = event.host ?? null
  return blamesProvider(event) && host !== null ? hashOf(`mail-server@${providerOf(host)}`) : null
}

function blamesProvider({ kind, blame }: SoftBounce): boolean {
  return kind === 'soft-bounced' && (blame ?? 'recipient') !== 'recipient'
}

/**
 * Returns the registered domain of a host: `mx1.example.com` and `mx2.example.com` have the same, and so do hosts below
 * `example.co.uk`.
 */
function providerOf(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  const isSecondLevel =
    /^(ac|co|com|edu|gov|ne|net|or|org|go|ad)$/.test(labels.at(-2) ?? '') && labels.at(-1)?.length === 2
  return labels.slice(isSecondLevel ? -3 : -2).join('.')
}

/**
 * Counts the soft bounces since the last delivered message, within SOFT_BOUNCE_DAYS, and suppresses the address if there are
 * too many. A soft bounce that blames the mailbox counts at once. An unclear one counts after a day, when it is known whether
 * many subscribers of the provider got the same. One that blames the sender, a limit or an outage never counts.
 */
export async function countSoftBounces(
  trx: Database,
  hash: string,
  event: Pick<ProviderEvent, 'kind' | 'occurredAt'>,
  at: Date,
): Promise<void> {
  if (event.kind === 'delivered')
    await sql`
      update subscribers set delivered_at = greatest(delivered_at, ${event.occurredAt}::timestamptz)
      where address_hash = ${hash}`.execute(trx)
  const since = new Date(at.getTime() - SOFT_BOUNCE_DAYS * 86_400_000)
  const hours = PROVIDER_BLOCK_HOURS
  const { rows } = await sql<{ count: string }>`
    select count(distinct coalesce(e.delivery_id::text, e.transactional_email_id::text)) as count from webhook_events e
    where e.address_hash = ${hash} and e.kind = 'soft-bounced' and e.state = 'applied'
      and e.occurred_at > greatest(${since}::timestamptz, (select max(delivered_at) from subscribers where address_hash = ${hash}))
      and (coalesce(e.blame, 'recipient') = 'recipient' or (
        e.blame = 'unclear' and e.received_at <= ${at}::timestamptz - ${hours}::int * interval '1 hour'
        and (
          select count(distinct o.address_hash) from webhook_events o
          where (o.domain_hash = e.domain_hash or o.mx_hash = e.mx_hash)
            and o.received_at between e.received_at - ${hours}::int * interval '1 hour' and e.received_at + ${hours}::int * interval '1 hour'
        ) < ${PROVIDER_BLOCK_SUBSCRIBERS_MIN}::int))`.execute(trx)
  const count = Number(rows[0]?.count ?? 0)
  await trx.updateTable('subscribers').set({ soft_bounces: count }).where('address_hash', '=', hash).execute()
  if (count >= SOFT_BOUNCES_MAX) await suppress(trx, hash, 'soft-bounces', at)
}
