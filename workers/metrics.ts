import Fastify from 'fastify'
import { addHealth } from '../src/web/health.ts'
import type { App } from './app/app.ts'
import { listen } from './app/web/listen.ts'
import { readiness } from './app/web/readiness.ts'
import type { Running } from './send.ts'

/**
 * Serves health and metrics for a process without a website, if METRICS_PORT is set. Each worker counts its own calls and
 * outcomes.
 */
export async function startMetrics(app: App): Promise<Running | null> {
  const { metricsPort, metricsToken } = app.config
  if (metricsPort === null) return null
  const web = Fastify({ logger: false })
  web.setErrorHandler(async (error: Error, request, reply) => {
    app.log.error({ reason: error.message, route: request.routeOptions.url }, 'a request failed')
    return reply.status(500).send({ ok: false })
  })
  addHealth(web, {
    readiness: () => readiness(app),
    registry: app.metrics.registry,
    metricsToken,
    clock: app.clock,
    log: app.log,
  })
  const url = await listen(web, { variable: 'METRICS_PORT', port: metricsPort, host: app.config.host })
  app.log.info({ url }, 'metrics are listening')
  return { close: () => web.close() }
}
