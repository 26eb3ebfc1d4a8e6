import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../../workers/app/app.ts'
import { openSources } from '../../workers/app/sources.ts'
import { outboxDir } from '../../workers/app/transports.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { startSending } from '../../workers/send.ts'
import { startWeb } from '../../workers/web.ts'
import { type Day, dayIn } from '../domain/day.ts'
import { checkAddress, DEFAULT_PREFERENCES, type Preferences } from '../domain/subscriber.ts'
import { UserError } from '../platform/errors.ts'
import { createLogger } from '../platform/log.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { papersCounted } from '../rendering/digest/text.ts'
import { sampleSource } from '../sources/sample.ts'
import type { Source } from '../sources/source.ts'
import type { CommandContext } from './context.ts'
import { deliverDay } from './day/deliver-day.ts'
import { describePublish, describeStatus } from './output/words.ts'

export interface DemoOptions {
  readonly live?: boolean
  readonly serve?: boolean
}

/** `demo`: sends one edition to three sample subscribers, with the embedded database and queue only. */
export async function demo(options: DemoOptions, context: CommandContext): Promise<number> {
  const { terminal } = context
  // The demo must never reach a real inbox, whatever the environment says.
  const given = context.config()
  const config = { ...given, mail: { ...given.mail, transports: ['outbox' as const], ratePerSecond: null } }
  terminal.out('Opening the embedded database and queue; the first time this takes a few seconds.')
  const app = await openApp(config, {
    clock: context.clock,
    log: createLogger(config.logLevel === 'info' ? 'warn' : config.logLevel),
  })
  try {
    const subscribers = await addSampleSubscribers(app)
    const day = dayIn(config.edition.timezone, context.clock())
    const published = await app.publish(day, sourceOf(day, options.live === true, app))
    for (const line of describePublish(day, published)) terminal.out(line)
    if (published.kind === 'failed') throw new UserError('Run the demo without --live. It then needs no network.')
    if (published.kind === 'published' || published.kind === 'kept') {
      const { status, waiting } = await deliverDay(app, day, { kind: 'everyone' }, context)
      for (const line of describeStatus(day, status, waiting, app.clock())) terminal.out(line)
    }
    await tell(app, subscribers, context)
    if (options.serve === true) await serve(app, subscribers, context)
    return 0
  } finally {
    await app.close()
  }
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

function sourceOf(day: Day, live: boolean, app: App): Source[] {
  return live ? openSources(['huggingface'], app.config, app.clock) : [sampleSource({ clock: app.clock, last: day })]
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
        `  ${delivery.day}  ${delivery.state}, ${papersCounted(delivery.papers)}${matched.length === 0 ? '' : `; first by interest: ${matched.join(', ')}`}`,
      )
    }
  }
  terminal.out('')
  terminal.out(`The mails are in ${outboxDir(app.config)}: open any .eml with a mail program,`)
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
