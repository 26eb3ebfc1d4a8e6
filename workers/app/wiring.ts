import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { Clock, Day } from '../../src/domain/day.ts'
import { addressHasher } from '../../src/domain/suppression.ts'
import { type Recorded, recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import type { Cohort } from '../../src/ledger/dispatch/due-subscribers.ts'
import { dismissWorkers } from '../../src/ledger/dispatch/open-work.ts'
import type { TakenUp } from '../../src/ledger/signups/open-signup.ts'
import type { ProviderEvent } from '../../src/mail/provider-event.ts'
import type { Transport } from '../../src/mail/transport.ts'
import { createLetterMarks, type LetterMarks } from '../../src/mail/verp.ts'
import type { Composer } from '../../src/pipeline/compose/compose.ts'
import type { DispatchResult } from '../../src/pipeline/dispatch.ts'
import type { Learning } from '../../src/pipeline/feedback-model.ts'
import type { UpkeepResult } from '../../src/pipeline/maintenance.ts'
import { createMeasures, type Measures } from '../../src/pipeline/metrics.ts'
import type { PublishResult } from '../../src/pipeline/publish.ts'
import type { ReconcileResult } from '../../src/pipeline/reconcile.ts'
import type { SendResult } from '../../src/pipeline/send/send-job.ts'
import { createLogger, type Logger } from '../../src/platform/log.ts'
import type { QueueConnection } from '../../src/queue/connection.ts'
import { openQueues, type Queues } from '../../src/queue/queues.ts'
import { createLinks, type Links } from '../../src/security/signed-links.ts'
import type { Source } from '../../src/sources/source.ts'
import { deferredUnsubscribes } from '../../src/subscriptions/deferred-unsubscribes.ts'
import { type LeaveParts, leaveNow } from '../../src/subscriptions/unsubscribe.ts'
import { type Erase, makeErase } from '../erasing.ts'
import { makeComposer } from './composer.ts'
import { makeLearning } from './feedback-model.ts'
import { type OpenLedger, openLedger } from './ledger.ts'
import { openQueueConnection } from './queue.ts'
import { bindStories } from './stories.ts'
import { openTransports } from './transports.ts'
import { leavingPartsOf } from './web/unsubscribe.ts'

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
  readonly measures: Measures
  readonly queues: Queues
  readonly queueConnection: QueueConnection
  /** Names this process in the claims that it makes. */
  readonly worker: { readonly id: string; readonly host: string; readonly pid: number }
  publish(day: Day, sources: readonly Source[]): Promise<PublishResult>
  dispatch(day: Day, cohort: Cohort, options: { waitForWindow: boolean }): Promise<DispatchResult>
  deliver(parcelId: string): Promise<SendResult>
  notify(noticeId: string): Promise<SendResult>
  takeUp(signUpId: string): Promise<TakenUp>
  reconcile(scope: { readonly editions: boolean }): Promise<ReconcileResult>
  /** What is done once a day: months are opened ahead of need, and those over age dropped. */
  keepUp(): Promise<UpkeepResult>
  /** By which a letter is known when a provider or a mail server reports on it. */
  readonly marks: LetterMarks
  recordReport(event: ProviderEvent, at: Date): Promise<Recorded>
  readonly learning: Learning
  /** What unsubscribing stands on, by page, click or mail. */
  readonly leaving: LeaveParts
  /** Applies the unsubscribes that came while the ledger did not answer. Costs next to nothing when there are none. */
  applyUnsubscribes(): Promise<number>
  /** Erases a subscriber from the ledger and the outbox. */
  readonly erase: Erase
  close(): Promise<void>
}

export interface AppOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
  /** In place of those that the configuration names, such as one that takes everything at once. */
  readonly transports?: readonly Transport[]
}

const POOLED =
  'DATABASE_URL leads to a pooler in transaction mode: a host that is cut off keeps its rows locked, as our time limit for silent transactions does not last'

/** Opens everything that the configuration names. Throws a Fault when a part cannot be reached; nothing is left open. */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const clock = options.clock ?? (() => new Date())
  const random = options.random ?? Math.random
  const log = options.log ?? createLogger(config.logLevel)
  const ledger = await openLedger(config)
  if (ledger.isPooled) log.warn(POOLED)
  try {
    const connection = await openQueueConnection(config, ledger)
    const queues = openQueues(connection.queue, { clock, random })
    const measures = createMeasures(clock)
    const transports = (options.transports ?? (await openTransports(config, clock))).map((transport) =>
      measures.watch(transport),
    )
    const links = createLinks(config.publicUrl, ledger.tokens)
    const marks = createLetterMarks(ledger.tokens, config.bounces.address)
    const composer = makeComposer(config, ledger, links, marks)
    const learning = makeLearning(ledger, clock)
    const deferred = deferredUnsubscribes(join(config.dataDir, 'unsubscribes'), log)
    const leaving = leavingPartsOf(ledger, { queues, clock, deferred, log })
    const applyUnsubscribes = () =>
      deferred.applyAll(async (wish) => void (await leaveNow(wish, leaving, { deferred: true })))
    const worker = {
      id: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      host: hostname(),
      pid: process.pid,
    }
    return {
      config,
      clock,
      log,
      ledger,
      links,
      composer,
      transports,
      measures,
      queues,
      queueConnection: connection.queue,
      worker,
      marks,
      recordReport: (event, at) => recordEvent(ledger.db, event, { at, hashOf: addressHasher(ledger.tokens) }),
      learning,
      leaving,
      applyUnsubscribes,
      erase: makeErase(config, ledger, clock),
      ...bindStories({
        config,
        clock,
        random,
        log,
        ledger,
        links,
        marks,
        composer,
        transports,
        queues,
        learning,
        worker: worker.id,
        applyUnsubscribes,
      }),
      async close() {
        await queues.close()
        await Promise.all(transports.map((transport) => transport.close()))
        await connection.close()
        await dismissWorkers(ledger.db, { id: worker.id }).catch(() => {})
        await ledger.close()
      },
    }
  } catch (error) {
    await ledger.close()
    throw error
  }
}
