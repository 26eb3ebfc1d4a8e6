import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Composer } from '../../pipeline/compose/compose.ts'
import type { SampleResult } from '../../pipeline/send-sample.ts'
import type { Logger } from '../../platform/log/log.ts'
import type { Tokens } from '../../security/tokens.ts'
import type { InterestPreviews } from '../../subscriptions/interests/interest-preview.ts'
import type { UnsubscribeDeps } from '../../subscriptions/unsubscribe.ts'

/** Dependencies of the pages that a token opens. */
export interface SubscriberPagesDeps {
  readonly ledger: Stores
  readonly tokens: Tokens
  readonly composer: Composer
  readonly interests: InterestPreviews
  readonly unsubscribe: UnsubscribeDeps
  /** Updates a subscriber’s feedback profile and returns it. */
  readonly updateFeedbackProfile: (subscriberId: string) => Promise<FeedbackProfile | null>
  /** Queues stored transactional emails. */
  readonly sendTransactionals: (transactionalIds: readonly string[]) => Promise<void>
  /** Sends a sample of the newest digest, at most one a day. */
  readonly sendSample: (subscriber: Subscriber) => Promise<SampleResult>
  readonly newId: () => string
  readonly log: Logger
  /** Erases a subscriber at their request. Resolves with false when they were already erased. */
  readonly erase: (subscriberId: string) => Promise<boolean>
}
