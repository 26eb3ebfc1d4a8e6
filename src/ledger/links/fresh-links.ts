import { sql } from 'kysely'
import { FRESH_LINK_MINUTES_MIN, FRESH_LINKS_PER_SUBSCRIBER_DAY } from '../../../config/limits-subscriptions.ts'
import type { FreshLinkOptions } from '../../subscriptions/fresh-link.ts'
import { writeTransactionals } from '../deliveries/transactional.ts'
import type { Database } from '../schema/database.ts'
import { lockReachable } from '../subscribers/lock-reachable.ts'

/**
 * Writes the mail with a new link to the preferences, to the stored address. The caller adds the job. Returns false if nothing
 * was written, because the subscriber is neither active nor paused or got such a mail recently. The row is locked meanwhile, so
 * that the second of two simultaneous requests counts the mail of the first.
 */
export async function writeFreshLink(db: Database, options: FreshLinkOptions, at: Date): Promise<boolean> {
  const { transactionalId, subscriberId } = options
  return db.transaction().execute(async (trx) => {
    const subscriber = await lockReachable(trx, subscriberId)
    if (subscriber === null || (await isTooSoon(trx, subscriberId, at))) return false
    const transactional = {
      id: transactionalId,
      kind: 'preferences-link' as const,
      subscriberId,
      address: subscriber.email,
    }
    await writeTransactionals(trx, [transactional], at)
    return true
  })
}

async function isTooSoon(trx: Database, subscriberId: string, at: Date): Promise<boolean> {
  const since = (minutes: number) => new Date(at.getTime() - minutes * 60_000)
  const { rows } = await sql<{ recent: string; today: string }>`
    select count(*) filter (where created_at > ${since(FRESH_LINK_MINUTES_MIN)}) as recent, count(*) as today
    from transactional_emails where subscriber_id = ${subscriberId} and created_at > ${since(24 * 60)}
      and kind = 'preferences-link'`.execute(trx)
  return Number(rows[0]?.recent) > 0 || Number(rows[0]?.today) >= FRESH_LINKS_PER_SUBSCRIBER_DAY
}
