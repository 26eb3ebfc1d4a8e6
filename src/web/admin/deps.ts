import type { Secret } from 'otpauth'
import type { Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { AdminContext } from '../../ledger/operators/audit.ts'
import type { SendingRules } from '../../ledger/reports/waiting.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { ViewedDigest } from '../../pipeline/look/compose-view.ts'
import type { DigestReader } from '../../pipeline/look/readers.ts'
import type { TestSendRequest, TestSendResult } from '../../pipeline/look/test-send.ts'
import type { Ahead } from '../../pipeline/state/subscribers-ahead.ts'
import type { Logger } from '../../platform/log/log.ts'
import type { EditionChecks } from '../../preview/edition-checks.ts'
import type { PasswordCheck } from '../../security/password.ts'
import type { Tokens } from '../../security/tokens.ts'

/** Dependencies of the admin pages. workers/web.ts provides them. */
export interface AdminDeps {
  readonly ledger: Stores
  readonly tokens: Tokens
  readonly log: Logger
  /** Checks ADMIN_PASSWORD, which opens Admin until the first owner exists. Null when it is not set. */
  readonly checkPassword: PasswordCheck | null
  /** Null when no second factor is configured. */
  readonly totpSecret: Secret | null
  /** Whether the site is served over HTTPS. Cookies are then sent over HTTPS only. */
  readonly secure: boolean
  /** Returns the current day in the time zone of the editions. */
  readonly today: () => Day
  readonly parcelSize: number
  readonly sendingRules: SendingRules
  readonly look: Look
  /** The names of the configured transports, in order of preference. */
  readonly transports: readonly string[]
  /** How many digests the warm-up of the sending domain allows today; null: all. */
  readonly warmUpAllowance: () => number | null
  readonly newParcelId: () => string
  /** Erases a subscriber. Returns false when they were already erased. */
  readonly erase: (subscriberId: string, action: AdminContext) => Promise<boolean>
  readonly newId: () => string
  /** Queues stored transactional emails. */
  readonly sendTransactionals: (ids: readonly string[]) => Promise<void>
  readonly addSendJobs: (parcelIds: readonly string[]) => Promise<void>
  /** Makes the workers look for work now. */
  readonly wake: () => Promise<void>
  readonly readQueues: () => Promise<readonly QueueState[]>
}

/** The services for an operator who looks at an edition before it is sent. */
export interface Look {
  /** Composes the digest of a reader, with links that change nothing. */
  readonly compose: (day: Day, reader: DigestReader) => Promise<ViewedDigest>
  /** Finds a subscriber by number or by address. */
  readonly findReader: (numberOrAddress: string) => Promise<DigestReader | null>
  /** Returns the papers with these ids, in this order. */
  readonly readPapers: (ids: readonly string[]) => Promise<readonly Paper[]>
  readonly checks: EditionChecks
  readonly forecast: (
    day: Day,
    edition: { readonly revision: number; readonly canaryPercent: number },
  ) => Promise<Ahead>
  readonly testSend: (request: TestSendRequest) => Promise<TestSendResult>
}

export interface QueueState {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  /** When the oldest waiting job was added. */
  readonly oldestAt: Date | null
}
