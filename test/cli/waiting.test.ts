import { afterEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { run } from '../../src/cli/day/run.ts'
import { showStatus } from '../../src/cli/day/status.ts'
import { work } from '../../src/cli/day/steps.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/servers/smtp-server.ts'
import { until } from '../support/until.ts'

const DAY = '2026-11-24'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A mail server that defers everybody’s first messages, and three subscribers. The clock stands until a test moves it. */
async function greylisted(): Promise<{
  place: TestInstallation
  smtp: TestSmtpServer
  clock: Clock
  later: (minutes: number) => void
}> {
  let minutes = 0
  const clock = () => new Date(Date.parse('2026-11-24T08:00:00Z') + minutes * 60_000)
  const smtp = await startSmtpServer({
    nextFault: (at) =>
      at === 'RCPT' && minutes < 5
        ? { at, kind: 'reply', code: 450, text: '4.2.0 Greylisted, try again later.' }
        : undefined,
  })
  closers.push(() => smtp.close())
  const place = await openInstallation(QUICKEST, {
    mail: { transports: ['smtp'] },
    smtp: { url: smtp.url, dkim: null, uncertain: 'park', connections: 5 },
  })
  closers.push(() => place.close())
  const app = await openTestApp(place, clock)
  await addSubscribersFor(
    app,
    ['ada', 'kofi', 'mei'].map((name) => ({ email: `${name}@example.org` })),
  )
  await app.close()
  return {
    place,
    smtp,
    clock,
    later: (more) => {
      minutes += more
    },
  }
}

const GREYLISTED =
  /^3 digests wait since 08:00 UTC, deferred: SMTP: 450 4\.2\.0 Greylisted, try again later\. Next try at 08:01 UTC, at the latest until 06:00 UTC tomorrow\.$/

describe('a mail server that greylists', () => {
  it('is told while `run --wait` waits; given up on, the rest is sent by the next command', async () => {
    const { place, smtp, clock, later } = await greylisted()
    const context = commandContext(place, clock)
    const running = run({ date: DAY, source: ['sample'], wait: true, giveUpAfter: '10m' }, context)
    await until('it says what it waits for', () => context.said.some((line) => GREYLISTED.test(line)))
    later(11)
    expect(await running).toBe(1)
    const said = context.said.join('\n')
    expect(said).toContain('3 deliveries = 3 queued')
    expect(said).toContain('Gave up waiting after 10 min: 3 deliveries are left. They stay in the queue')
    expect(said).toContain('No worker is running: start one with `paperround worker`, or run this command again.')
    expect(context.said.filter((line) => GREYLISTED.test(line))).toHaveLength(1)

    const status = commandContext(place, clock)
    await showStatus({ date: DAY }, status)
    expect(status.said.join('\n')).toContain('3 digests wait since 08:00 UTC, deferred: SMTP: 450')
    const json = commandContext(place, clock)
    await showStatus({ date: DAY, json: true }, json)
    expect(JSON.parse(json.said.join('\n')).waiting).toEqual([
      {
        why: 'deferred',
        mail: 'digest',
        count: 3,
        transport: null,
        kind: null,
        takenOverBy: null,
        day: null,
        reason: 'SMTP: 450 4.2.0 Greylisted, try again later.',
        since: '2026-11-24T08:00:00.000Z',
        nextTryAt: expect.stringMatching(/^2026-11-24T08:01/),
        until: '2026-11-25T06:00:00.000Z',
      },
    ])

    await forgetJobs(place, clock)
    const again = commandContext(place, clock)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, again)).toBe(0)
    expect(again.said.join('\n')).toContain('3 deliveries = 3 sent')
    expect(smtp.received).toHaveLength(3)
  }, 120_000)

  it('is told while `work --until-idle` waits', async () => {
    const { place, smtp, clock, later } = await greylisted()
    expect(await run({ date: DAY, source: ['sample'] }, commandContext(place, clock))).toBe(0)
    let interrupt = () => {}
    const interrupted = new Promise<void>((resolve) => {
      interrupt = resolve
    })
    const context = { ...commandContext(place, clock), interrupted }
    const working = work({ untilIdle: true }, context)
    await until('it says what it waits for', () => context.said.some((line) => GREYLISTED.test(line)))
    interrupt()
    await expect(working).rejects.toThrow('Interrupted before the queues were empty')
    later(6)
    await forgetJobs(place, clock)
    const again = commandContext(place, clock)
    expect(await work({ untilIdle: true }, again)).toBe(0)
    expect(again.said).toEqual([])
    expect(smtp.received).toHaveLength(3)
  }, 120_000)
})

/** Their delay is of the real clock; the ledger makes them again. */
async function forgetJobs(place: TestInstallation, clock: Clock): Promise<void> {
  const app = await openTestApp(place, clock)
  if (app.queueConnection.kind === 'redis') await app.queueConnection.redis.flushdb()
  else await sql`truncate bullmq.job cascade`.execute(app.ledger.db)
  await app.close()
}
