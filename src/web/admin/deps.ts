import type { Secret } from 'otpauth'
import type { Day } from '../../domain/day.ts'
import type { AdminContext } from '../../ledger/operators/audit.ts'
import type { SendingRules } from '../../ledger/reports/waiting.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Logger } from '../../platform/log.ts'
import type { PasswordCheck } from '../../security/password.ts'
import type { Tokens } from '../../security/tokens.ts'

/** Dependencies of the admin pages. workers/web.ts provides them. */
export interface AdminDeps {
  readonly ledger: Stores
  readonly tokens: Tokens
  readonly log: Logger
  readonly checkPassword: PasswordCheck
  /** Null when no second factor is configured. */
  readonly totpSecret: Secret | null
  /** Whether the site is served over HTTPS. Cookies are then sent over HTTPS only. */
  readonly secure: boolean
  /** Returns the current day in the time zone of the editions. */
  readonly today: () => Day
  readonly parcelSize: number
  readonly sendingRules: SendingRules
  readonly newParcelId: () => string
  /** Erases a subscriber. Returns false when they were already erased. */
  readonly erase: (subscriberId: string, action: AdminContext) => Promise<boolean>
  readonly addSendJobs: (parcelIds: readonly string[]) => Promise<void>
  /** Makes the workers look for work now. */
  readonly wake: () => Promise<void>
  readonly readQueues: () => Promise<readonly QueueState[]>
}

export interface QueueState {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  /** When the oldest waiting job was added. */
  readonly oldestAt: Date | null
}
