import { SHUTDOWN_GRACE_MS } from '../../config/limits-processes.ts'
import { startAlerts } from '../../workers/alerts.ts'
import type { App } from '../../workers/app/app.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { startMetrics } from '../../workers/metrics.ts'
import { startScheduling } from '../../workers/scheduler.ts'
import { startScoring } from '../../workers/scoring.ts'
import type { Running } from '../../workers/send.ts'
import { startReadingStars } from '../../workers/stars.ts'
import { startWeb } from '../../workers/web.ts'
import { createLogger } from '../platform/log/log.ts'
import type { CommandContext } from './context.ts'
import { startWorkers } from './day/steps.ts'
import { describeStarted } from './output/greeting.ts'

export type ProcessName = 'start' | 'web' | 'scheduler' | 'worker'

/** `start`, `web`, `scheduler`, `worker`: run until a signal, then finish the current work. */
export async function runProcess(name: ProcessName, context: CommandContext): Promise<number> {
  const config = context.config()
  // A person gets a few lines in place of the log. Warnings and errors still appear.
  const isGreeted = name === 'start' && context.terminal.isInteractive === true && config.logLevel === 'info'
  const app = await openApp(config, {
    clock: context.clock,
    ...(isGreeted ? { log: createLogger('warn', { readable: true }) } : {}),
  })
  const running: Running[] = []
  try {
    // The ports come first, because a process whose port is in use must not request an edition.
    const web = name === 'start' || name === 'web' ? await startWeb(app) : null
    if (web !== null) running.push(web)
    const metrics = name === 'worker' || name === 'scheduler' ? await startMetrics(app) : null
    if (metrics !== null) running.push(metrics)
    const scheduling = name === 'start' || name === 'scheduler' ? await startScheduling(app) : null
    if (scheduling !== null) running.push(scheduling)
    if (name === 'start' || name === 'worker') running.push(...(await startWorkers(app)))
    if (name === 'start' || name === 'scheduler') {
      const stars = startReadingStars(app)
      running.push(startAlerts(app), startScoring(app), ...(stars === null ? [] : [stars]))
    }
    app.log.info({ process: name, transports: app.transports.map((transport) => transport.name) }, 'running')
    if (isGreeted && web !== null) {
      const hasOwner = await app.ledger.operators.hasOwner()
      for (const line of describeStarted(app, { url: web.url, hasOwner, nextEditionAt: scheduling?.nextRun() ?? null }))
        context.terminal.out(line)
    }
    await context.interrupted
    app.log.info('ending after the current work')
    return 0
  } finally {
    await closeAll(app, running)
  }
}

/** Closes in order within the grace period. Unfinished work is left to reconcile. */
async function closeAll(app: App, running: readonly Running[]): Promise<void> {
  const overdue = setTimeout(() => {
    app.log.warn('still busy after the grace period; leaving the rest to reconcile')
    process.exit(1)
  }, SHUTDOWN_GRACE_MS)
  for (const part of [...running, app]) {
    // The embedded database may have ended with its owner. The ledger has the unfinished work.
    await part.close().catch((error: Error) => app.log.warn({ reason: error.message }, 'a part did not close cleanly'))
  }
  // src/cli/main.ts ends the process now, also if a connection is still open.
  clearTimeout(overdue)
}
