import type { Day } from '../../domain/day.ts'
import type { AdminContext } from '../../ledger/operators/audit.ts'
import type { SendingRules } from '../../ledger/reports/waiting.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Logger } from '../../platform/log.ts'
import type { PasswordCheck } from '../../security/password.ts'
import type { Tokens } from '../../security/tokens.ts'

/** What the operator's pages are made of; workers/web.ts fills it. */
export interface AdminDeps {
  readonly ledger: Stores
  readonly tokens: Tokens
  readonly log: Logger
  readonly checkPassword: PasswordCheck
  /** null: no code is asked for. */
  readonly totpSecret: Buffer | null
  /** Whether readers reach the site over HTTPS: then cookies are for HTTPS only. */
  readonly secure: boolean
  /** Today where editions are made. */
  readonly today: () => Day
  readonly parcelSize: number
  readonly sendingRules: SendingRules
  readonly newParcelId: () => string
  /** Erases a subscriber; false when they were erased already. */
  readonly erase: (subscriberId: string, action: AdminContext) => Promise<boolean>
  readonly addSendJobs: (parcelIds: readonly string[]) => Promise<void>
  /** Has what an operator set free found by the workers at once. */
  readonly wake: () => Promise<void>
  readonly readQueues: () => Promise<readonly QueueState[]>
}

export interface QueueState {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  /** When the job that has waited longest was added. */
  readonly oldestAt: Date | null
}
