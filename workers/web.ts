import { noteUnknown } from '../src/ledger/provider-figures.ts'
import { resendEvents } from '../src/mail/resend-events.ts'
import { receiveReport } from '../src/receive.ts'
import { createWeb, type WebParts } from '../src/web/app.ts'
import type { WebhookParts } from '../src/web/webhooks.ts'
import { readiness } from './readiness.ts'
import type { Running } from './send.ts'
import { type App, brandOf } from './wiring.ts'

/** The web process: builds the app and listens. */
export async function startWeb(
  app: App,
  options: { readonly outbox?: string } = {},
): Promise<Running & { readonly url: string }> {
  const web = await createWeb(webPartsOf(app, options.outbox ?? null))
  const url = await web.listen({ port: app.config.port, host: '0.0.0.0' })
  app.log.info({ url }, 'web is listening')
  return { url, close: () => web.close() }
}

function webPartsOf(app: App, outbox: string | null): WebParts {
  const { config, clock, links, log } = app
  return {
    site: { brand: brandOf(config), links, clock },
    health: { readiness: () => readiness(app), metricsToken: config.metricsToken },
    outbox,
    trustProxy: config.trustProxy,
    webhooks: webhookPartsOf(app),
    log,
  }
}

function webhookPartsOf({ config, clock, ledger, marks, recordReport, log }: App): WebhookParts {
  const secret = config.resend.webhookSecret
  const open = secret === null ? null : resendEvents({ secret, openMark: marks.open })
  return {
    openResend: open === null ? null : (raw, headers) => open(raw, headers, clock()),
    async receive(report) {
      const received = await receiveReport(report, {
        record: recordReport,
        noteUnknown: (unknown) => noteUnknown(ledger.db, unknown),
        clock,
      })
      log.debug({ report: report.kind, result: received.kind }, 'a webhook came in')
      return received
    },
  }
}
