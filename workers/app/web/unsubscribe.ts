import { randomUUID } from 'node:crypto'
import { writeTransactionals } from '../../../src/ledger/deliveries/transactional.ts'
import { unsubscribe } from '../../../src/ledger/subscribers/unsubscribe.ts'
import type { Clock } from '../../../src/platform/clock.ts'
import type { Logger } from '../../../src/platform/log.ts'
import type { Queues } from '../../../src/queue/queues.ts'
import type { DeferredUnsubscribes } from '../../../src/subscriptions/deferred-unsubscribes.ts'
import type { UnsubscribeDeps } from '../../../src/subscriptions/unsubscribe.ts'
import type { OpenLedger } from '../ledger.ts'

interface LeavingDeps {
  readonly queues: Queues
  readonly clock: Clock
  readonly deferred: DeferredUnsubscribes
  readonly log: Logger
}

/** What leaving stands on, by whichever door: the page, one click, or a mail. */
export function unsubscribeDepsOf(
  { db, tokens }: OpenLedger,
  { queues, clock, deferred, log }: LeavingDeps,
): UnsubscribeDeps {
  // The caller does not wait for the job: the row is written, and reconcile finds it.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'a job could not be added; reconcile will')
  return {
    openToken: tokens.verify,
    unsubscribe: (wish, order) => unsubscribe(db, wish, order),
    defer: (wish) => deferred.store(wish),
    async sayGoodbye(subscriberId, address) {
      const transactionalId = randomUUID()
      await writeTransactionals(db, [{ id: transactionalId, kind: 'goodbye', subscriberId, address }], clock())
      void queues.add('notice', [{ transactionalId }]).catch(lost)
    },
    clock,
  }
}
