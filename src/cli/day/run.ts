import type { App } from '../../../workers/app/app.ts'
import { openSources } from '../../../workers/app/sources.ts'
import type { Day } from '../../domain/day.ts'
import { openOf } from '../../domain/delivery.ts'
import type { Cohort } from '../../pipeline/dispatch.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { addressOption, type CommandContext, dayOption, unlessInterrupted, withApp } from '../context.ts'
import { durationOption } from '../output/duration.ts'
import { describeHeld } from '../output/held-words.ts'
import { describeGivenUp, describeNoWorker, describePublish, describeQueued, describeStatus } from '../output/words.ts'
import { deliverDay, WAIT_MS_MAX } from './deliver-day.ts'

export interface RunOptions {
  readonly date?: string
  readonly source?: readonly string[]
  readonly wait?: boolean
  /** A duration, for example `10m`; only with `wait`. */
  readonly giveUpAfter?: string
  readonly only?: string
}

/**
 * `run`: publishes and dispatches an edition. With `--wait`, this process also delivers it, until every delivery has settled:
 * the exit code is 0 if none failed. Without `--wait`, the workers deliver it.
 */
export async function run(options: RunOptions, context: CommandContext): Promise<number> {
  const calledAt = context.clock()
  const config = context.config()
  const day = dayOption(options.date, config, context.clock)
  const sources = openSources(options.source ?? config.edition.sources, config, context.clock)
  const waitMs = waitOption(options)
  const only = options.only === undefined ? null : addressOption(options.only)
  const morning = async (app: App) => {
    const cohort = await cohortOf(only, app)
    await unlessInterrupted(context, assertTransport(app))
    const published = await unlessInterrupted(context, app.publish(day, sources), NO_EDITION_YET)
    for (const line of describePublish(day, published)) context.terminal.out(line)
    if (published.kind === 'failed' || published.kind === 'not-open') return 1
    if (published.kind === 'empty' && !published.weekly) return 0
    if (cohort.kind === 'everyone') await app.ledger.dispatches.openToEveryone(day, calledAt)
    return waitMs === null ? handOver(app, day, cohort, context) : deliverAll(app, { day, cohort, waitMs }, context)
  }
  return withApp(context, (app) => app.traced('run', { day }, () => morning(app)), { endsItself: true })
}

/** Returns how long the command waits for deliveries, or null if it does not wait. Throws a UserError (exit 2). */
function waitOption({ wait, giveUpAfter }: RunOptions): number | null {
  const ms = giveUpAfter === undefined ? WAIT_MS_MAX : durationOption('--give-up-after', giveUpAfter)
  if (wait === true) return Math.min(ms, WAIT_MS_MAX)
  if (giveUpAfter !== undefined) throw usageError('--give-up-after is for a command that waits. Add --wait.')
  return null
}

/** The message when a signal ends a command while it reads the sources. */
export const NO_EDITION_YET = 'Interrupted before the edition was made. Run the same command again.'

/** Throws if no configured transport can send, so that the operator learns of a wrong key before anything starts. */
export async function assertTransport(app: App): Promise<void> {
  const remedies: string[] = []
  for (const transport of app.transports) {
    const check = await transport.check()
    if (check.ok) return
    remedies.push(`${transport.name}: ${check.remedy}`)
  }
  throw new UserError(['No mail can be sent; nothing was started.', ...remedies])
}

async function cohortOf(only: { email: string; key: string } | null, app: App): Promise<Cohort> {
  if (only === null) return { kind: 'everyone' }
  const subscriber = await app.ledger.subscribers.findSubscriber(only.key)
  if (subscriber === null)
    throw new UserError(
      `There is no subscriber ${only.email}. Add one with: paperround subscribers add ${only.email} --consent-note "…"`,
    )
  return { kind: 'only', subscriberId: subscriber.id }
}

async function handOver(app: App, day: Day, cohort: Cohort, { terminal }: CommandContext): Promise<number> {
  const result = await app.dispatch(day, cohort, { waitForWindow: false })
  if (result.kind === 'held') throw new UserError(await describeHeld(app, day, result.why))
  if (result.kind === 'more') await app.queues.add('dispatch', [{ day }])
  terminal.out(describeQueued(result))
  for (const line of await tellNoWorker(app, false)) terminal.out(line)
  return 0
}

async function tellNoWorker(app: App, hasWaited: boolean): Promise<string[]> {
  const workers = await app.ledger.dispatches.countWorkers(new Date(app.clock().getTime() - 10_000))
  return workers === 0 ? [describeNoWorker(hasWaited)] : []
}

async function deliverAll(
  app: App,
  { day, cohort, waitMs }: { day: Day; cohort: Cohort; waitMs: number },
  context: CommandContext,
): Promise<number> {
  const { settled, status, waiting } = await deliverDay(app, day, cohort, context, waitMs)
  for (const line of describeStatus(day, status, waiting, app.clock())) context.terminal.out(line)
  if (!settled) {
    context.terminal.out(describeGivenUp(waitMs, openOf(status.counts)))
    for (const line of await tellNoWorker(app, true)) context.terminal.out(line)
    return 1
  }
  return status.counts.refused + status.counts.uncertain + status.counts.bounced > 0 ? 1 : 0
}
