import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import type { Logger } from '../log.ts'
import { addOutboxPages } from './outbox.ts'

/** What is open and what is broken, as `/readyz` and `/metrics` tell it. */
export interface Readiness {
  /** Empty when all is well. */
  readonly faults: readonly string[]
  readonly deliveries: readonly { readonly state: string; readonly count: number }[]
  readonly queues: readonly {
    readonly name: string
    readonly waiting: number
    readonly active: number
    readonly delayed: number
  }[]
}

export interface WebParts {
  readonly readiness: () => Promise<Readiness>
  /** null: `/metrics` is not served. */
  readonly metricsToken: string | null
  /** Folder of the outbox to show at `/outbox`, or null: only the demo shows mails in the open. */
  readonly outbox: string | null
  readonly log: Logger
}

const BODY_BYTES_MAX = 64 * 1024
const REQUEST_MS_MAX = 10_000

/** Builds the web application; it does not listen. */
export async function createWeb(parts: WebParts): Promise<FastifyInstance> {
  const web = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    // Request logs would hold tokens; the reverse proxy keeps its own.
    logger: false,
  })
  await web.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        // Mails carry their styles inline; no script runs anywhere.
        styleSrc: ["'unsafe-inline'"],
        frameSrc: ["'self'"],
        frameAncestors: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'sameorigin' },
  })
  addHealth(web, parts)
  if (parts.outbox !== null) addOutboxPages(web, parts.outbox)
  web.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) parts.log.error({ reason: error.message }, 'a request failed')
    reply
      .status(status)
      .type('text/plain')
      .send(status >= 500 ? 'Something went wrong here. Please try again.\n' : `${error.message}\n`)
  })
  return web
}

function addHealth(web: FastifyInstance, { readiness, metricsToken }: WebParts): void {
  web.get('/healthz', async () => ({ ok: true }))
  web.get('/readyz', async (_request, reply) => {
    const { faults } = await readiness()
    return reply.status(faults.length === 0 ? 200 : 503).send({ ok: faults.length === 0, faults })
  })
  web.get('/metrics', async (request, reply) => {
    if (metricsToken === null || request.headers.authorization !== `Bearer ${metricsToken}`) {
      return reply
        .status(metricsToken === null ? 404 : 401)
        .type('text/plain')
        .send('Set METRICS_TOKEN and send it as a bearer token.\n')
    }
    return reply.type('text/plain; version=0.0.4').send(await metrics(await readiness()))
  })
}

async function metrics({ faults, deliveries, queues }: Readiness): Promise<string> {
  const registry = new Registry()
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  gauge('paperround_up', 'Whether ledger and queue answer.', []).set(faults.length === 0 ? 1 : 0)
  const states = gauge('paperround_deliveries', 'Deliveries of the last two days by state.', ['state'])
  for (const { state, count } of deliveries) states.set({ state }, count)
  const jobs = gauge('paperround_jobs', 'Jobs in the queue.', ['queue', 'state'])
  for (const { name, waiting, active, delayed } of queues) {
    jobs.set({ queue: name, state: 'waiting' }, waiting)
    jobs.set({ queue: name, state: 'active' }, active)
    jobs.set({ queue: name, state: 'delayed' }, delayed)
  }
  return registry.metrics()
}
