import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SMTP_NO_CONNECTION_RETRY_MS } from '../../../config/limits.ts'
import type { ReplyBlame } from '../../../src/mail/reply/blame.ts'
import { smtpOutcome } from '../../../src/mail/smtp/error-codes.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import { REPLIES } from '../../support/corpora/mail-replies.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { type SmtpFault, startSmtpServer } from '../../support/servers/smtp-server.ts'

const ADA = messageTo('ada@example.org')
const NOW = new Date('2026-11-24T06:20:00Z')
const MINUTE_MS = 60_000
const closing: (() => Promise<unknown> | unknown)[] = []
let reply: SmtpFault | undefined

const server = await startSmtpServer({ nextFault: (at) => (reply?.at === at ? reply : undefined) })
const smtp = smtpTransport({ url: server.url, dkim: null, timeoutMs: 5_000 })
closing.push(
  () => server.close(),
  () => smtp.close(),
)
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

async function answerTo(at: 'MAIL' | 'RCPT' | 'DATA', code: number, text: string) {
  reply = { at, kind: 'reply', code, text }
  const outcomes = await smtp.send({ key: 'one', messages: [ADA] })
  reply = undefined
  return outcomes
}

const shown = (text: string) => expect.stringContaining(text.slice(0, 60))
const REPLIES_TO_RCPT = REPLIES.flatMap(([blame, text]) => {
  const [, code = '', words = ''] = /^([45]\d\d)[ -]([\x20-\x7e]*)$/.exec(text) ?? []
  // A 421 ends the connection; see below.
  return code === '' || code === '421' ? [] : [[blame, Number(code), words] as const]
})

/** The outcome of a reply to RCPT by the party at fault. */
const MEANING: Readonly<Record<ReplyBlame, (isPermanent: boolean) => object>> = {
  address: () => ({ kind: 'refused', suppress: true }),
  recipient: (isPermanent) => ({ kind: isPermanent ? 'refused' : 'deferred' }),
  sender: () => ({ kind: 'deferred', pause: 'sender' }),
  limit: () => ({ kind: 'deferred', pause: expect.stringMatching(/^(rate|quota)$/), retryMs: expect.any(Number) }),
  server: () => ({ kind: 'deferred' }),
  unclear: (isPermanent) => ({ kind: isPermanent ? 'refused' : 'deferred' }),
}

describe('a reply to RCPT', () => {
  it.each(REPLIES_TO_RCPT)('%s: %s %s', async (blame, code, words) => {
    expect(await answerTo('RCPT', code, words)).toEqual([
      {
        ...MEANING[blame](code >= 500),
        reason: expect.stringContaining(words.trim().replace(/\s+/g, ' ').slice(0, 60)),
      },
    ])
  })
})

const REPLIES_421 = REPLIES.filter(([, text]) => text.startsWith('421'))

describe('a reply to RCPT that ends the connection', () => {
  it.each(REPLIES_421)('%s: %s', (blame, response) => {
    const message = `RCPT TO failed: ${response}`
    const failure = { message, code: 'EENVELOPE', command: 'RCPT TO', response, responseCode: 421 }
    expect(smtpOutcome(failure, false, NOW)).toEqual({
      ...MEANING[blame](false),
      reason: expect.stringContaining(response.slice(0, 60)),
    })
  })
})

const refused = { kind: 'refused', reason: expect.any(String) }
const later = { kind: 'deferred', reason: expect.any(String) }
const sender = (remedy: string) => ({ kind: 'deferred', pause: 'sender', reason: shown(remedy) })
const down = (remedy: string) => ({ kind: 'deferred', pause: 'down', reason: shown(remedy) })

describe('a reply to another command', () => {
  it.each<['MAIL' | 'DATA', number, string, object]>([
    ['MAIL', 550, '5.1.8 Bad sender', sender('MAIL_FROM')],
    ['MAIL', 550, 'No', sender('MAIL_FROM')],
    ['MAIL', 550, '5.1.1 User unknown', sender('MAIL_FROM')],
    ['MAIL', 530, '5.7.0 Authentication required', sender('user name and password')],
    ['MAIL', 550, '5.7.1 Your account has been suspended', sender('account')],
    ['MAIL', 553, '5.7.1 Sender address rejected: not owned by user', sender('MAIL_FROM')],
    ['MAIL', 451, '4.3.0 Try later', later],
    ['MAIL', 552, '5.3.4 Message size exceeds fixed maximum message size', refused],
    ['MAIL', 452, '4.3.1 Insufficient system storage', later],
    ['DATA', 554, '5.6.0 Spam', refused],
    ['DATA', 554, 'Transaction failed', refused],
    ['DATA', 550, '5.1.1 No such user', { ...refused, suppress: true }],
    ['DATA', 550, 'User unknown', refused],
    ['DATA', 452, '4.3.1 No space', later],
    ['DATA', 503, 'Bad sequence of commands', later],
    [
      'DATA',
      554,
      '5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org',
      sender('block list'),
    ],
    ['DATA', 550, '5.7.26 Unauthenticated email from example.org is not accepted', sender('paperround doctor')],
    ['DATA', 554, 'Message rejected: Email address is not verified.', sender('MAIL_FROM')],
    ['DATA', 554, 'Sending paused for this account.', sender('account')],
    ['DATA', 550, '5.7.1 Relaying denied', sender('does not relay')],
  ])('%s: %s %s', async (at, code, text, expected) => {
    expect(await answerTo(at, code, text)).toEqual([expected])
  })
})

