import { existsSync, readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { run } from '../../../src/cli/day/run.ts'
import { steer } from '../../../src/cli/day/steer.ts'
import {
  addSubscribersFor,
  isPresent,
  openInstallation,
  openTestApp,
  QUICKEST,
  readOutbox,
  SHAPES,
  type Shape,
  type TestInstallation,
} from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { tally } from '../../support/sending/tally.ts'
import type { ResendServerOptions } from '../../support/servers/resend/api.ts'
import { everyFault } from '../../support/servers/resend/faults.ts'
import { type ResendServer, startResendServer } from '../../support/servers/resend/server.ts'
import { startSmtpServer } from '../../support/servers/smtp-server.ts'
import { until } from '../../support/until.ts'

const KEY = 're_a_key_of_the_tests'
const DAY = '2026-11-24'
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function resendServer(options: ResendServerOptions = {}): Promise<ResendServer> {
  const server = await startResendServer({ apiKey: KEY, ...options })
  closers.push(() => server.close())
  return server
}

async function placeWith(
  shape: Shape,
  subscribers: number,
  over: Parameters<typeof openInstallation>[1],
): Promise<TestInstallation> {
  const place = await openInstallation(shape, over)
  closers.push(() => place.close())
  const app = await openTestApp(place)
  await addSubscribersFor(
    app,
    Array.from({ length: subscribers }, (_, n) => ({ email: `r${n}@example.org` })),
  )
  await app.close()
  return place
}

const resendPlace = (shape: Shape, url: string, subscribers: number, parcelSize = 20) =>
  placeWith(shape, subscribers, {
    mail: { transports: ['resend'], parcelSize },
    resend: { apiKey: KEY, baseUrl: url, webhookSecret: null },
  })

const PATH = '/emails/batch'

/** The pipeline as one machine has it with nothing installed, and as many machines share it. */
const PIPELINES = SHAPES.filter((shape) => shape !== 'PostgreSQL')

describe.each(PIPELINES)('over Resend, on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('each subscriber gets exactly one digest although answers are lost, cut off, unreadable or rejections', async () => {
    const server = await resendServer()
    const place = await resendPlace(shape, server.url, 200)
    const faults = everyFault(PATH)
    server.plant(...faults)
    const context = commandContext(place)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(0)
    expect(tally(server)).toEqual({ 1: 200 })
    expect(server.calls.length).toBeGreaterThan(10 + 3) // Ten parcels, and the repeats were really made.
    expect(context.said.join('\n')).toContain('200 deliveries = 200 sent')
  }, 300_000)

  test('a call that is accepted, cut off and then turned away over a new connection mails nobody twice', async () => {
    let cutKey: string | null = null
    const repeats = () => server.calls.filter(({ key }) => key !== null && key === cutKey).length - 1
    const server: ResendServer = await resendServer({
      ratePerSecond: 1,
      // Each call is two seconds after the one before. Only the repeat of the cut call comes too fast.
      clock: () => {
        const calls = server?.calls ?? []
        const tooFast = calls.length > 0 && calls.at(-1)?.key === cutKey && repeats() === 1
        return new Date(2_000 * (tooFast ? calls.length - 1 : calls.length))
      },
      nextFault: (reused) => {
        if (cutKey !== null || !reused || server.calls.at(-1)?.path !== PATH) return undefined
        cutKey = server.calls.at(-1)?.key ?? null
        return { when: 'after', kind: 'cut' }
      },
    })
    const place = await resendPlace(shape, server.url, 200, 5)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, commandContext(place))).toBe(0)
    expect(tally(server)).toEqual({ 1: 200 })
    expect(repeats()).toBeGreaterThan(1)
  }, 300_000)
})

