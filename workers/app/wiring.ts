import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { setLanguage } from '../../src/language/language.ts'
import { createVerp } from '../../src/mail/verp.ts'
import { createFeedbackModel } from '../../src/pipeline/feedback-model.ts'
import { createMetrics } from '../../src/pipeline/metrics.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { openQueues } from '../../src/queue/queues.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { deferredUnsubscribes } from '../../src/subscriptions/deferred-unsubscribes.ts'
import { unsubscribeNow } from '../../src/subscriptions/unsubscribe.ts'
import { createEraser } from '../erasing.ts'
import type { App, AppOptions } from './app.ts'
import { openBrandVersions } from './appearance/brand.ts'
import { languageOf } from './appearance/language.ts'
import { openTemplatesFor } from './appearance/templates.ts'
import { createComposerFor } from './composer.ts'
import { openLedger } from './ledger.ts'
import { openQueueConnection } from './queue.ts'
import { bindStories } from './stories.ts'
import { openTracing, traceCalls } from './tracing/tracing.ts'
import { openTransports } from './transports.ts'
import { unsubscribeDepsOf } from './web/unsubscribe.ts'

const POOLED =
  'DATABASE_URL leads to a pooler in transaction mode, which drops our time limit for idle transactions: a host that loses its connection may keep rows locked'

/** Opens all services that the configuration names. If one cannot be reached, it closes the others and throws a UserError. */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  setLanguage(languageOf(config))
  const clock = options.clock ?? (() => new Date())
  const random = options.random ?? Math.random
  const log = options.log ?? createLogger(config.logLevel)
  // A fault in a template is found before anything is opened.
  const templates = await openTemplatesFor(config)
  const ledger = await openLedger(config)
  if (ledger.isPooled) log.warn(POOLED)
  try {
    const connection = await openQueueConnection(config, ledger)
    const tracing = await openTracing(config)
    const queues = openQueues(connection.queue, { clock, random, telemetry: tracing?.queues ?? null })
    const metrics = createMetrics(clock)
    const transports = (options.transports ?? (await openTransports(config, clock))).map((transport) =>
      traceCalls(metrics.watch(transport), tracing),
    )
    const links = createLinks(config.publicUrl, ledger.tokens)
    const verp = createVerp(ledger.tokens, config.bounces.address)
    const brands = await openBrandVersions(config, ledger.settings, templates)
    const composer = createComposerFor(config, ledger, links, verp, brands)
    const feedback = createFeedbackModel({ editions: ledger.editions, subscribers: ledger.subscribers, clock })
    const deferred = deferredUnsubscribes(join(config.dataDir, 'unsubscribes'), log)
    const unsubscribing = unsubscribeDepsOf(ledger, { queues, clock, deferred, log })
    const applyUnsubscribes = () =>
      deferred.applyAll(async (request) => void (await unsubscribeNow(request, unsubscribing, { deferred: true })))
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
      metrics,
      queues,
      queueConnection: connection.queue,
      worker,
      verp,
      feedback,
      unsubscribing,
      applyUnsubscribes,
      erase: createEraser(config, ledger, clock),
      ...bindStories({
        config,
        clock,
        random,
        log,
        ledger,
        links,
        verp,
        composer,
        brands,
        transports,
        queues,
        tracing,
        feedback,
        worker: worker.id,
        applyUnsubscribes,
      }),
      async close() {
        await queues.close()
        await Promise.all(transports.map((transport) => transport.close()))
        await connection.close()
        await tracing?.close()
        await ledger.dispatches.deregisterWorkers({ id: worker.id }).catch(() => {})
        await ledger.close()
      },
    }
  } catch (error) {
    await ledger.close()
    throw error
  }
}
