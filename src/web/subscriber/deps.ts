import type { FeedbackProfile } from '../../domain/feedback-profile.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Composer } from '../../pipeline/compose/compose.ts'
import type { Logger } from '../../platform/log.ts'
import type { Tokens } from '../../security/tokens.ts'
import type { UnsubscribeDeps } from '../../subscriptions/unsubscribe.ts'

/** What the pages that a token opens are made of. */
export interface SubscriberPagesDeps {
  readonly ledger: Stores
  readonly tokens: Tokens
  readonly composer: Composer
  readonly leaving: UnsubscribeDeps
  /** Learns from a reader’s marks, and keeps what they taught. */
  readonly learn: (subscriberId: string) => Promise<FeedbackProfile | null>
  /** Hands notices that are written to the queue. */
  readonly sendTransactionals: (transactionalIds: readonly string[]) => Promise<void>
  readonly newId: () => string
  readonly log: Logger
  /** Erases a subscriber on their own word; false when they were erased already. */
  readonly erase: (subscriberId: string) => Promise<boolean>
}
