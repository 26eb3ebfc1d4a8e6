import type { Config } from '../config/config.ts'
import { deleteOutboxMessages } from '../src/mail/outbox-removal.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type EraseDeps, type ErasureAction, erase } from '../src/subscriptions/erase.ts'
import type { OpenLedger } from './app/ledger.ts'
import { outboxDir } from './app/transports.ts'

/** Erases a subscriber, by whichever door: their preferences, the operator's pages, or a command. */
export type Eraser = (subscriberId: string, action: ErasureAction | null) => Promise<boolean>

export function createEraser(config: Config, { operators, subscribers }: OpenLedger, clock: Clock): Eraser {
  const deps: EraseDeps = {
    eraseSubscriber: subscribers.eraseSubscriber,
    // Also where another transport is configured now: earlier letters may lie there.
    removeMessages: (ids) => deleteOutboxMessages(outboxDir(config), ids),
    record: (subscriberId, { actor, reason, at }) =>
      operators.recordAction(actor, { action: 'subscriber.erased', subscriberId, reason }, at),
  }
  return (id, action) => erase(id, action?.at ?? clock(), action, deps)
}
