import { SAMPLE_HOURS } from '../../../config/limits-subscriptions.ts'
import type { SampleRequest, SampleWritten } from '../../pipeline/send-sample.ts'
import type { Database } from '../schema/database.ts'
import { claimMailbox } from '../signups/mailbox-mails.ts'
import { lockReachable } from '../subscribers/lock-reachable.ts'
import { writeTransactionals } from './transactional.ts'

/**
 * Writes a sample for a confirmed subscriber, at most one per mailbox and day. The mailbox is claimed by one guarded statement, so
 * the second of two clicks at once writes nothing. The caller adds the job.
 */
export async function writeSample(db: Database, request: SampleRequest, at: Date): Promise<SampleWritten> {
  const { id, subscriberId, mailboxHash, sample } = request
  return db.transaction().execute(async (trx) => {
    const subscriber = await lockReachable(trx, subscriberId)
    if (subscriber === null) return 'not-subscribed'
    if (!(await claimMailbox(trx, { mailboxHash, kind: 'sample', at, everyMs: SAMPLE_HOURS * 3_600_000 })))
      return 'had-one'
    await writeTransactionals(trx, [{ id, kind: 'sample', subscriberId, address: subscriber.email, sample }], at)
    return 'written'
  })
}
