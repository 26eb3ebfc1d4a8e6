import { describe, expect, it } from '@jest/globals'
import { messageTo } from '../../support/sending/messages.ts'
import { expectOneEach, fastSmtpHarness, kindsOf, send, smtpReply } from '../../support/sending/smtp.ts'
import { until } from '../../support/until.ts'

const { serve, connect, busy, time } = fastSmtpHarness()

describe.each([
  ['with pipelining', false],
  ['without pipelining', true],
])('a connection that ends during a session loses no message, %s', (_mode, hidePIPELINING) => {
  it.each([
    ['421 at the next message', 1, '421'],
    ['421 at the next message', 3, '421'],
    ['a silent close', 1, 'silently'],
    ['a silent close', 3, 'silently'],
  ] as const)('%s after %i', async (_what, count, ends) => {
    const limits = { admits: 4, perConnection: { messages: count, ends } }
    const server = await serve({ limits, options: { hidePIPELINING } })
    expect(kindsOf(await send(connect(server.url, { connections: 4 }), 16))).toEqual(['accepted'])
    expectOneEach(server, 16)
  })

  it.each(['MAIL', 'RCPT', 'DATA'] as const)('421 at %s of one message, once', async (at) => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant(smtpReply(at, 421, '4.3.2 Shutting down'))
    expect(kindsOf(await send(connect(server.url), 10))).toEqual(['accepted'])
    expectOneEach(server, 10)
  })

  it('421 for one recipient, always: only that message is deferred, with the server’s reply', async () => {
    const recipients = { 'reader3@example.org': { code: 421, text: '4.7.0 Try again later, closing connection' } }
    const server = await serve({ recipients, options: { hidePIPELINING } })
    const outcomes = await send(connect(server.url), 10)
    expect(outcomes[3]).toEqual({ kind: 'deferred', reason: 'SMTP: 421 4.7.0 Try again later, closing connection' })
    expect(kindsOf(outcomes.filter((_, index) => index !== 3))).toEqual(['accepted'])
    expect(server.received).toHaveLength(9)
    expect(server.connections()).toBeLessThanOrEqual(8)
  })

  it('a connection cut at RCPT, once', async () => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant({ at: 'RCPT', kind: 'drop' })
    expect(kindsOf(await send(connect(server.url), 2))).toEqual(['accepted'])
    expectOneEach(server, 2)
  })
})

describe('an SMTP server', () => {
  it.each([
    ['MAIL', 451, '4.7.1 Hourly limit of 5 messages reached'],
    ['RCPT', 452, '4.7.1 Hourly limit of 5 messages reached'],
    ['DATA', 550, '5.4.5 Hourly limit of 5 messages reached'],
  ] as const)('limits by the hour at %s: its reply is the reason why the rest waits', async (at, code, text) => {
    const server = await busy({ hourly: { messages: 5, at, code, text }, clock: () => new Date(time.now) })
    const smtp = connect(server.url, { connections: 1 })
    const outcomes = await send(smtp, 8)
    expect(kindsOf(outcomes.slice(0, 5))).toEqual(['accepted'])
    for (const outcome of outcomes.slice(5))
      expect(outcome).toHaveProperty('reason', expect.stringContaining(`${code} ${text}`))
    time.now += 3_600_000
    expect(kindsOf(await send(smtp, 1, 'later'))).toEqual(['accepted'])
    expectOneEach(server, 5)
  })

  it('cuts the connection within a message once: it is sent again, because its end was certainly not sent', async () => {
    const server = await serve({})
    server.plant({ at: 'BODY', kind: 'drop' })
    // Larger than all buffers, so that it is not read to its end.
    const large = messageTo('reader0@example.org', { text: 'A long line of text.\n'.repeat(500_000) })
    const sending = connect(server.url).send({ key: 'parcel-1', messages: [large] })
    expect(await sending).toMatchObject([{ kind: 'accepted' }])
    expectOneEach(server, 1)
  })

  it('greylists for 300 s and admits two connections: each message is deferred until then, and accepted once', async () => {
    const server = await busy({ greylistSeconds: 300, admits: 2, clock: () => new Date(time.now) })
    const smtp = connect(server.url)
    for (const outcome of [...(await send(smtp, 10)), ...(await send(smtp, 10))])
      expect(outcome).toEqual({ kind: 'deferred', reason: expect.stringContaining('450 4.2.0 Greylisted') })
    time.now += 300_000
    expect(kindsOf(await send(smtp, 10))).toEqual(['accepted'])
    expectOneEach(server, 10)
  })
})

describe('the end of the transport', () => {
  it('closes every connection, and waiting messages were not attempted', async () => {
    const server = await busy({ admits: 1 })
    const smtp = connect(server.url)
    const sending = send(smtp, 10)
    await until('the first message has come', () => server.received.length > 0)
    await smtp.close()
    const outcomes = await sending
    expect(outcomes.filter(({ kind }) => kind === 'accepted').length).toBe(server.received.length)
    for (const outcome of outcomes.filter(({ kind }) => kind !== 'accepted'))
      expect(outcome).toEqual({ kind: 'deferred', notAttempted: true, reason: expect.any(String) })
    await until('nothing is open', () => server.open() === 0)
  })
})
