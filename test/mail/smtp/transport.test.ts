import { generateKeyPairSync } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Message, Transport } from '../../../src/mail/transport.ts'
import { readDkim } from '../../support/sending/dkim.ts'
import { HOSTILE_MESSAGES, messageTo, UNSUBSCRIBE_URL } from '../../support/sending/messages.ts'
import {
  type SmtpFault,
  type SmtpServerInput,
  startSmtpServer,
  type TestSmtpServer,
} from '../../support/servers/smtp-server.ts'
import { until } from '../../support/until.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(input: SmtpServerInput = {}): Promise<TestSmtpServer> {
  const server = await startSmtpServer(input)
  closing.push(() => server.close())
  return server
}

function connect(url: string, timeoutMs = 5_000, dkim: Parameters<typeof smtpTransport>[0]['dkim'] = null): Transport {
  const transport = smtpTransport({ url, dkim, timeoutMs })
  // Before its server, so that no connection is missed.
  closing.unshift(() => transport.close())
  return transport
}

const ADA = messageTo('ada@example.org')
const parcel = (...messages: Message[]) => ({ key: 'parcel-1', messages })
const down = (remedy: string) => ({ kind: 'deferred', pause: 'down', reason: expect.stringContaining(remedy) })
const rejected = (remedy: string) => ({ kind: 'deferred', pause: 'sender', reason: expect.stringContaining(remedy) })
const UNKNOWN = { kind: 'unknown', reason: expect.any(String) }

