import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../src/platform/clock.ts'
import type { Logger } from '../../../src/platform/log.ts'
import type { Queues } from '../../../src/queue/queues.ts'
import type { DeferredUnsubscribes } from '../../../src/subscriptions/deferred-unsubscribes.ts'
import type { UnsubscribeDeps } from '../../../src/subscriptions/unsubscribe.ts'
import type { OpenLedger } from '../ledger.ts'

interface Services {
  readonly queues: Queues
  readonly clock: Clock
  readonly deferred: DeferredUnsubscribes
  readonly log: Logger
}

/** Returns the services of unsubscribing, for the page, one-click and mail. */
export function unsubscribeDepsOf(
  { deliveries, subscribers, tokens }: OpenLedger,
  { queues, clock, deferred, log }: Services,
): UnsubscribeDeps {
  // A lost job does no harm: the row is in the ledger, and reconcile adds its job.
  const lost = (error: Error) => log.warn({ reason: error.message }, 'could not add a job; reconcile adds it later')
  return {
    openToken: tokens.verify,
    unsubscribe: subscribers.unsubscribe,
    defer: deferred.store,
    async sendGoodbye(subscriberId, address) {
      const transactionalId = randomUUID()
      await deliveries.writeTransactionals([{ id: transactionalId, kind: 'goodbye', subscriberId, address }], clock())
      void queues.add('notice', [{ transactionalId }]).catch(lost)
    },
    clock,
  }
}
