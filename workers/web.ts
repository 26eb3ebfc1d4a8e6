import { createWeb, type WebParts } from '../src/web/app.ts'
import { joiningPartsOf } from './joining.ts'
import { readiness } from './readiness.ts'
import type { Running } from './send.ts'
import { type App, brandOf } from './wiring.ts'

/** The web process: builds the app and listens. */
export async function startWeb(
  app: App,
  options: { readonly outbox?: string; readonly host?: string } = {},
): Promise<Running & { readonly url: string }> {
  const web = await createWeb(webPartsOf(app, options.outbox ?? null))
  const url = await web.listen({ port: app.config.port, host: options.host ?? '0.0.0.0' })
  app.log.info({ url }, 'web is listening')
  return { url, close: () => web.close() }
}

/** What the website is made of. */
export function webPartsOf(app: App, outbox: string | null): WebParts {
  const { config, clock, links, log } = app
  return {
    site: { brand: brandOf(config), links, clock },
    health: {
      readiness: () => readiness(app),
      registry: app.measures.registry,
      metricsToken: config.metricsToken,
      clock,
    },
    outbox,
    joining: joiningPartsOf(app),
    trustProxy: config.trustProxy,
    log,
  }
}
