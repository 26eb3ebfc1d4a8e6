import { readEnv } from '../../config/env.ts'
import { startWorkers } from '../../src/cli/day/steps.ts'
import { createLogger } from '../../src/platform/log/log.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { acceptingTransport } from '../sending/accepting.ts'
import { createSinkStats, reportTo, type SinkOptions } from '../setup/sink-stats.ts'

/**
 * Runs the program’s worker with a transport that accepts everything at once. Claim, selection, composing, settling and queue
 * are the real ones, and the messages are complete. Only the provider call is missing.
 */
const stats = createSinkStats(JSON.parse(process.argv[2] ?? '{}') as SinkOptions)
const app = await openApp(readEnv(process.env, { cwd: process.cwd() }), {
  log: createLogger('warn'),
  transports: [acceptingTransport(stats)],
})
const running = await startWorkers(app)
reportTo(process, stats, 0, async () => {
  for (const part of [...running, app]) await part.close()
})
