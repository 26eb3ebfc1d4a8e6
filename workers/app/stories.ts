import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import type { Day } from '../../src/domain/day.ts'
import { retryWhileUnavailable } from '../../src/ledger/connection/reconnecting-pool.ts'
import type { Transport } from '../../src/mail/transport.ts'
import type { Verp } from '../../src/mail/verp.ts'
import type { BrandVersions, Composer } from '../../src/pipeline/compose/compose.ts'
import { deliver } from '../../src/pipeline/deliver.ts'
import { deliverTransactional } from '../../src/pipeline/deliver-transactional.ts'
import { type DispatchDeps, dispatch } from '../../src/pipeline/dispatch.ts'
import type { FeedbackModel } from '../../src/pipeline/feedback-model.ts'
import { maintain } from '../../src/pipeline/maintenance.ts'
import { publish } from '../../src/pipeline/publish.ts'
import { reconcile } from '../../src/pipeline/reconcile.ts'
import { refreshVotes } from '../../src/pipeline/refresh-votes.ts'
import { parcelSizeOf } from '../../src/pipeline/send/attempt.ts'
import { createBreaker } from '../../src/pipeline/send/breaker.ts'
import { type GroupClaims, groupClaims, sharedComposer } from '../../src/pipeline/send/group-claims.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { shared } from '../../src/platform/grouping.ts'
import type { Logger } from '../../src/platform/log/log.ts'
import type { Queues } from '../../src/queue/queues.ts'
import { addressHasher } from '../../src/security/address-hash.ts'
import type { Links } from '../../src/security/signed-links.ts'
import { processSignUp } from '../../src/subscriptions/subscribe.ts'
import type { App } from './app.ts'
import { brandOf, senderOf } from './appearance/brand.ts'
import type { OpenLedger } from './ledger.ts'
import { openSources } from './sources.ts'
import { type Tracing, traceClaims } from './tracing/tracing.ts'
import { outboxDir } from './transports.ts'

/** The services that the stories share. */
export interface StoryDeps {
  readonly config: Config
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly ledger: OpenLedger
  readonly links: Links
  readonly verp: Verp
  readonly composer: Composer
  readonly brands?: BrandVersions
  readonly transports: readonly Transport[]
  readonly queues: Queues
  /** null: nothing is traced. */
  readonly tracing?: Tracing | null
  readonly feedback: FeedbackModel
  readonly worker: string
  /** Runs before each dispatch and each send, so that a subscriber who left during an outage gets nothing. */
  readonly applyUnsubscribes: () => Promise<number>
}

type Stories = Pick<
  App,
  | 'traced'
  | 'publish'
  | 'dispatch'
  | 'deliver'
  | 'deliverTransactional'
  | 'stopCalls'
  | 'processSignUp'
  | 'reconcile'
  | 'maintain'
>

/** Gives each story the stores of the ledger and the services of this process. */
export function bindStories(deps: StoryDeps): Stories {
  const { config, clock, ledger, queues, feedback, applyUnsubscribes } = deps
  const { deliveries, dispatches, editions, maintenance, signUps, subscribers } = ledger
  const hashOf = addressHasher(ledger.tokens)
  let isStopping = false
  const { parcelSize } = config.mail
  const sending = {
    worker: deps.worker,
    keysInProgress: new Set<string>(),
    transports: deps.transports,
    pauses: { ...dispatches, readPauses: shared(dispatches.readPauses) },
    deliveries,
    breaker: createBreaker(),
    lostAnswer: config.smtp.uncertain,
    parcelSize,
    giveUpHours: config.mail.giveUpHours,
    newParcelId: randomUUID,
    isStopping: () => isStopping,
    clock,
    random: deps.random,
    sleep: pause,
  }
  const findParcels: GroupClaims['findParcels'] = async (ids) => {
    await applyUnsubscribes()
    return deliveries.findParcels(ids)
  }
  const { tracing = null } = deps
  const traced: Tracing['span'] = (name, attributes, work) => tracing?.span(name, attributes, work) ?? work()
  const grouped = groupClaims({ ...deliveries, findParcels }, { parcelSize: parcelSizeOf(sending) })
  const claims = traceClaims(grouped, tracing)
  const composer = sharedComposer(deps.composer)
  return {
    traced,
    publish(day, sources) {
      const { approval, canaryPercent } = config.edition
      const rules = { needsApproval: approval === 'required', canaryPercent }
      return traced('publish', { day, sources: sources.length }, () =>
        publish(day, { sources, editions, maintenance, approval: rules, clock }),
      )
    },
    async dispatch(day, cohort, { waitForWindow }) {
      await applyUnsubscribes()
      const parts: DispatchDeps = {
        dispatches,
        subscribers,
        // The queue may be in PostgreSQL, and a job that is already there is not added twice.
        queues: { add: (...jobs) => retryWhileUnavailable(() => queues.add(...jobs)) },
        refreshVotes: (of) => refreshVotesOf(of, deps),
        warmUp: config.mail.warmUp,
        parcelSize: parcelSizeOf(sending),
        newParcelId: randomUUID,
        clock,
        pause,
        waitForWindow,
      }
      return traced('dispatch', { day, cohort: cohort.kind }, () => dispatch(day, cohort, parts))
    },
    deliver: (parcelId) =>
      traced('deliver', { parcel: parcelId }, () => deliver(parcelId, { ...sending, deliveries: claims, composer })),
    stopCalls(stop) {
      isStopping = stop
    },
    deliverTransactional: (transactionalId) =>
      deliverTransactional(transactionalId, {
        ...sending,
        hashOf,
        template: config.mail.template,
        ...(deps.brands === undefined ? {} : { brands: deps.brands }),
        links: deps.links,
        composer: deps.composer,
        brand: brandOf(config),
        sender: senderOf(config, deps.verp),
      }),
    processSignUp: (signUpId) => processSignUp(signUpId, { signUps, queues, newId: randomUUID, clock }),
    maintain: () => maintain({ maintenance, retentionMonths: config.retentionMonths, clock }),
    reconcile(scope) {
      const stores = { dispatches, deliveries, signUps, maintenance }
      const outbox = outboxDir(config)
      return reconcile({ ...stores, feedback, queues, applyUnsubscribes, outboxDir: outbox, hashOf, clock }, scope)
    },
  }
}

/** Reads the current votes of an edition. A source that is down is logged and stops nothing. */
async function refreshVotesOf(day: Day, { config, clock, ledger, log }: StoryDeps): Promise<void> {
  const sources = openSources(config.edition.sources, config, clock)
  const result = await refreshVotes(day, { editions: ledger.editions, sources, clock })
  if (result.kind === 'failed') log.warn({ day, reason: result.reason }, 'could not refresh the votes')
  else log.info({ day, result: result.kind }, 'votes')
}
