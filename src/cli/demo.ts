import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { DEMO_LIVE_DAYS_BACK_MAX } from '../../config/limits-sources.ts'
import type { App } from '../../workers/app/app.ts'
import { openSources } from '../../workers/app/sources.ts'
import { outboxDir } from '../../workers/app/transports.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { startSending } from '../../workers/send.ts'
import { startWeb } from '../../workers/web.ts'
import { addDays, type Day, dayIn } from '../domain/day.ts'
import { checkAddress, DEFAULT_PREFERENCES, type Preferences } from '../domain/subscriber.ts'
import { UserError } from '../platform/errors.ts'
import { createLogger } from '../platform/log/log.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { sampleSource } from '../sources/sample.ts'
import { counted } from '../text/counted.ts'
import type { CommandContext } from './context.ts'
import { deliverDay } from './day/deliver-day.ts'
import { describePublish, describeStatus } from './output/words.ts'

export interface DemoOptions {
  readonly live?: boolean
  readonly serve?: boolean
}

/**
 * `demo`: sends one edition to three sample subscribers, with an embedded database and queue of its own, so that an installation
 * in the same folder is not touched.
 */
export async function demo(options: DemoOptions, context: CommandContext): Promise<number> {
  const { terminal } = context
  const config = demoConfigOf(context.config())
  terminal.out('Opening the embedded database and queue; the first time this takes a few seconds.')
  const app = await openApp(config, {
    clock: context.clock,
    log: createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel),
  })
  try {
    const subscribers = await addSampleSubscribers(app)
    const day = await publishNewest(app, options.live === true, context)
    const { status, waiting } = await deliverDay(app, day, { kind: 'everyone' }, context)
    for (const line of describeStatus(day, status, waiting, app.clock())) terminal.out(line)
    await tell(app, subscribers, context)
    if (options.serve === true) await serve(app, subscribers, context)
    return 0
  } finally {
    await app.close()
  }
}

/**
 * Returns the configuration of the demo. It never reaches a real inbox or a real ledger, whatever the environment says. Its
 * mails are in the outbox of DATA_DIR, unless an installation uses that folder.
 */
export function demoConfigOf(given: Config): Config {
  const dataDir = join(given.dataDir, 'demo')
  const isUsed =
    given.databaseUrl !== null ||
    (existsSync(given.dataDir) && readdirSync(given.dataDir).some((name) => !['demo', 'outbox'].includes(name)))
  return {
    ...given,
    databaseUrl: null,
    redisUrl: null,
    dataDir,
    outboxDir: isUsed ? join(dataDir, 'outbox') : join(given.dataDir, 'outbox'),
    mail: { ...given.mail, transports: ['outbox'], ratePerSecond: null, warmUp: null },
    edition: { ...given.edition, approval: 'none', canaryPercent: 0 },
  }
}

/**
 * Publishes the sample papers of today. With `live`, it publishes the newest list that has papers: there is none on weekends and
 * holidays, nor before its hour.
 */
export async function publishNewest(
  app: App,
  live: boolean,
  { terminal, clock }: Pick<CommandContext, 'terminal' | 'clock'>,
): Promise<Day> {
  const today = dayIn(app.config.edition.timezone, clock())
  const sources = live
    ? openSources(['huggingface'], app.config, app.clock)
    : [sampleSource({ clock: app.clock, last: today })]
  for (let back = 0; back <= DEMO_LIVE_DAYS_BACK_MAX; back += 1) {
    const day = addDays(today, -back)
    const result = await app.publish(day, sources)
    if (result.kind === 'published' || (result.kind === 'kept' && result.reason === null)) {
      for (const line of describePublish(day, result)) terminal.out(line)
      return day
    }
    if (result.kind === 'failed' || (result.kind === 'kept' && result.failed)) {
      for (const line of describePublish(day, result)) terminal.out(line)
      throw new UserError('Run the demo without --live. It then needs no network.')
    }
    terminal.out(`The list of ${day} has no papers, so the demo takes an earlier one.`)
  }
  throw new UserError(
    `No list of the last ${DEMO_LIVE_DAYS_BACK_MAX} days has papers. Run the demo without --live. It then needs no network.`,
  )
}

interface SampleSubscriber extends Partial<Preferences> {
  readonly email: string
}

async function addSampleSubscribers(app: App): Promise<SampleSubscriber[]> {
  const path = join(PACKAGE_ROOT, 'src/sources/samples/subscribers.json')
  const subscribers = JSON.parse(readFileSync(path, 'utf8')) as SampleSubscriber[]
  const at = app.clock()
  await app.ledger.subscribers.addSubscribers(
    subscribers.map((subscriber) => {
      const address = checkAddress(subscriber.email)
      if (!address.ok) throw new Error(`${path}: ${address.reason}`)
      return {
        email: address.email,
        emailKey: address.key,
        addressHash: app.ledger.tokens.hashAddress(address.key),
        state: 'active' as const,
        preferences: { ...DEFAULT_PREFERENCES, ...subscriber },
        consent: { by: 'operator' as const, note: 'sample reader of the demo', at: at.toISOString() },
      }
    }),
    at,
  )
  return subscribers
}

async function tell(app: App, subscribers: readonly SampleSubscriber[], { terminal }: CommandContext): Promise<void> {
  for (const subscriber of subscribers) {
    terminal.out('')
    terminal.out(
      `${subscriber.email} · ${subscriber.interests?.length ? `interests: ${subscriber.interests.join(', ')}` : 'no interests: the most voted'}`,
    )
    for (const delivery of await app.ledger.reports.readDemoDeliveries(subscriber.email)) {
      const matched = Object.entries(delivery.matches)
        .slice(0, 3)
        .map(([id, interest]) => `${id} (${interest})`)
      terminal.out(
        `  ${delivery.day}  ${delivery.state}, ${counted(delivery.papers, 'paper')}${matched.length === 0 ? '' : `; first by interest: ${matched.join(', ')}`}`,
      )
    }
  }
  terminal.out('')
  const dir = outboxDir(app.config)
  if (!existsSync(dir) || !readdirSync(dir).some((name) => name.endsWith('.eml'))) {
    terminal.out('No mail was written: each sample subscriber has had these papers, or their digest did not leave.')
    return
  }
  terminal.out(`The mails are in ${dir}: open any .eml with a mail program,`)
  terminal.out('or read them in a browser with: npm run demo -- --serve')
}

async function serve(
  app: App,
  subscribers: readonly SampleSubscriber[],
  { terminal, interrupted }: CommandContext,
): Promise<void> {
  const sending = await startSending(app)
  const web = await startWeb(app, {
    outbox: outboxDir(app.config),
    outboxOnlyTo: subscribers.map(({ email }) => email),
    host: '127.0.0.1',
  })
  terminal.out(`Serving on http://localhost:${app.config.port}/outbox · Ctrl+C ends it.`)
  await interrupted
  await web.close()
  await sending.close()
}
