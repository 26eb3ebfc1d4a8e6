import { randomUUID } from 'node:crypto'
import { DEFERRED_UNSUBSCRIBES_EVERY_MS } from '../config/limits-subscriptions.ts'
import { resendEvents } from '../src/mail/resend/events.ts'
import { recordProviderReport } from '../src/pipeline/record-provider-event.ts'
import { sendSample } from '../src/pipeline/send-sample.ts'
import { addressHasher } from '../src/security/address-hash.ts'
import type { InterestPreviews } from '../src/subscriptions/interests/interest-preview.ts'
import { createWeb, type WebDeps } from '../src/web/app.ts'
import type { SubscriberPagesDeps } from '../src/web/subscriber/deps.ts'
import type { WebhookDeps } from '../src/web/webhooks.ts'
import type { App } from './app/app.ts'
import { brandOf } from './app/appearance/brand.ts'
import { addingSoon } from './app/queue.ts'
import { startSchedules } from './app/schedules.ts'
import { adminDepsOf, adminState } from './app/web/admin.ts'
import { listen } from './app/web/listen.ts'
import { readiness } from './app/web/readiness.ts'
import { interestPreviewsOf, subscribeDepsOf } from './app/web/subscribe.ts'
import type { Running } from './send.ts'

/** Builds the website and starts to listen. */
export async function startWeb(
  app: App,
  options: { readonly outbox?: string; readonly outboxOnlyTo?: readonly string[]; readonly host?: string } = {},
): Promise<Running & { readonly url: string }> {
  const web = await createWeb({
    ...webDepsOf(app, options.outbox ?? null),
    ...(options.outboxOnlyTo === undefined ? {} : { outboxOnlyTo: options.outboxOnlyTo }),
  })
  const url = await listen(web, { variable: 'PORT', port: app.config.port, host: options.host ?? app.config.host })
  app.log.info({ url }, 'web is listening')
  // A web process may be alone on its machine. Then no worker sees the unsubscribes in its data folder.
  const deferred = startSchedules(
    async () => {
      await app.applyUnsubscribes()
      return DEFERRED_UNSUBSCRIBES_EVERY_MS
    },
    () => DEFERRED_UNSUBSCRIBES_EVERY_MS,
  )
  app.log.info(await adminState(app))
  return {
    url,
    async close() {
      await deferred.close()
      await web.close()
    },
  }
}

/** Returns the stores and services of the website. */
export function webDepsOf(app: App, outbox: string | null): WebDeps {
  const { config, clock, links, log } = app
  const interests = interestPreviewsOf(app)
  const subscribing = subscribeDepsOf(app, interests)
  return {
    site: { brand: brandOf(config), links, clock },
    brandPictures: config.brand?.pictures ?? [],
    publicPages: { ledger: app.ledger, timezone: config.edition.timezone, formToken: subscribing.formToken },
    health: {
      readiness: () => readiness(app),
      registry: app.metrics.registry,
      metricsToken: config.metricsToken,
      clock,
      log,
    },
    subscriberPages: subscriberDepsOf(app, interests),
    outbox,
    admin: adminDepsOf(app),
    subscribePages: subscribing,
    trustProxy: config.trustProxy,
    hstsSubdomains: config.hstsSubdomains,
    webhooks: webhookDepsOf(app),
    log,
  }
}

function subscriberDepsOf(
  { ledger, clock, composer, queues, feedback, unsubscribing, log, erase }: App,
  interests: InterestPreviews,
): SubscriberPagesDeps {
  const addSoon = addingSoon({ queues, log })
  const sendTransactionals = async (ids: readonly string[]) => {
    for (const transactionalId of ids) addSoon('notice', { transactionalId })
  }
  return {
    ledger,
    tokens: ledger.tokens,
    composer,
    interests,
    unsubscribe: unsubscribing,
    updateFeedbackProfile: feedback.learn,
    sendTransactionals,
    sendSample: (subscriber) =>
      sendSample(subscriber, {
        composer,
        tokens: ledger.tokens,
        editions: ledger.editions,
        subscribers: ledger.subscribers,
        deliveries: ledger.deliveries,
        queueTransactional: (transactionalId) => addSoon('notice', { transactionalId }),
        newId: randomUUID,
        clock,
      }),
    newId: randomUUID,
    log,
    erase: (subscriberId) => erase(subscriberId, null),
  }
}

function webhookDepsOf({ config, clock, ledger, verp, log }: App): WebhookDeps {
  const secret = config.resend.webhookSecret
  const open = secret === null ? null : resendEvents({ secret, openSignedId: verp.verify })
  return {
    openResend: open === null ? null : (raw, headers) => open(raw, headers, clock()),
    async receive(report) {
      const result = await recordProviderReport(report, {
        deliveries: ledger.deliveries,
        pauses: ledger.dispatches,
        reports: ledger.reports,
        hashOf: addressHasher(ledger.tokens),
        clock,
      })
      log.debug({ report: report.kind, result: result.kind }, 'received a webhook')
      return result
    },
  }
}
