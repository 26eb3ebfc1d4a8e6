import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import type { Day } from '../../src/domain/day.ts'
import { monthsOf } from '../../src/domain/month.ts'
import { retryWhileUnavailable } from '../../src/ledger/connection/reconnecting-pool.ts'
import { claimParcel, findParcel } from '../../src/ledger/deliveries/claim.ts'
import { applyWaiting } from '../../src/ledger/deliveries/provider-events.ts'
import { settleParcel } from '../../src/ledger/deliveries/settle.ts'
import { requeueRefused } from '../../src/ledger/deliveries/take-back.ts'
import {
  claimTransactional,
  findTransactional,
  readIdleTransactionals,
  settleTransactional,
} from '../../src/ledger/deliveries/transactional.ts'
import {
  closeEmptyParcels,
  deregisterWorkers,
  forgetPause,
  pauseTransport,
  readIdleParcels,
  readPauses,
} from '../../src/ledger/dispatch/open-work.ts'
import { allocateQuota } from '../../src/ledger/dispatch/warmup.ts'
import { countOpen, readOpenEditions, writePage } from '../../src/ledger/dispatch/write-page.ts'
import { readKnownPapers, saveEdition } from '../../src/ledger/editions/editions.ts'
import { readExcludedPapers, readRequestedDays, saveAwaitedLists } from '../../src/ledger/editions/lists.ts'
import { claimVotesRefresh, readFirstSignals, saveVotes } from '../../src/ledger/editions/votes.ts'
import { analyzeDeliveries, deleteEmptyParcels, dropMonth } from '../../src/ledger/maintenance/drop-month.ts'
import { openMonths, readMonths } from '../../src/ledger/maintenance/partitions.ts'
import { prune } from '../../src/ledger/maintenance/prune.ts'
import { pruneReports } from '../../src/ledger/maintenance/prune-reports.ts'
import { processOpenSignUp } from '../../src/ledger/signups/open-signup.ts'
import { readOpenSignUps } from '../../src/ledger/signups/signups.ts'
import { resumeDueSubscribers } from '../../src/ledger/subscribers/pauses.ts'
import { deleteOutboxMessages } from '../../src/mail/outbox-removal.ts'
import type { Transport } from '../../src/mail/transport.ts'
import type { Verp } from '../../src/mail/verp.ts'
import type { Composer } from '../../src/pipeline/compose/compose.ts'
import { type DeliverDeps, deliver } from '../../src/pipeline/deliver.ts'
import { deliverTransactional } from '../../src/pipeline/deliver-transactional.ts'
import { dispatch } from '../../src/pipeline/dispatch.ts'
import type { FeedbackModel } from '../../src/pipeline/feedback-model.ts'
import { maintain } from '../../src/pipeline/maintenance.ts'
import { publish } from '../../src/pipeline/publish.ts'
import { reconcile } from '../../src/pipeline/reconcile.ts'
import { refreshVotes } from '../../src/pipeline/refresh-votes.ts'
import type { SendDeps } from '../../src/pipeline/send/attempt.ts'
import { createBreaker } from '../../src/pipeline/send/breaker.ts'
import type { Clock } from '../../src/platform/clock.ts'
import type { Logger } from '../../src/platform/log.ts'
import type { Queues } from '../../src/queue/queues.ts'
import { explainLate, explainRank } from '../../src/ranking/explain.ts'
import { rankByVotes } from '../../src/ranking/trending.ts'
import { renderTransactional } from '../../src/rendering/transactional.ts'
import { addressHasher } from '../../src/security/address-hash.ts'
import type { Links } from '../../src/security/signed-links.ts'
import { mergeListings } from '../../src/sources/merge.ts'
import { processSignUp } from '../../src/subscriptions/subscribe.ts'
import type { App } from './app.ts'
import { brandOf, senderOf } from './brand.ts'
import type { OpenLedger } from './ledger.ts'
import { openSources } from './sources.ts'
import { outboxDir } from './transports.ts'

