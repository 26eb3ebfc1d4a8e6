import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../src/platform/clock.ts'
import type { Logger } from '../../../src/platform/log/log.ts'
import type { Queues } from '../../../src/queue/queues.ts'
import type { DeferredUnsubscribes } from '../../../src/subscriptions/deferred-unsubscribes.ts'
import type { UnsubscribeDeps } from '../../../src/subscriptions/unsubscribe.ts'
import type { OpenLedger } from '../ledger.ts'
import { addingSoon } from '../queue.ts'

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
  const addSoon = addingSoon({ queues, log })
  return {
    tokens,
    subscribers,
    deferred,
    async sendGoodbye(subscriberId, address) {
      const transactionalId = randomUUID()
      await deliveries.writeTransactionals([{ id: transactionalId, kind: 'goodbye', subscriberId, address }], clock())
      addSoon('notice', { transactionalId })
    },
    clock,
  }
}
