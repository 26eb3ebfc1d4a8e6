import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { QUEUE_POOL_MAX } from '../config/limits.ts'
import { type Composer, createComposer } from '../src/compose.ts'
import type { Clock, Day } from '../src/day.ts'
import { type DeliverParts, type DeliverResult, deliver } from '../src/deliver.ts'
import { assembleDigest } from '../src/digest/assemble.ts'
import { compileDigest, templateVersion } from '../src/digest/compile.ts'
import { renderNotice } from '../src/digest/notice.ts'
import { presentEdition } from '../src/digest/present.ts'
import type { Brand } from '../src/digest/props.ts'
import { type DispatchResult, dispatch } from '../src/dispatch.ts'
import { takeUp } from '../src/join.ts'
import type { LeaveParts } from '../src/leave.ts'
import { openPool } from '../src/ledger/database.ts'
import { type Cohort, countOpen, readOpenEditions, writePage } from '../src/ledger/dispatching.ts'
import { readEarlierDays, readEdition, readEditionDays, saveEdition } from '../src/ledger/editions.ts'
import { forgetOld } from '../src/ledger/forgetting.ts'
import { readOpenSignUps } from '../src/ledger/joining.ts'
import { bindNotice, claimNotice, readIdleNotices, settleNotice } from '../src/ledger/notices.ts'
import { closeEmptyParcels, dismissWorkers, holdTransport, readHolds, readIdleParcels } from '../src/ledger/openwork.ts'
import { claimParcel, peekParcel } from '../src/ledger/parcels.ts'
import { wakeReaders } from '../src/ledger/pauses.ts'
import { applyWaiting, type Recorded, recordEvent } from '../src/ledger/provider-events.ts'
import { settleParcel } from '../src/ledger/settling.ts'
import { type TakenUp, takeUpSignUp } from '../src/ledger/taking-up.ts'
import type { Sender } from '../src/letter.ts'
import { createLetterMarks, type LetterMarks } from '../src/letter-mark.ts'
import { createLinks, type Links } from '../src/links.ts'
import { createLogger, type Logger } from '../src/log.ts'
import type { Transport } from '../src/mail/transport.ts'
import { createMeasures, type Measures } from '../src/measures.ts'
import { type NotifyResult, notify } from '../src/notify.ts'
import type { ProviderEvent } from '../src/provider-event.ts'
import { type PublishResult, publish } from '../src/publish.ts'
import { connectRedis, preparePostgresQueue, type QueueConnection } from '../src/queue/connection.ts'
import { openQueues, type Queues } from '../src/queue/queues.ts'
import { createChooser } from '../src/ranking/choose.ts'
import { explainAuthor, explainMatch, explainRank } from '../src/ranking/explain.ts'
import { rankByVotes } from '../src/ranking/trending.ts'
import { type ReconcileResult, reconcile } from '../src/reconcile.ts'
import { mergeListings } from '../src/sources/merge.ts'
import type { Source } from '../src/sources/source.ts'
import { addressHasher } from '../src/suppression.ts'
import { leavingPartsOf } from './leaving.ts'
import { type OpenLedger, openLedger } from './ledger.ts'
import { openTransports } from './transports.ts'

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
  deliver(parcelId: string): Promise<DeliverResult>
  notify(noticeId: string): Promise<NotifyResult>
  takeUp(signUpId: string): Promise<TakenUp>
  reconcile(scope: { readonly editions: boolean }): Promise<ReconcileResult>
  /** By which a letter is known when a provider or a mail server reports on it. */
  readonly marks: LetterMarks
  recordReport(event: ProviderEvent, at: Date): Promise<Recorded>
  /** What unsubscribing stands on, by page, click or mail. */
  readonly leaving: LeaveParts
  close(): Promise<void>
}

export interface AppOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly log?: Logger
}

