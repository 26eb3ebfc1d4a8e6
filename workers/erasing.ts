import type { Config } from '../config/config.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type ErasureAction, erase } from '../src/subscriptions/erase.ts'
import type { OpenLedger } from './app/ledger.ts'
import { outboxDir } from './app/transports.ts'

/** Erases a subscriber, for the preferences page, the admin and the command line. */
export type Eraser = (subscriberId: string, action: ErasureAction | null) => Promise<boolean>

export function createEraser(config: Config, { operators, subscribers }: OpenLedger, clock: Clock): Eraser {
  const deps = { operators, subscribers, outboxDir: outboxDir(config) }
  return (id, action) => erase(id, action?.at ?? clock(), action, deps)
}
