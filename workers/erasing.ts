import type { Config } from '../config/config.ts'
import { deleteOutboxMessages } from '../src/mail/outbox-removal.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type EraseDeps, type ErasureAction, erase } from '../src/subscriptions/erase.ts'
import type { OpenLedger } from './app/ledger.ts'
import { outboxDir } from './app/transports.ts'

/** Erases a subscriber, for the preferences page, the admin and the command line. */
export type Eraser = (subscriberId: string, action: ErasureAction | null) => Promise<boolean>

export function createEraser(config: Config, { operators, subscribers }: OpenLedger, clock: Clock): Eraser {
  const deps: EraseDeps = {
    eraseSubscriber: subscribers.eraseSubscriber,
    // The outbox may hold messages of the time before another transport was configured.
    removeMessages: (ids) => deleteOutboxMessages(outboxDir(config), ids),
    record: (subscriberId, { actor, reason, at }) =>
      operators.recordAction(actor, { action: 'subscriber.erased', subscriberId, reason }, at),
  }
  return (id, action) => erase(id, action?.at ?? clock(), action, deps)
}
