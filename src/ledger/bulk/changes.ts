import { BULK_CONFIRMATION_HOURS } from '../../../config/limits-people.ts'
import type { BulkKind } from '../../domain/segments/bulk.ts'
import { recordAction } from '../operators/audit.ts'
import type { Database } from '../schema/database.ts'
import { writeConfirmations } from '../signups/confirm-again.ts'
import { eraseWithin } from '../subscribers/erase.ts'
import { addInterest, removeInterest } from './interests.ts'
import { actorOf } from './job-row.ts'
import { pauseAll, resumeAll, suppressAll, unsubscribeAll } from './states.ts'
import type { BulkChange, BulkWork } from './work.ts'

type Change = (trx: Database, work: BulkWork) => Promise<BulkChange>

/** Applies each kind of bulk action to a batch. */
export const CHANGES: Readonly<Record<BulkKind, Change>> = {
  pause: counting(pauseAll),
  resume: counting(resumeAll),
  unsubscribe: counting(unsubscribeAll),
  suppress: counting(suppressAll),
  confirm: async (trx, { ids, newId, at }) => {
    const quietMs = BULK_CONFIRMATION_HOURS * 3_600_000
    const transactionalIds = await writeConfirmations(trx, { ids, newId, at, quietMs })
    return { changed: transactionalIds.length, transactionalIds, messageIds: [] }
  },
  'add-interest': counting(addInterest),
  'remove-interest': counting(removeInterest),
  erase: async (trx, { ids, job, at }) => {
    const messageIds: string[] = []
    let changed = 0
    for (const id of ids) {
      const erased = await eraseWithin(trx, id, at)
      if (erased === null) continue
      changed += 1
      messageIds.push(...erased.messageIds)
      const action = { action: 'subscriber.erased', subscriberId: id, reason: job.reason, after: { bulk: job.id } }
      await recordAction(trx, actorOf(job), action, at)
    }
    return { changed, transactionalIds: [], messageIds }
  },
}

function counting(change: (trx: Database, work: BulkWork) => Promise<number>): Change {
  return async (trx, work) => ({ changed: await change(trx, work), transactionalIds: [], messageIds: [] })
}
