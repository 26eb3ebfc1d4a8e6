import { randomUUID } from 'node:crypto'
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
  { deliveries, subscribers, tokens }: OpenLedger,
  { queues, clock, deferred, log }: LeavingDeps,
): UnsubscribeDeps {
  // The caller does not wait for the job: the row is written, and reconcile finds it.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'a job could not be added; reconcile will')
  return {
    openToken: tokens.verify,
    unsubscribe: subscribers.unsubscribe,
    defer: deferred.store,
    async sayGoodbye(subscriberId, address) {
      const transactionalId = randomUUID()
      await deliveries.writeTransactionals([{ id: transactionalId, kind: 'goodbye', subscriberId, address }], clock())
      void queues.add('notice', [{ transactionalId }]).catch(lost)
    },
    clock,
  }
}
