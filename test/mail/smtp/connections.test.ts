import { describe, expect, it } from '@jest/globals'
import {
  SMTP_GROWTH_INTERVAL_MS,
  SMTP_NO_CONNECTION_GAP_MS,
  SMTP_NO_CONNECTION_MS_MAX,
} from '../../../config/limits.ts'
import type { Outcome } from '../../../src/mail/outcome.ts'
import { expectOneEach, fastSmtpHarness, kindsOf, send } from '../../support/sending/smtp.ts'
import { until } from '../../support/until.ts'

const { serve, connect, busy, time } = fastSmtpHarness()

// Five connections open at once, and a slow server may still hold the one before.
const REFUSED_AT_MOST = 8

describe('an SMTP server that admits few connections is used as far as it admits', () => {
  it('two connections: these two carry the whole edition, and one more is tried later', async () => {
    const server = await busy({ admits: 2 })
    const smtp = connect(server.url)
    expect(kindsOf(await send(smtp, 60))).toEqual(['accepted'])
    expectOneEach(server, 60)
    const { most, turnedAway } = server.counts()
    expect(most).toBe(2)
    expect(turnedAway).toBeLessThanOrEqual(REFUSED_AT_MOST)
    expect(kindsOf(await send(smtp, 20, 'later'))).toEqual(['accepted'])
    expect(server.counts().turnedAway).toBe(turnedAway)
    time.now += SMTP_GROWTH_INTERVAL_MS
    expect(kindsOf(await send(smtp, 20, 'again'))).toEqual(['accepted'])
    await until('one more was tried', () => server.counts().turnedAway === turnedAway + 1)
  })

  it('one connection', async () => {
    const server = await busy({ admits: 1 })
    expect(kindsOf(await send(connect(server.url), 20))).toEqual(['accepted'])
    expectOneEach(server, 20)
    expect(server.counts().most).toBe(1)
    expect(server.counts().turnedAway).toBeLessThanOrEqual(REFUSED_AT_MOST)
  })

  it('every third connection is refused: the others carry the edition', async () => {
    const server = await busy({ turnsAwayEvery: 3, turnedAwayText: '4.3.2 Service not available' })
    expect(kindsOf(await send(connect(server.url), 60))).toEqual(['accepted'])
    expectOneEach(server, 60)
    expect(server.counts().turnedAway).toBeGreaterThan(0)
    expect(server.counts().turnedAway).toBeLessThanOrEqual(REFUSED_AT_MOST)
  })

  it('every third connection is refused, one is allowed, and each carries one message', async () => {
    const limits = { turnsAwayEvery: 3, perConnection: { messages: 1, ends: 'silently' } } as const
    const server = await busy({ ...limits, turnedAwayText: '4.3.2 Service not available' })
    expect(kindsOf(await send(connect(server.url, { connections: 1 }), 6))).toEqual(['accepted'])
    expectOneEach(server, 6)
    expect(server.connections()).toBe(8)
  })

  it('the number of connections grows again when the server admits more', async () => {
    let admits = 1
    const server = await busy({
      get admits() {
        return admits
      },
    })
    const smtp = connect(server.url)
    await send(smtp, 10)
    admits = 10
    time.now += 10 * SMTP_GROWTH_INTERVAL_MS
    expect(kindsOf(await send(smtp, 10, 'later'))).toEqual(['accepted'])
    await until('five are open', () => server.counts().most === 5)
    expect(server.counts().turnedAway).toBe(4)
  })

  it.each([1, 3, 8])('never more than SMTP_CONNECTIONS: %i', async (connections) => {
    // On a busy machine, the first connection would carry all messages before the others are open.
    const server = await serve({
      options: {
        onMailFrom: (_address, _session, done) => {
          until('all connections are open', () => server.connections() >= connections).then(() => done(), done)
        },
      },
    })
    expect(kindsOf(await send(connect(server.url, { connections }), 20))).toEqual(['accepted'])
    expect(server.counts().most).toBe(connections)
    expect(server.connections()).toBe(connections)
  })

  it.each([
    ['421', '4.3.2 Concurrent connections limit exceeded'],
    ['432', '4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending'],
    ['454', '4.7.0 Temporary authentication failure'],
  ])('a second sign-in is answered %s', async (code, text) => {
    let signedIn = 0
    const server = await serve({
      user: 'user',
      options: {
        onAuth: ({ username }, _session, done) => {
          signedIn += 1
          if (signedIn === 1) done(null, { user: username })
          else done(Object.assign(new Error(text), { responseCode: Number(code) }))
        },
      },
    })
    const smtp = connect(server.url.replace('//', '//user:right@'))
    expect(kindsOf(await send(smtp, 10))).toEqual(['accepted'])
    expectOneEach(server, 10)
    expect(server.connections()).toBeLessThanOrEqual(5)
  })
})

