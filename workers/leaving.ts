import { randomUUID } from 'node:crypto'
import type { Clock } from '../src/day.ts'
import type { LeaveParts } from '../src/leave.ts'
import { leave } from '../src/ledger/leaving.ts'
import { writeNotices } from '../src/ledger/notices.ts'
import type { Queues } from '../src/queue/queues.ts'
import type { OpenLedger } from './ledger.ts'

/** What leaving stands on, by whichever door: the page, one click, or a mail. */
export function leavingPartsOf({ db, tokens }: OpenLedger, queues: Queues, clock: Clock): LeaveParts {
  return {
    openToken: tokens.open,
    leave: (id, by, at) => leave(db, id, by, at),
    async sayGoodbye(subscriberId, address) {
      const noticeId = randomUUID()
      await writeNotices(db, [{ id: noticeId, kind: 'goodbye', subscriberId, address }], clock())
      await queues.add('notice', [{ noticeId }])
    },
    clock,
  }
}
