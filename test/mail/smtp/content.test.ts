import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { buildMime } from '../../../src/mail/mime.ts'
import { openSmtpConnection, socketOf } from '../../../src/mail/smtp/connection.ts'
import { envelopeOf } from '../../../src/mail/smtp/envelope.ts'
import { ReplyReader, type SmtpReply } from '../../../src/mail/smtp/reply-reader.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { smtpHarness } from '../../support/sending/smtp.ts'
import { startRawSmtpServer } from '../../support/servers/raw-smtp-server.ts'
import { startSmtpServer } from '../../support/servers/smtp-server.ts'

const { onEnd } = smtpHarness()
const TIMEOUTS = { connectionTimeout: 5_000, dnsTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 5_000 }
const ENVELOPE = { from: 'daily@papers.example.org', to: 'ada@example.org' }

async function open(port: number) {
  const server = { host: '127.0.0.1', port, secure: false, requireTLS: false }
  const connection = await openSmtpConnection(server, TIMEOUTS, AbortSignal.timeout(20_000))
  onEnd(() => connection.close())
  return (mime: Buffer, envelope = ENVELOPE) =>
    connection.send(envelope, mime, { begun: false, handedOver: false }, AbortSignal.timeout(20_000))
}

describe('the bytes of a message arrive as they were sent', () => {
  const line = fc.constantFrom('', '.', '..', '.a', 'a.', 'a..b', '...', 'QUIT', 'Größe', 'x'.repeat(70), ' .')
  const lines = fc.array(line, { maxLength: 60 })
  // Puts the lines after it around the cuts: each 64 KiB, and 1 KiB before the end.
  const padding = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 64_000, max: 65_540 }),
    fc.integer({ min: 130_500, max: 131_080 }),
  )

  it('with dots at the start of lines and at every cut', async () => {
    const server = await startSmtpServer()
    onEnd(() => server.close())
    const sendMime = await open(server.port)
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), padding, lines, async (before, size, after) => {
        const mime = Buffer.from([...before, 'y'.repeat(size), ...after, ''].join('\r\n'))
        await sendMime(mime)
        expect(server.received.at(-1)?.raw.equals(mime.length === 0 ? Buffer.from('\r\n') : mime)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('with a final line break if it had none', async () => {
    const server = await startSmtpServer()
    onEnd(() => server.close())
    const sendMime = await open(server.port)
    await sendMime(Buffer.from('Subject: x\r\n\r\nno end'))
    expect(server.received.at(-1)?.raw.toString()).toBe('Subject: x\r\n\r\nno end\r\n')
  })

  it('without a bare line end, at which a server could read a dot as the end', async () => {
    const text = 'one\r.\rtwo\n.\nthree\r\n.\r\nfour\r\r\n.\r'
    const mime = buildMime(messageTo('ada@example.org', { text, html: text })).toString('latin1')
    expect(mime).not.toMatch(/\r(?!\n)|(?<!\r)\n/)
    const server = await startRawSmtpServer()
    onEnd(() => server.close())
    await (await open(server.port))(Buffer.from('a\n.\nb\r\n'))
    expect(server.contents).toEqual(['a\n..\nb\r\n'])
  })
})

describe('an address outside ASCII', () => {
  const KÄTHE = { from: 'käthe@papers.example.org', to: 'ada@example.org' }

  it.each([
    [['SMTPUTF8'], 'MAIL FROM:<kÃ¤the@papers.example.org> SMTPUTF8'],
    [[], 'MAIL FROM:<kÃ¤the@papers.example.org>'],
  ])('is sent as UTF-8 to a server that announces %j', async (extensions, command) => {
    const server = await startRawSmtpServer({ extensions })
    onEnd(() => server.close())
    await (await open(server.port))(Buffer.from('x\r\n'), KÄTHE)
    expect(server.groups[0]).toEqual([command])
  })

  it.each([
    { ...ENVELOPE, to: 'ada@example.org>\r\nRCPT TO:<eve@example.org' },
    { ...ENVELOPE, from: 'daily@papers.example.org\nRCPT TO:<eve@example.org>' },
    { ...ENVELOPE, to: '' },
  ])('a command in an address is never sent: %j', async (envelope) => {
    const server = await startRawSmtpServer()
    onEnd(() => server.close())
    await expect((await open(server.port))(Buffer.from('x\r\n'), envelope)).rejects.toMatchObject({ code: 'EENVELOPE' })
    expect(server.groups).toEqual([])
  })

  it.each([
    ['ada@Example.ORG', 'ada@example.org'],
    ['Ada.B+c=d@example.org', 'Ada.B+c=d@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
    ['ada@localhost', 'ada@localhost'],
    ['a..b@example.org', '"a..b"@example.org'],
  ])('the envelope of %s is %s', (address, expected) => {
    const from = { name: null, address }
    expect(envelopeOf({ returnPath: null, from, to: address })).toEqual({ from: expected, to: expected })
    expect(envelopeOf({ returnPath: address, from: { name: null, address: 'x@example.org' }, to: address }).from).toBe(
      expected,
    )
  })
})

describe('replies', () => {
  it('are the same however their bytes are cut', () => {
    const bytes = Buffer.from('250-Größe\r\n250 2.0.0 Ok\r\n\r\n354\r\n550-5.1.1 日本\r\n550 x\r\n')
    const expected: SmtpReply[] = [
      { code: 250, text: '250-Größe\n250 2.0.0 Ok' },
      { code: 354, text: '354' },
      { code: 550, text: '550-5.1.1 日本\n550 x' },
    ]
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const reader = new ReplyReader()
        const replies: SmtpReply[] = []
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        for (let n = 1; n < at.length; n += 1) reader.read(bytes.subarray(at[n - 1], at[n]), replies)
        expect(replies).toEqual(expected)
      }),
    )
  })
})

it.each([false, null, { write: 1 }, { write: () => true, listenerCount: () => 0 }])(
  'another version of nodemailer without the socket that we use is named as the fault: %j',
  (socket) => {
    expect(() => socketOf({ _socket: socket as never })).toThrow('version of nodemailer')
  },
)