/** What the stories are made of. */
export interface StoryDeps {
  readonly config: Config
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly ledger: OpenLedger
  readonly links: Links
  readonly marks: Verp
  readonly composer: Composer
  readonly transports: readonly Transport[]
  readonly queues: Queues
  readonly learning: FeedbackModel
  readonly worker: string
  /** Before anything is dispatched or sent: who left while the ledger did not answer must get nothing. */
  readonly applyUnsubscribes: () => Promise<number>
}

/** Each story with its parts in hand. */
export function bindStories(
  deps: StoryDeps,
): Pick<App, 'publish' | 'dispatch' | 'deliver' | 'deliverTransactional' | 'processSignUp' | 'reconcile' | 'maintain'> {
  const { config, clock, ledger, queues } = deps
  const { db } = ledger
  const addSendJobs = (ids: readonly string[], at?: Date) =>
    queues.add(
      'send',
      ids.map((parcelId) => ({ parcelId })),
      at,
    )
  const addTransactionalJobs = (ids: readonly string[]) =>
    queues.add(
      'notice',
      ids.map((transactionalId) => ({ transactionalId })),
    )
  const sendDeps = sendDepsOf(deps)
  const deliverParts = deliverPartsOf(deps, sendDeps)
  return {
    publish: (day, sources) =>
      publish(day, {
        sources,
        merge: mergeListings,
        rank: rankByVotes,
        explain: explainRank,
        explainLate,
        readRequestedDays: (from, to) => readRequestedDays(db, from, to),
        readLeftOut: (ids, before) => readExcludedPapers(db, ids, before),
        saveAwaitedLists: (list) => retryWhileUnavailable(() => saveAwaitedLists(db, list)),
        readFirstSignals: (ids) => readFirstSignals(db, ids),
        readKnown: (ids, before) => readKnownPapers(db, ids, before),
        save: async (draft) => {
          // Without them its letters stand in `deliveries_other` for a while; that is no reason not to publish.
          await openMonths(db, monthsOf(draft.day)).catch(() => [])
          return retryWhileUnavailable(() =>
            saveEdition(db, draft, {
              needsApproval: config.edition.approval === 'required',
              canaryPercent: config.edition.canaryPercent,
            }),
          )
        },
        clock,
      }),
    dispatch: async (day, cohort, { waitForWindow }) => {
      await deps.applyUnsubscribes()
      return dispatch(day, cohort, {
        // All of these may be repeated: the second time they find nothing left to do.
        wake: (order) => retryWhileUnavailable(() => resumeDueSubscribers(db, order)),
        allocateQuota: async (of, subscribers) => {
          const { warmUp } = config.mail
          if (warmUp === null) return null
          return {
            ...(await retryWhileUnavailable(() => allocateQuota(db, { day: of, cohort: subscribers, warmUp }))),
            warmUp,
          }
        },
        reread: (of) => retryWhileUnavailable(() => rereadVotes(of, deps)),
        writePage: (order) => retryWhileUnavailable(() => writePage(db, order)),
        countOpen: (of, at) => countOpen(db, of, at),
        addSendJobs: (ids) => retryWhileUnavailable(() => addSendJobs(ids)),
        parcelSize: parcelSizeOf(deps),
        newParcelId: randomUUID,
        clock,
        pause: (ms) => pause(ms),
        waitForWindow,
      })
    },
    deliver: async (parcelId) => {
      await deps.applyUnsubscribes()
      return deliver(parcelId, deliverParts)
    },
    deliverTransactional: (transactionalId) =>
      deliverTransactional(transactionalId, {
        ...sendDeps,
        find: (id) => findTransactional(db, id),
        claim: (order) => claimTransactional(db, order, addressHasher(ledger.tokens)),
        settle: (transactional, settlement) => settleTransactional(db, transactional, settlement),
        giveUpHours: config.mail.giveUpHours,
        render: (props) => renderTransactional(props, config.mail.template),
        links: deps.links,
        brand: brandOf(config),
        sender: senderOf(config, deps.marks),
      }),
    processSignUp: (signUpId) =>
      processSignUp(signUpId, {
        process: (id) => processOpenSignUp(db, { id, at: clock(), newId: randomUUID }),
        addTransactionalJobs,
      }),
    maintain: () =>
      maintain({
        openMonths: (months) => openMonths(db, months),
        readMonths: () => readMonths(db),
        dropMonth: (month, at) => dropMonth(db, month, at),
        deleteEmptyParcels: (limit) => deleteEmptyParcels(db, limit),
        pruneReports: (at, limit) => pruneReports(db, at, limit),
        analyze: () => analyzeDeliveries(db),
        retentionMonths: config.retentionMonths,
        clock,
      }),
    reconcile: (scope) =>
      reconcile(
        {
          applyUnsubscribes: deps.applyUnsubscribes,
          closeEmptyParcels: () => closeEmptyParcels(db),
          readIdleParcels: (order) => readIdleParcels(db, order),
          readIdleTransactionals: (order) => readIdleTransactionals(db, order),
          readOpenEditions: (now) => readOpenEditions(db, now),
          deregisterSilentWorkers: (silentBefore) => deregisterWorkers(db, { silentBefore }),
          applyWaiting: (limit, at) => applyWaiting(db, limit, { at, hashOf: addressHasher(ledger.tokens) }),
          addSendJobs,
          readOpenSignUps: (limit) => readOpenSignUps(db, limit),
          updateDueProfiles: () => deps.learning.updateDueProfiles(),
          prune: async (now, limit) => {
            const { messageIds } = await prune(db, now, limit)
            await deleteOutboxMessages(outboxDir(config), messageIds)
          },
          addTransactionalJobs,
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

/** What the sources of the day’s edition say now; a source that is down is told, and stops nothing. */
async function rereadVotes(day: Day, { config, clock, ledger, log }: StoryDeps): Promise<void> {
  const result = await refreshVotes(day, {
    claimRefresh: (of, at) => claimVotesRefresh(ledger.db, of, at),
    sources: openSources(config.edition.sources, config, clock),
    readAskedDays: (from, to) => readRequestedDays(ledger.db, from, to),
    saveReading: (of, at, signals) => saveVotes(ledger.db, of, at, signals),
    clock,
  })
  if (result.kind === 'failed') log.warn({ day, reason: result.reason }, 'the votes could not be read again')
  else log.info({ day, result: result.kind }, 'votes')
}

function deliverPartsOf({ config, ledger, composer }: StoryDeps, sendDeps: SendDeps): DeliverDeps {
  const { db } = ledger
  return {
    ...sendDeps,
    composer,
    find: (parcelId) => findParcel(db, parcelId),
    claim: (order) => claimParcel(db, order),
    settle: (order) => settleParcel(db, order),
    giveUpHours: config.mail.giveUpHours,
    newParcelId: randomUUID,
  }
}

function parcelSizeOf({ config, transports }: StoryDeps): number {
  return config.mail.parcelSize ?? transports[0]?.parcelSize ?? 1
}

/** The parts of one attempt, for digests and transactional mails alike. */
function sendDepsOf(deps: StoryDeps): SendDeps {
  const { config, clock, random, transports, worker } = deps
  const { db } = deps.ledger
  return {
    worker,
    inHand: new Set(),
    transports,
    readPauses: () => readPauses(db),
    pauseTransport: (order) => pauseTransport(db, order),
    forgetPause: (transport, at) => forgetPause(db, transport, at),
    breaker: createBreaker(),
    requeueRefused: (messages, at) =>
      requeueRefused(db, messages, { at, parcelSize: parcelSizeOf(deps), newParcelId: randomUUID }),
    lostAnswer: config.smtp.uncertain,
    parcelSize: config.mail.parcelSize,
    clock,
    random,
    sleep: (ms) => pause(ms),
  }
}