/** Opens everything that the configuration names. Throws a Fault when a part cannot be reached; nothing is left open. */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const clock = options.clock ?? (() => new Date())
  const random = options.random ?? Math.random
  const log = options.log ?? createLogger(config.logLevel)
  const ledger = await openLedger(config)
  try {
    const connection = await openQueueConnection(config, ledger)
    const queues = openQueues(connection.queue, { clock, random })
    const measures = createMeasures(clock)
    const transports = (await openTransports(config)).map((transport) => measures.watch(transport))
    const links = createLinks(config.publicUrl, ledger.tokens)
    const marks = createLetterMarks(ledger.tokens, config.bounces.address)
    const composer = makeComposer(config, ledger, links, marks)
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
      leaving: leavingPartsOf(ledger, queues, clock),
      ...bindStories({ config, clock, random, ledger, links, marks, composer, transports, queues, worker: worker.id }),
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

/** The words that stand on every mail and page of this installation. */
export function brandOf(config: Config): Brand {
  return {
    name: config.mail.from.name ?? 'Paperround',
    publicUrl: config.publicUrl,
    postalAddress: config.mail.postalAddress,
  }
}

export function senderOf(config: Config, marks: LetterMarks): Sender {
  const { from, replyTo, listId, leaveBox } = config.mail
  return { from, replyTo, listId, listName: from.name ?? 'Paperround', leaveBox, marks }
}

interface StoryParts {
  readonly config: Config
  readonly clock: Clock
  readonly random: () => number
  readonly ledger: OpenLedger
  readonly links: Links
  readonly marks: LetterMarks
  readonly composer: Composer
  readonly transports: readonly Transport[]
  readonly queues: Queues
  readonly worker: string
}

function bindStories(
  parts: StoryParts,
): Pick<App, 'publish' | 'dispatch' | 'deliver' | 'notify' | 'takeUp' | 'reconcile'> {
  const { config, clock, ledger, queues } = parts
  const { db } = ledger
  const addSendJobs = (ids: readonly string[], at?: Date) =>
    queues.add(
      'send',
      ids.map((parcelId) => ({ parcelId })),
      at,
    )
  const addNoticeJobs = (ids: readonly string[]) =>
    queues.add(
      'notice',
      ids.map((noticeId) => ({ noticeId })),
    )
  const deliverParts = deliverPartsOf(parts)
  return {
    publish: (day, sources) =>
      publish(day, {
        sources,
        merge: mergeListings,
        rank: rankByVotes,
        explain: explainRank,
        save: (draft) => saveEdition(db, draft),
        clock,
      }),
    dispatch: (day, cohort, { waitForWindow }) =>
      dispatch(day, cohort, {
        wake: (order) => wakeReaders(db, order),
        writePage: (order) => writePage(db, order),
        countOpen: (of) => countOpen(db, of),
        addSendJobs,
        parcelSize: config.mail.parcelSize ?? parts.transports[0]?.parcelSize ?? 1,
        newParcelId: randomUUID,
        clock,
        pause: (ms) => pause(ms),
        waitForWindow,
      }),
    deliver: (parcelId) => deliver(parcelId, deliverParts),
    notify: (noticeId) =>
      notify(noticeId, {
        worker: parts.worker,
        transports: parts.transports,
        claim: (order) => claimNotice(db, order, addressHasher(ledger.tokens)),
        bind: (notice, transport) => bindNotice(db, notice, transport),
        settle: (notice, settlement) => settleNotice(db, notice, settlement),
        readHolds: () => readHolds(db, clock()),
        render: (props) => renderNotice(props, config.mail.template),
        links: parts.links,
        brand: brandOf(config),
        sender: senderOf(config, parts.marks),
        clock,
      }),
    takeUp: (signUpId) =>
      takeUp(signUpId, {
        takeUp: (id) => takeUpSignUp(db, { id, at: clock(), newId: randomUUID }),
        addNoticeJobs,
      }),
    reconcile: (scope) =>
      reconcile(
        {
          closeEmptyParcels: () => closeEmptyParcels(db),
          readIdleParcels: (order) => readIdleParcels(db, order),
          readIdleNotices: (order) => readIdleNotices(db, order),
          readOpenEditions: (now) => readOpenEditions(db, now),
          dismissSilentWorkers: (silentBefore) => dismissWorkers(db, { silentBefore }),
          applyWaiting: (limit, at) => applyWaiting(db, limit, { at, hashOf: addressHasher(ledger.tokens) }),
          addSendJobs,
          readOpenSignUps: (limit) => readOpenSignUps(db, limit),
          forgetOld: (now, limit) => forgetOld(db, now, limit),
          addNoticeJobs,
          addSignUpJobs: (ids) =>
            queues.add(
              'signup',
              ids.map((signUpId) => ({ signUpId })),
            ),
          addDispatchJobs: (days) =>
            queues.add(
              'dispatch',
              days.map((day) => ({ day })),
            ),
          clock,
        },
        scope,
      ),
  }
}

function deliverPartsOf({ config, clock, random, ledger, composer, transports, worker }: StoryParts): DeliverParts {
  const { db } = ledger
  return {
    worker,
    transports,
    composer,
    peek: (parcelId) => peekParcel(db, parcelId),
    claim: (order) => claimParcel(db, order),
    settle: (order) => settleParcel(db, order),
    readHolds: () => readHolds(db, clock()),
    hold: (transport, until, reason) => holdTransport(db, transport, until, reason),
    lostAnswer: config.smtp.uncertain,
    newParcelId: randomUUID,
    clock,
    random,
  }
}

function makeComposer(config: Config, { db, tokens }: OpenLedger, links: Links, marks: LetterMarks): Composer {
  return createComposer({
    readEdition: (day) => readEdition(db, day),
    readEditionDays: (from, to) => readEditionDays(db, from, to),
    readEarlierDays: (ids, day) => readEarlierDays(db, ids, day),
    present: presentEdition,
    compile: (props) => compileDigest(props, config.mail.template),
    assemble: assembleDigest,
    createChooser,
    explainRank,
    explainMatch,
    explainAuthor,
    links,
    brand: brandOf(config),
    sender: senderOf(config, marks),
    keyId: tokens.keyId,
    template: templateVersion(config.mail.template),
  })
}

/** Opens whichever queue the configuration names. */
export async function openQueueConnection(
  config: Config,
  ledger: OpenLedger,
): Promise<{ queue: QueueConnection; close(): Promise<void> }> {
  if (config.redisUrl !== null) {
    const queue = await connectRedis(config.redisUrl)
    return {
      queue,
      close: async () => {
        if (queue.kind === 'redis') queue.redis.disconnect()
      },
    }
  }
  const pool = openPool(ledger.address, { schema: 'bullmq', max: QUEUE_POOL_MAX })
  return { queue: await preparePostgresQueue(pool), close: () => pool.end() }
}
