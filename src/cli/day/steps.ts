import { setTimeout as pause } from 'node:timers/promises'
import { IDLE_POLL_MS, WAITING_POLL_MS } from '../../../config/limits-processes.ts'
import type { App } from '../../../workers/app/app.ts'
import { sendingRulesOf } from '../../../workers/app/sending-rules.ts'
import { openSources } from '../../../workers/app/sources.ts'
import { openBounceMailbox } from '../../../workers/app/transports.ts'
import { startReadingBounces } from '../../../workers/bounces.ts'
import { startBulkActions } from '../../../workers/bulk.ts'
import { startDispatching } from '../../../workers/dispatch.ts'
import { startPublishing } from '../../../workers/publish.ts'
import { startReconciling } from '../../../workers/reconcile.ts'
import { type Running, startSending } from '../../../workers/send.ts'
import { InterruptedError, UserError } from '../../platform/errors.ts'
import { type CommandContext, dayOption, withApp } from '../context.ts'
import { describeHeld } from '../output/held-words.ts'
import { createWaitingReporter } from '../output/waiting-reporter.ts'
import { describePublish, describeQueued } from '../output/words.ts'
import { NO_EDITION_YET } from './run.ts'

/** `publish`: runs only the first step of `run`. */
export async function publishOnly(
  options: { date?: string; source?: readonly string[] },
  context: CommandContext,
): Promise<number> {
  const config = context.config()
  const day = dayOption(options.date, config, context.clock)
  const sources = openSources(options.source ?? config.edition.sources, config, context.clock)
  const once = async (app: App) => {
    const result = await app.publish(day, sources)
    for (const line of describePublish(day, result)) context.terminal.out(line)
    const failed = result.kind === 'failed' || (result.kind === 'kept' && result.failed)
    return failed || result.kind === 'not-open' ? 1 : 0
  }
  return withApp(context, once, { words: NO_EDITION_YET })
}

/** `dispatch`: writes and queues deliveries for all subscribers who are due. */
export async function dispatchOnly(options: { date?: string }, context: CommandContext): Promise<number> {
  const calledAt = context.clock()
  const day = dayOption(options.date, context.config(), context.clock)
  return withApp(context, async (app) => {
    const { terminal } = context
    await app.ledger.dispatches.openToEveryone(day, calledAt)
    const result = await app.dispatch(day, { kind: 'everyone' }, { waitForWindow: false })
    if (result.kind === 'held') throw new UserError(await describeHeld(app, day, result.why))
    if (result.kind === 'more') await app.queues.add('dispatch', [{ day }])
    terminal.out(describeQueued(result))
    return 0
  })
}

/** `work`: processes all queues in this process. With `--until-idle`, it ends when no work is left. */
export async function work(options: { untilIdle?: boolean }, context: CommandContext): Promise<number> {
  const working = async (app: App) => {
    const running = await startWorkers(app)
    try {
      if (options.untilIdle === true) await untilIdle(app, context)
      else await context.interrupted
      return 0
    } finally {
      for (const part of running) await part.close()
    }
  }
  return withApp(context, working, { endsItself: true })
}

/** Starts everything that `worker` runs. Returns it in the order of closing. */
export async function startWorkers(app: App): Promise<Running[]> {
  return [
    startReconciling(app, { editions: true }),
    startBulkActions(app),
    await startPublishing(app),
    await startDispatching(app),
    await startSending(app),
    ...(await startBounces(app)),
  ]
}

/** Reads bounces if a bounce mailbox is configured. */
async function startBounces(app: App): Promise<Running[]> {
  const mailbox = await openBounceMailbox(app.config)
  return mailbox === null ? [] : [startReadingBounces(app, mailbox)]
}

/** Resolves when no work is left, and shows what it waits for. */
async function untilIdle(app: App, { terminal, interrupted }: CommandContext): Promise<void> {
  const stopping = new AbortController()
  interrupted.then(() => stopping.abort())
  const reporter = createWaitingReporter((lines) => lines.forEach(terminal.out), app.clock)
  const { ledger } = app
  let readMsAgo = Number.POSITIVE_INFINITY
  while (!stopping.signal.aborted) {
    const asked = await Promise.all([
      app.queues.depth('publish'),
      app.queues.depth('dispatch'),
      app.queues.depth('signup'),
    ])
    const jobs = asked.reduce((sum, depth) => sum + depth.waiting + depth.active, 0)
    const open = (await ledger.dispatches.countAllOpen()) + (await ledger.deliveries.countOpenTransactionals())
    if (jobs + open === 0) return
    if (readMsAgo >= WAITING_POLL_MS) {
      const at = app.clock()
      readMsAgo = 0
      reporter.show(await ledger.reports.readWaiting({ ...sendingRulesOf(app), day: null, at, transactional: true }))
    }
    await pause(IDLE_POLL_MS)
    readMsAgo += IDLE_POLL_MS
  }
  throw new InterruptedError(
    'Interrupted before the queues were empty. The rest stays queued: run the same command again.',
  )
}
