import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { buildMime } from '../../../src/mail/mime.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Message } from '../../../src/mail/transport.ts'
import { HOSTILE_MESSAGES, messageTo, UNSUBSCRIBE_URL } from '../../support/sending/messages.ts'
import { down, rejected, smtpHarness } from '../../support/sending/smtp.ts'
import { until } from '../../support/until.ts'

const { serve, connect, onEnd } = smtpHarness()
const ADA = messageTo('ada@example.org')
const parcel = (...messages: Message[]) => ({ key: 'parcel-1', messages })

describe('an SMTP server accepts a message', () => {
  it('to one recipient, with every part and header of it', async () => {
    const server = await serve()
    expect(await connect(server.url).send(parcel(ADA))).toEqual([{ kind: 'accepted', providerId: 'TEST1' }])
    expect(server.received).toHaveLength(1)
    const [mail] = server.received
    expect(mail).toMatchObject({ from: 'daily@papers.example.org', to: ['ada@example.org'] })
    const parsed = await simpleParser(mail?.raw ?? '')
    expect(parsed.subject).toBe(ADA.subject)
    expect(parsed.date).toEqual(ADA.date)
    expect(parsed.messageId).toBe(`<${ADA.messageId}>`)
    expect(parsed.text?.trimEnd()).toBe(ADA.text.trimEnd())
    expect(String(parsed.html).trimEnd()).toBe(ADA.html)
    expect(parsed.headers.get('feedback-id')).toBe(ADA.headers['Feedback-ID'])
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(parsed.headers.get('list')).toMatchObject({
      unsubscribe: { url: UNSUBSCRIBE_URL },
      'unsubscribe-post': { name: 'List-Unsubscribe=One-Click' },
      id: { id: 'daily.papers.example.org' },
    })
  })

  it('with the same bytes when it is sent again', async () => {
    const server = await serve()
    const smtp = connect(server.url)
    await smtp.send(parcel(ADA))
    await smtp.send(parcel(ADA))
    const [first, second] = server.received.map(({ raw }) => raw.toString('latin1'))
    expect(second).toBe(first)
  })

  it('of many in one parcel: each has its own outcome, over a few connections', async () => {
    const server = await serve({ recipients: { 'reader7@example.org': { code: 550, text: '5.1.1 No such user' } } })
    const messages = Array.from({ length: 20 }, (_, index) => messageTo(`reader${index}@example.org`))
    const outcomes = await connect(server.url).send(parcel(...messages))
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      messages.map(({ to }) => (to === 'reader7@example.org' ? 'refused' : 'accepted')),
    )
    expect(server.received.flatMap(({ to }) => to).sort()).toEqual(
      messages
        .map(({ to }) => to)
        .filter((to) => to !== 'reader7@example.org')
        .sort(),
    )
    expect(server.connections()).toBeLessThanOrEqual(6)
  })

  it('after it has closed an idle connection', async () => {
    const server = await serve({ options: { socketTimeout: 400 } })
    const smtp = connect(server.url)
    await smtp.send(parcel(ADA))
    await until('the server has closed the idle connection', () => server.open() === 0)
    expect(await smtp.send(parcel(messageTo('bob@example.org')))).toMatchObject([{ kind: 'accepted' }])
    expect(server.received.map(({ to }) => to)).toEqual([['ada@example.org'], ['bob@example.org']])
  })

  it('over TLS when it offers that, or not at all when its certificate is not known', async () => {
    const server = await serve({ options: { disabledCommands: [] } })
    expect(await connect(server.url).send(parcel(ADA))).toMatchObject([down('TLS')])
    expect(await connect(`${server.url}?tls.rejectUnauthorized=false`).send(parcel(ADA))).toMatchObject([
      { kind: 'accepted' },
    ])
    expect(server.received.map(({ secure }) => secure)).toEqual([true])
  })

  it('over TLS from the first byte, in many pieces', async () => {
    const server = await serve({ options: { secure: true } })
    const large = messageTo('ada@example.org', { text: 'A line of text.\n'.repeat(50_000) })
    const smtp = connect(`${server.url.replace('smtp:', 'smtps:')}?tls.rejectUnauthorized=false`)
    expect(await smtp.send(parcel(large, ADA))).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }])
    expect(server.received.map(({ raw }) => raw.toString())).toEqual(
      expect.arrayContaining([buildMime(large).toString(), buildMime(ADA).toString()]),
    )
  })

  it('never unencrypted when TLS is required', async () => {
    const server = await serve()
    expect(await connect(`${server.url}?requireTLS=true`).send(parcel(ADA))).toMatchObject([down('TLS')])
    expect(server.received).toEqual([])
  })

  it('from a user who signs in', async () => {
    const server = await serve({ user: 'user@example.org', password: 'p:/@ss' })
    const url = server.url.replace('//', '//user%40example.org:p%3A%2F%40ss@')
    expect(await connect(url).send(parcel(ADA))).toMatchObject([{ kind: 'accepted' }])
  })

  it.each(HOSTILE_MESSAGES)('but never %s', async (_what, hostile) => {
    const server = await serve()
    const outcomes = await connect(server.url).send(parcel(hostile, messageTo('bob@example.org')))
    expect(outcomes).toMatchObject([{ kind: 'refused' }, { kind: 'accepted' }])
    expect(server.received.map(({ to }) => to)).toEqual([['bob@example.org']])
  })
})

describe('an SMTP server that cannot be used', () => {
  it.each([
    ['wrong password', 'user:wrong@', 'user name and password'],
    ['no password', '', 'user name and password'],
  ])('pauses the transport and says why: %s', async (_what, login, remedy) => {
    const server = await serve({ user: 'user', password: 'right' })
    const smtp = connect(server.url.replace('//', `//${login}`))
    const [outcome] = await smtp.send(parcel(ADA))
    expect(outcome).toEqual(rejected(remedy))
    expect(JSON.stringify(outcome)).not.toContain('wrong')
  })

  it('is down when no server listens', async () => {
    const server = await serve()
    await server.close()
    const smtp = connect(server.url)
    expect(await smtp.send(parcel(ADA))).toEqual([down('SMTP_URL')])
    expect(await smtp.check()).toEqual({
      ok: false,
      passing: true,
      remedy: expect.stringContaining(`127.0.0.1:${server.port}`),
    })
  })

  it.each([
    ['never greets', '', 'Greeting'],
    ['is not an SMTP server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'HTTP'],
  ])('is down when it %s', async (_what, greeting, word) => {
    const mute = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(greeting)
    })
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    onEnd(async () => void mute.close())
    const smtp = connect(`smtp://127.0.0.1:${(mute.address() as AddressInfo).port}`, { timeoutMs: 500 })
    expect(await smtp.send(parcel(ADA))).toEqual([down(word)])
  })

  it.each(['', 'mail.example.org', 'http://mail.example.org', 'smtp://user:p%zz@mail.example.org'])(
    'is a fault of the configuration: %j',
    (url) => {
      expect(() => smtpTransport({ url, dkim: null })).toThrow('SMTP_URL must look like')
    },
  )

  it('is ready when it answers and accepts the password', async () => {
    const server = await serve({ user: 'user', password: 'right' })
    expect(await connect(server.url.replace('//', '//user:right@')).check()).toMatchObject({ ok: true })
    expect(await connect(server.url.replace('//', '//user:wrong@')).check()).toEqual({
      ok: false,
      passing: false,
      remedy: expect.stringContaining('password'),
    })
  })
})