describe('over Resend', () => {
  const shape = QUICKEST

  it('one refused address does not stop the others of its parcel', async () => {
    const server = await resendServer({ refuse: ['r7@example.org'] })
    const place = await resendPlace(shape, server.url, 40)
    const context = commandContext(place)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(1)
    expect(tally(server)).toEqual({ 1: 39 })
    expect(context.said.join('\n')).toMatch(/40 deliveries = 39 sent \+ 1 refused/)
  }, 300_000)

  it('a used-up quota pauses sending, `run --wait` says until when, and `resume` continues', async () => {
    const server = await resendServer()
    const place = await resendPlace(shape, server.url, 60)
    server.plant({ when: 'before', kind: 'status', status: 429, name: 'daily_quota_exceeded', path: PATH })
    let aheadMs = 0
    const context = commandContext(place, () => new Date(Date.now() + aheadMs))
    const running = run({ date: DAY, source: ['sample'], wait: true, giveUpAfter: '10m' }, context)
    const paused = /^resend is paused since .*daily_quota_exceeded.* Next try at 00:01 UTC/
    await until('it says what it waits for', () => context.said.some((line) => paused.test(line)))
    aheadMs = 11 * 60_000
    expect(await running).toBe(1)
    expect(context.said.join('\n')).toMatch(/Gave up waiting after 10 min: \d+ deliveries are left/)
    aheadMs = 0
    expect(await steer('running', { date: DAY }, context)).toBe(0)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(0)
    expect(tally(server)).toEqual({ 1: 60 })
  }, 300_000)

  it('a wrong key sends nothing, publishes nothing and says what to do', async () => {
    const server = await resendServer({ apiKey: 're_quite_another' })
    const place = await resendPlace(shape, server.url, 2)
    const context = commandContext(place)
    await expect(run({ date: DAY, source: ['sample'], wait: true }, context)).rejects.toThrow(
      /nothing was started[\s\S]*RESEND_API_KEY/,
    )
    expect(context.said.join('\n')).not.toContain('Edition')
  }, 300_000)

  it('fails over to SMTP when Resend is unreachable, without a second mail to anybody', async () => {
    const server = await resendServer()
    const smtp = await startSmtpServer()
    closers.push(() => smtp.close())
    const place = await placeWith(shape, 30, {
      mail: { transports: ['resend', 'smtp'], parcelSize: 10 },
      resend: { apiKey: KEY, baseUrl: server.url, webhookSecret: null },
      smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
    })
    server.plant({ when: 'before', kind: 'status', status: 429, name: 'monthly_quota_exceeded', path: PATH })
    expect(await run({ date: DAY, source: ['sample'], wait: true }, commandContext(place))).toBe(0)
    const all = [...server.delivered.flatMap((mail) => mail.recipients), ...smtp.received.flatMap((mail) => mail.to)]
    expect(all.sort()).toEqual(Array.from({ length: 30 }, (_, n) => `r${n}@example.org`).sort())
    expect(smtp.received.length).toBeGreaterThan(0)
  }, 300_000)
})

it('when Resend refuses connections, SMTP sends all messages and none is refused', async () => {
  const server = await resendServer()
  await server.close()
  const smtp = await startSmtpServer()
  closers.push(() => smtp.close())
  const place = await placeWith(QUICKEST, 25, {
    mail: { transports: ['resend', 'smtp'], parcelSize: 10 },
    resend: { apiKey: KEY, baseUrl: server.url, webhookSecret: null },
    smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
  })
  const context = commandContext(place)
  expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(0)
  expect(new Set(smtp.received.flatMap((mail) => mail.to)).size).toBe(25)
  expect(context.said.join('\n')).toContain('25 deliveries = 25 sent')
}, 300_000)

describe.each(PIPELINES)('over SMTP, on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('a message with a lost answer is uncertain and not sent again; all others get one mail', async () => {
    const smtp = await startSmtpServer()
    closers.push(() => smtp.close())
    smtp.plant({ at: 'DATA', kind: 'drop' })
    const place = await placeWith(shape, 20, {
      mail: { transports: ['smtp'] },
      smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
    })
    const context = commandContext(place)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(1)
    expect(context.said.join('\n')).toMatch(/20 deliveries = 19 sent \+ 1 uncertain/)
    const recipients = smtp.received.flatMap((mail) => mail.to)
    expect(new Set(recipients).size).toBe(recipients.length)
  }, 300_000)
})

describe('the outbox', () => {
  it('of an interrupted run is completed by the next run', async () => {
    const subscribers = 150
    // Without a limit, a quick machine can write all of them before the interruption is noticed.
    const place = await placeWith(QUICKEST, subscribers, { mail: { ratePerSecond: 50 } })
    let interrupt = () => {}
    const context = { ...commandContext(place), interrupted: new Promise<void>((resolve) => (interrupt = resolve)) }
    const first = run({ date: DAY, source: ['sample'], wait: true }, context)
    const ended = expect(first).rejects.toThrow(
      /Interrupted.*The other deliveries stay queued: run the same command again/,
    )
    await until('the first mail is there', () => existsSync(place.outbox) && readdirSync(place.outbox).length > 1)
    interrupt()
    await ended
    expect((await readOutbox(place.outbox)).length).toBeLessThan(subscribers)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, commandContext(place))).toBe(0)
    expect(await readOutbox(place.outbox)).toHaveLength(subscribers)
  }, 300_000)
})
