import type { Config } from '../../config/config.ts'
import type { Day } from '../../src/domain/day.ts'
import type { Transport } from '../../src/mail/transport.ts'
import type { Verp } from '../../src/mail/verp.ts'
import type { Composer } from '../../src/pipeline/compose/compose.ts'
import type { Cohort, DispatchResult } from '../../src/pipeline/dispatch.ts'
import type { FeedbackModel } from '../../src/pipeline/feedback-model.ts'
import type { MaintenanceResult } from '../../src/pipeline/maintenance.ts'
import type { Metrics } from '../../src/pipeline/metrics.ts'
import type { PublishResult } from '../../src/pipeline/publish.ts'
import type { ReconcileResult } from '../../src/pipeline/reconcile.ts'
import type { SendResult } from '../../src/pipeline/send/send-job.ts'
import type { Clock } from '../../src/platform/clock.ts'
import type { Logger } from '../../src/platform/log.ts'
import type { QueueConnection } from '../../src/queue/connection.ts'
import type { Queues } from '../../src/queue/queues.ts'
import type { Links } from '../../src/security/signed-links.ts'
import type { Source } from '../../src/sources/source.ts'
import type { ProcessedSignUp } from '../../src/subscriptions/subscribe.ts'
import type { UnsubscribeDeps } from '../../src/subscriptions/unsubscribe.ts'
import type { Eraser } from '../erasing.ts'
import type { OpenLedger } from './ledger.ts'

/** Every part in its place: what the processes and the commands run on. */
export interface App {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly ledger: OpenLedger
  readonly links: Links
  readonly composer: Composer
  readonly transports: readonly Transport[]
  /** What this process counts of its own work. */
  readonly measures: Metrics
  readonly queues: Queues
  readonly queueConnection: QueueConnection
  /** Names this process in the claims that it makes. */
  readonly worker: { readonly id: string; readonly host: string; readonly pid: number }
  publish(day: Day, sources: readonly Source[]): Promise<PublishResult>
  dispatch(day: Day, cohort: Cohort, options: { waitForWindow: boolean }): Promise<DispatchResult>
  deliver(parcelId: string): Promise<SendResult>
  deliverTransactional(transactionalId: string): Promise<SendResult>
  processSignUp(signUpId: string): Promise<ProcessedSignUp>
  reconcile(scope: { readonly editions: boolean }): Promise<ReconcileResult>
  /** What is done once a day: months are opened ahead of need, and those over age dropped. */
  maintain(): Promise<MaintenanceResult>
  /** By which a letter is known when a provider or a mail server reports on it. */
  readonly verp: Verp
  readonly feedback: FeedbackModel
  /** What unsubscribing stands on, by page, click or mail. */
  readonly leaving: UnsubscribeDeps
  /** Applies the unsubscribes that came while the ledger did not answer. Costs next to nothing when there are none. */
  applyUnsubscribes(): Promise<number>
  /** Erases a subscriber from the ledger and the outbox. */
  readonly erase: Eraser
  close(): Promise<void>
}

export interface AppOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  /** In place of those that the configuration names, such as one that takes everything at once. */
  readonly transports?: readonly Transport[]
}