describe('an SMTP server takes a letter', () => {
  it('to one reader, with every part and header of it', async () => {
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

  it('after it has closed a connection that was idle', async () => {
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

  it('never in the clear when TLS is required', async () => {
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

const reply = (at: 'MAIL' | 'RCPT' | 'DATA', code: number, text: string): SmtpFault => ({
  at,
  kind: 'reply',
  code,
  text,
})
const refused = { kind: 'refused', reason: expect.any(String) }
const gone = { ...refused, suppress: true }
const later = { kind: 'deferred', reason: expect.any(String) }

describe.each([
  ['with pipelining', false],
  ['without pipelining', true],
])('what an SMTP server answers decides what happens next, %s', (_mode, hidePIPELINING) => {
  it.each<[string, SmtpFault, object]>([
    ['no such mailbox', reply('RCPT', 550, '5.1.1 No such user'), gone],
    ['no such domain', reply('RCPT', 550, '5.1.2 Bad destination system address'), gone],
    ['an address that is none', reply('RCPT', 553, '5.1.3 Bad syntax'), gone],
    ['a mailbox that has moved', reply('RCPT', 551, '5.1.6 Moved'), gone],
    ['a domain that takes no mail', reply('RCPT', 556, '5.1.10 Null MX'), gone],
    ['a full mailbox', reply('RCPT', 552, '5.2.2 Mailbox full'), refused],
    ['a policy', reply('RCPT', 550, '5.7.1 Not wanted'), refused],
    ['a refusal without a code', reply('RCPT', 550, 'No'), refused],
    ['no relaying', reply('RCPT', 554, '5.7.1 Relay access denied'), rejected('SMTP_URL')],
    ['a grey list', reply('RCPT', 450, '4.2.0 Greylisted'), later],
    ['a sender it does not like', reply('MAIL', 550, '5.1.8 Bad sender'), rejected('MAIL_FROM')],
    ['a letter too large', reply('MAIL', 552, '5.3.4 Too big'), refused],
    ['a user who must sign in', reply('MAIL', 530, '5.7.0 Authentication required'), rejected('SMTP_URL')],
    ['a busy server', reply('MAIL', 451, '4.3.0 Try later'), later],
    ['a letter it finds bad', reply('DATA', 554, '5.6.0 Spam'), refused],
    ['a letter it cannot keep', reply('DATA', 452, '4.3.1 No space'), later],
  ])('%s', async (_what, fault, expected) => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant(fault)
    const smtp = connect(server.url)
    expect(await smtp.send(parcel(ADA))).toEqual([expected])
    expect(await smtp.send(parcel(messageTo('bob@example.org')))).toMatchObject([{ kind: 'accepted' }])
  })

  it.each<[string, SmtpFault, object, number]>([
    ['a line cut before the letter', { at: 'RCPT', kind: 'drop' }, down('SMTP_URL'), 0],
    ['silence before the letter', { at: 'RCPT', kind: 'hang' }, down('SMTP_URL'), 0],
    ['a line cut after the letter', { at: 'DATA', kind: 'drop' }, UNKNOWN, 1],
    ['silence after the letter', { at: 'DATA', kind: 'hang' }, UNKNOWN, 1],
  ])('%s', async (_what, fault, expected, received) => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant(fault, fault)
    expect(await connect(server.url, 700).send(parcel(ADA))).toEqual([expected])
    expect(server.received).toHaveLength(received)
  })

  it('three lines in a row cut after the letter: the transport pauses', async () => {
    const server = await serve()
    const cut: SmtpFault = { at: 'DATA', kind: 'drop' }
    server.plant(cut, cut)
    const smtp = connect(server.url)
    const outcomes = async (count: number) => {
      const sent = []
      for (let n = 0; n < count; n += 1) sent.push(...(await smtp.send(parcel(ADA))))
      return sent
    }
    expect(await outcomes(3)).toMatchObject([UNKNOWN, UNKNOWN, { kind: 'accepted' }])
    server.plant(cut, cut, cut)
    expect(await outcomes(3)).toEqual([UNKNOWN, UNKNOWN, { ...UNKNOWN, pause: 'down' }])
  })

  it('a line cut in the midst of the letter: it may go again', async () => {
    const server = await serve({ options: { hidePIPELINING } })
    server.plant({ at: 'BODY', kind: 'drop' }, { at: 'BODY', kind: 'drop' })
    const large = messageTo('ada@example.org', { text: 'A long line of text.\n'.repeat(1_000_000) })
    expect(await connect(server.url, 20_000).send(parcel(large))).toEqual([down('SMTP_URL')])
    expect(server.received).toEqual([])
  })
})

describe('an SMTP server that cannot be used', () => {
  it.each([
    ['wrong password', 'user:wrong@', 'user name and password'],
    ['no password', '', 'user name and password'],
  ])('holds the queue and says why: %s', async (_what, login, remedy) => {
    const server = await serve({ user: 'user', password: 'right' })
    const smtp = connect(server.url.replace('//', `//${login}`))
    const [outcome] = await smtp.send(parcel(ADA))
    expect(outcome).toEqual(rejected(remedy))
    expect(JSON.stringify(outcome)).not.toContain('wrong')
  })

  it('is down when nobody listens', async () => {
    const server = await serve()
    await server.close()
    const smtp = connect(server.url)
    expect(await smtp.send(parcel(ADA))).toEqual([down('SMTP_URL')])
    expect(await smtp.check()).toEqual({ ok: false, remedy: expect.stringContaining(`127.0.0.1:${server.port}`) })
  })

  it.each([
    ['never greets', '', 'Greeting'],
    ['speaks another language', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'HTTP'],
  ])('is down when it %s', async (_what, greeting, word) => {
    const mute = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(greeting)
    })
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closing.push(async () => void mute.close())
    const smtp = connect(`smtp://127.0.0.1:${(mute.address() as AddressInfo).port}`, 500)
    expect(await smtp.send(parcel(ADA))).toEqual([down(word)])
  })

  it.each(['', 'mail.example.org', 'http://mail.example.org', 'smtp://user:p%zz@mail.example.org'])(
    'is a fault of the configuration: %j',
    (url) => {
      expect(() => smtpTransport({ url, dkim: null })).toThrow('SMTP_URL must look like')
    },
  )

  it('is found ready when it answers and the password holds', async () => {
    const server = await serve({ user: 'user', password: 'right' })
    expect(await connect(server.url.replace('//', '//user:right@')).check()).toMatchObject({ ok: true })
    expect(await connect(server.url.replace('//', '//user:wrong@')).check()).toEqual({
      ok: false,
      remedy: expect.stringContaining('password'),
    })
  })
})

describe('the DKIM signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const dkim = { domain: 'papers.example.org', selector: 'round', privateKey: pem }

  it('covers what Gmail and RFC 8058 ask for, and holds', async () => {
    const server = await serve()
    await connect(server.url, 5_000, dkim).send(parcel(ADA))
    const reading = readDkim(server.received[0]?.raw ?? Buffer.alloc(0), publicKey)
    expect(reading).toMatchObject({
      domain: 'papers.example.org',
      selector: 'round',
      bodyHashHolds: true,
      signatureHolds: true,
    })
    expect([...reading.signed].sort()).toEqual(
      [
        ...['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'reply-to'],
        ...['list-id', 'list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted'],
      ].sort(),
    )
  })

  it('breaks when the unsubscribe link is changed on the way', async () => {
    const server = await serve()
    await connect(server.url, 5_000, dkim).send(parcel(ADA))
    const raw = server.received[0]?.raw.toString('latin1') ?? ''
    const changed = raw.replace('/unsubscribe/0a1b2c3d', '/unsubscribe/00000000')
    expect(changed).not.toBe(raw)
    expect(readDkim(Buffer.from(changed, 'latin1'), publicKey)).toMatchObject({ signatureHolds: false })
  })

  it.each([
    ['no key at all', 'not a key'],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('is never left out in silence: %s', (_what, wrong) => {
    expect(() => smtpTransport({ url: 'smtp://localhost', dkim: { ...dkim, privateKey: wrong } })).toThrow(
      'DKIM_PRIVATE_KEY',
    )
  })
})
