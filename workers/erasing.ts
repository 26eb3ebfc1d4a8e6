import type { Config } from '../config/config.ts'
import { recordAct } from '../src/ledger/operators/audit.ts'
import { eraseSubscriber } from '../src/ledger/subscribers/erase.ts'
import { removeMessages } from '../src/mail/outbox-removal.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type EraseDeps, type ErasureDeed, erase } from '../src/subscriptions/erase.ts'
import type { OpenLedger } from './app/ledger.ts'
import { outboxDir } from './app/transports.ts'

/** Erases a subscriber, by whichever door: their preferences, the operator's pages, or a command. */
export type Erase = (subscriberId: string, deed: ErasureDeed | null) => Promise<boolean>

export function makeErase(config: Config, { db }: Pick<OpenLedger, 'db'>, clock: Clock): Erase {
  const deps: EraseDeps = {
    eraseSubscriber: (id, at) => eraseSubscriber(db, id, at),
    // Also where another transport is configured now: earlier letters may lie there.
    removeMessages: (ids) => removeMessages(outboxDir(config), ids),
    record: (subscriberId, { actor, reason, at }) =>
      recordAct(db, actor, { action: 'subscriber.erased', subscriberId, reason }, at),
  }
  return (id, deed) => erase(id, deed?.at ?? clock(), deed, deps)
}
