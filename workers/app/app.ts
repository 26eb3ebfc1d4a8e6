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
import type { Logger } from '../../src/platform/log/log.ts'
import type { QueueConnection } from '../../src/queue/connection.ts'
import type { Queues } from '../../src/queue/queues.ts'
import type { Links } from '../../src/security/signed-links.ts'
import type { Source } from '../../src/sources/source.ts'
import type { ProcessedSignUp } from '../../src/subscriptions/subscribe.ts'
import type { UnsubscribeDeps } from '../../src/subscriptions/unsubscribe.ts'
import type { Eraser } from '../erasing.ts'
import type { OpenLedger } from './ledger.ts'
import type { Tracing } from './tracing/tracing.ts'

/** The stories with their stores and services. All processes and commands use it. */
export interface App {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly ledger: OpenLedger
  readonly links: Links
  readonly composer: Composer
  readonly transports: readonly Transport[]
  /** Counts the work of this process. */
  readonly metrics: Metrics
  readonly queues: Queues
  readonly queueConnection: QueueConnection
  /** Identifies this process in its claims. */
  readonly worker: { readonly id: string; readonly host: string; readonly pid: number }
  /** Runs work as a span of a trace, or only runs it when nothing is traced. */
  readonly traced: Tracing['span']
  publish(day: Day, sources: readonly Source[]): Promise<PublishResult>
  dispatch(day: Day, cohort: Cohort, options: { waitForWindow: boolean }): Promise<DispatchResult>
  deliver(parcelId: string): Promise<SendResult>
  deliverTransactional(transactionalId: string): Promise<SendResult>
  /** Stops or continues the beginning of calls. Messages that are claimed but not called go back to the queue. */
  stopCalls(stop: boolean): void
  processSignUp(signUpId: string): Promise<ProcessedSignUp>
  reconcile(scope: { readonly editions: boolean }): Promise<ReconcileResult>
  /** Opens the partitions of coming months and drops those that are over age. Runs once a day. */
  maintain(): Promise<MaintenanceResult>
  /** Signs messages, so that the reports of providers and mail servers can be matched to them. */
  readonly verp: Verp
  readonly feedback: FeedbackModel
  /** The services of unsubscribing, for the page, one-click and mail. */
  readonly unsubscribing: UnsubscribeDeps
  /** Applies the unsubscribes that came while the ledger did not answer. It is cheap when there are none. */
  applyUnsubscribes(): Promise<number>
  /** Erases a subscriber from the ledger and the outbox. */
  readonly erase: Eraser
  close(): Promise<void>
}

export interface AppOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  /** Replaces the configured transports, for example in a measurement. */
  readonly transports?: readonly Transport[]
}