describe('a limit of a mail server pauses its transport', () => {
  it.each<[string, string, number]>([
    ['454 Throttling failure: Maximum sending rate exceeded.', 'rate', 1_000],
    ['450 4.7.1 Error: too much mail from 192.0.2.9', 'rate', MINUTE_MS],
    ['451 4.7.500 Server busy. Please try again later from [192.0.2.9].', 'rate', MINUTE_MS],
    ['450 4.7.1 Rate limit exceeded, try again in 5 minutes', 'rate', 5 * MINUTE_MS],
    ['421 4.7.0 Too many messages, retry after 30 seconds', 'rate', 30_000],
    ['550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP', 'quota', 60 * MINUTE_MS],
    ['451 4.7.1 Maximum credits exceeded', 'quota', 60 * MINUTE_MS],
    [
      '550 Domain example.org has exceeded the max emails per hour (150/150 (100%)) allowed. Message discarded.',
      'quota',
      41 * MINUTE_MS,
    ],
    ['452 Too many recipients received this hour', 'quota', 41 * MINUTE_MS],
    ['550 5.4.5 Daily user sending limit exceeded.', 'quota', (17 * 60 + 41) * MINUTE_MS],
    ['454 Throttling failure: Daily message quota exceeded.', 'quota', (17 * 60 + 41) * MINUTE_MS],
    ['550 You have reached your monthly sending quota', 'quota', (6 * 24 * 60 + 17 * 60 + 41) * MINUTE_MS],
  ])('%s → %s for %i ms', (response, pause, retryMs) => {
    for (const command of ['MAIL FROM', 'RCPT TO', 'DATA']) {
      const code = command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE'
      const failure = { message: 'failed', code, command, response, responseCode: Number(response.slice(0, 3)) }
      expect(smtpOutcome(failure, command === 'DATA', NOW)).toEqual({
        kind: 'deferred',
        pause,
        retryMs,
        reason: `SMTP: ${response}`,
      })
    }
  })

  it('a grey list that names a time is retried after that time', async () => {
    expect(await answerTo('RCPT', 450, '4.2.0 Greylisted, try again in 300 seconds')).toEqual([
      { kind: 'deferred', retryMs: 300_000, reason: expect.stringContaining('Greylisted') },
    ])
  })
})

describe('a reply instead of a greeting', () => {
  let greeter: Server
  let greeting = ''
  beforeAll(async () => {
    greeter = createServer((socket) => {
      socket.on('error', () => {})
      socket.end(`${greeting}\r\n`)
    })
    await new Promise<void>((resolve) => greeter.listen(0, '127.0.0.1', resolve))
    closing.push(() => greeter.close())
  })

  // Other processes may have all connections of the server, which is no reason to pause the transport.
  const CROWDED_OUT = {
    kind: 'deferred',
    reason: expect.any(String),
    retryMs: SMTP_NO_CONNECTION_RETRY_MS,
    notAttempted: true,
  }

  it.each<[string, object]>([
    ['421 4.3.2 Service not available, closing transmission channel', down('no connections at present')],
    ['421 4.7.0 Too many connections from 192.0.2.9', CROWDED_OUT],
    ['432 4.3.2 Concurrent connections limit exceeded', CROWDED_OUT],
    ['554 5.7.1 Go away', sender('accepts no connections from this machine')],
    ['554 5.7.1 Client host [192.0.2.9] blocked using zen.spamhaus.org', sender('block list')],
    ['554 No SMTP service here', down('SMTP_URL')],
    [
      '421 4.7.0 Daily quota exceeded',
      { kind: 'deferred', pause: 'quota', retryMs: expect.any(Number), reason: shown('Daily quota') },
    ],
  ])('%s', async (words, expected) => {
    greeting = words
    const transport = smtpTransport({
      url: `smtp://127.0.0.1:${(greeter.address() as AddressInfo).port}`,
      dkim: null,
      timeoutMs: 2_000,
    })
    const [outcome] = await transport.send({ key: 'one', messages: [ADA] })
    await transport.close()
    expect(outcome).toEqual(expected)
    expect(outcome).toMatchObject({ reason: expect.stringContaining(words) })
  })
})

describe('a server that still accepts no connection after the pool has waited', () => {
  it.each(['421 4.7.0 Too many connections from 192.0.2.9', '432 4.3.2 Concurrent connections limit exceeded'])(
    '%s',
    (response) => {
      const responseCode = Number(response.slice(0, 3))
      const failure = { message: 'Invalid greeting', code: 'EPROTOCOL', command: 'CONN', response, responseCode }
      expect(smtpOutcome(failure, false, NOW)).toEqual(down('no connections at present'))
    },
  )
})

describe('a reply to signing in', () => {
  it.each<[number, string, object]>([
    [535, '5.7.8 Error: authentication failed', sender('user name and password')],
    [
      535,
      '5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant',
      sender('account'),
    ],
    [534, '5.7.9 Application-specific password required', sender('user name and password')],
    [454, '4.7.0 Temporary authentication failure', down('at present')],
    [
      454,
      '4.7.0 Too many login attempts, please try again later',
      { kind: 'deferred', pause: 'rate', retryMs: MINUTE_MS, reason: shown('Too many') },
    ],
  ])('%s %s', (responseCode, text, expected) => {
    const response = `${responseCode} ${text}`
    const failure = { message: 'Invalid login', code: 'EAUTH', command: 'AUTH PLAIN', response, responseCode }
    expect(smtpOutcome(failure, false, NOW)).toEqual({ ...expected, reason: expect.stringContaining(text) })
  })
})