describe('an SMTP server that admits nobody', () => {
  it('pauses the transport with its reply after a few attempts, and is used once it opens', async () => {
    let closed = true
    const server = await busy({ isClosed: () => closed, turnedAwayText: '4.3.2 System not accepting messages' })
    const smtp = connect(server.url)
    for (const outcome of await send(smtp, 20)) {
      expect(outcome).toMatchObject({ kind: 'deferred', pause: 'down' })
      expect(outcome).toHaveProperty('reason', expect.stringContaining('System not accepting messages'))
    }
    expect(server.connections()).toBeLessThanOrEqual(12)
    closed = false
    expect(kindsOf(await send(smtp, 20))).toEqual(['accepted'])
    expectOneEach(server, 20)
  })

  it('because another program has all connections: the messages wait within the call until one is free', async () => {
    const server = await busy({ admits: 1 })
    const other = connect(server.url, { connections: 1 })
    await send(other, 1, 'other')
    let pauses = 0
    const pause = async () => {
      pauses += 1
      if (pauses < 2) return
      await other.close()
      await until('the other connection is closed', () => server.open() === 0)
    }
    expect(kindsOf(await send(connect(server.url, { pause }), 10))).toEqual(['accepted'])
    expectOneEach(server, 10)
  })

  it('because another program keeps all connections: the messages are deferred, and after ten minutes the transport pauses', async () => {
    const server = await busy({ admits: 1 })
    await send(connect(server.url, { connections: 1 }), 1, 'other')
    const pause = async () => {
      time.now += SMTP_NO_CONNECTION_GAP_MS
    }
    const smtp = connect(server.url, { pause })
    const waiting = await send(smtp, 3)
    expect(kindsOf(waiting)).toEqual(['deferred'])
    for (const outcome of waiting) {
      expect(outcome).toMatchObject({ notAttempted: true, retryMs: expect.any(Number) })
      expect(outcome).not.toHaveProperty('pause')
      expect(outcome).toHaveProperty('reason', expect.stringContaining('Too many connections'))
    }
    expect(await smtp.check()).toMatchObject({ ok: true, note: expect.stringContaining('Too many connections') })
    const outcomes: Outcome[] = []
    for (let tries = 0; tries < SMTP_NO_CONNECTION_MS_MAX / SMTP_NO_CONNECTION_GAP_MS; tries += 1)
      outcomes.push(...(await send(smtp, 1)))
    expect(outcomes[0]).not.toHaveProperty('pause')
    expect(outcomes.at(-1)).toMatchObject({ kind: 'deferred', pause: 'down' })
  })

  it('two processes share two connections, and both finish', async () => {
    const server = await busy({ admits: 2 })
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 20))
    const both = ['one', 'two'].map(async (name) => {
      const smtp = connect(server.url, { pause, clock: Date.now })
      const outcomes = await send(smtp, 20, name)
      await smtp.close()
      return outcomes
    })
    expect(kindsOf((await Promise.all(both)).flat())).toEqual(['accepted'])
    expectOneEach(server, 20, 'one')
    expectOneEach(server, 20, 'two')
    expect(server.counts().most).toBe(2)
  })
})
