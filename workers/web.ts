import { randomUUID } from 'node:crypto'
import { holdTransport } from '../src/ledger/openwork.ts'
import { noteUnknown } from '../src/ledger/provider-figures.ts'
import { resendEvents } from '../src/mail/resend-events.ts'
import { receiveReport } from '../src/receive.ts'
import { createWeb, type WebParts } from '../src/web/app.ts'
import type { ReadersParts } from '../src/web/readers.ts'
import type { WebhookParts } from '../src/web/webhooks.ts'
import { adminPartsOf } from './admin.ts'
import { brandOf } from './brand.ts'
import { joiningPartsOf } from './joining.ts'
import { listen } from './listen.ts'
import { readiness } from './readiness.ts'
import type { Running } from './send.ts'
import type { App } from './wiring.ts'

/** The web process: builds the app and listens. */
export async function startWeb(
  app: App,
  options: { readonly outbox?: string; readonly host?: string } = {},
): Promise<Running & { readonly url: string }> {
  const web = await createWeb(webPartsOf(app, options.outbox ?? null))
  const url = await listen(web, { variable: 'PORT', port: app.config.port, host: options.host ?? app.config.host })
  app.log.info({ url }, 'web is listening')
  if (app.config.adminPassword === null) app.log.info('there is no /admin: set ADMIN_PASSWORD to have one')
  return { url, close: () => web.close() }
}

/** What the website is made of. */
export function webPartsOf(app: App, outbox: string | null): WebParts {
  const { config, clock, links, log } = app
  const joining = joiningPartsOf(app)
  return {
    site: { brand: brandOf(config), links, clock },
    reading: { db: app.ledger.db, timezone: config.edition.timezone, formToken: joining.formToken },
    health: {
      readiness: () => readiness(app),
      registry: app.measures.registry,
      metricsToken: config.metricsToken,
      clock,
    },
    readers: readersPartsOf(app),
    outbox,
    admin: adminPartsOf(app),
    joining,
    trustProxy: config.trustProxy,
    webhooks: webhookPartsOf(app),
    log,
  }
}

function readersPartsOf({ ledger, composer, queues, learning, leaving }: App): ReadersParts {
  const { db, tokens } = ledger
  const sendNotices = (ids: readonly string[]) =>
    queues.add(
      'notice',
      ids.map((noticeId) => ({ noticeId })),
    )
  return {
    db,
    tokens,
    composer,
    leaving,
    learn: (subscriberId) => learning.learn(subscriberId),
    sendNotices,
    newId: randomUUID,
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
        pauseTransport: (pause) => holdTransport(ledger.db, pause),
        noteUnknown: (unknown) => noteUnknown(ledger.db, unknown),
        clock,
      })
      log.debug({ report: report.kind, result: received.kind }, 'a webhook came in')
      return received
    },
  }
}
