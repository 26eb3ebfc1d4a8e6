import type { Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { down, kindsOf, send, smtpHarness } from '../../support/sending/smtp.ts'
import { type RawSmtpInput, startRawSmtpServer } from '../../support/servers/raw-smtp-server.ts'

const { connect, onEnd } = smtpHarness({ connections: 1, timeoutMs: 2_000 })
const ACCEPTED = { kind: 'accepted', providerId: 'RAW1' }
const PIPELINING = { extensions: ['8BITMIME', 'PIPELINING'] }
const MODES = [
  ['with pipelining', PIPELINING],
  ['without pipelining', {}],
] as const
const MAIL = 'MAIL FROM:<daily@papers.example.org>'
const rcpt = (n: number) => `RCPT TO:<reader${n}@example.org>`

async function serveRaw(input: RawSmtpInput) {
  const server = await startRawSmtpServer(input)
  onEnd(() => server.close())
  return server
}

/** Answers one command once. */
function once(what: RegExp, reply: string | null | ((socket: Socket) => string | null)): Pick<RawSmtpInput, 'reply'> {
  let answered = false
  return {
    reply(command, socket) {
      if (answered || !what.test(command)) return undefined
      answered = true
      return typeof reply === 'function' ? reply(socket) : reply
    },
  }
}

describe('a message takes', () => {
  it('two round trips where the server announces PIPELINING', async () => {
    const server = await serveRaw(PIPELINING)
    expect(await send(connect(server.url), 2)).toEqual([ACCEPTED, ACCEPTED])
    const groups = [0, 1].flatMap((n) => [[MAIL, rcpt(n), 'DATA'], ['content']])
    expect(server.groups).toEqual(groups)
  })

  it.each([
    ['no extension', {}],
    ['another extension whose name contains the word', { extensions: ['XPIPELINING', 'X-PIPELINING'] }],
  ])('four round trips where it announces %s', async (_what, input) => {
    const server = await serveRaw(input)
    expect(await send(connect(server.url), 1)).toEqual([ACCEPTED])
    expect(server.groups).toEqual([[MAIL], [rcpt(0)], ['DATA'], ['content']])
  })
})

describe.each(MODES)('a rejection, %s,', (mode, input) => {
  const reset = (n: number) =>
    mode === 'with pipelining'
      ? [['RSET', MAIL, rcpt(n), 'DATA'], ['content']]
      : [['RSET'], [MAIL], [rcpt(n)], ['DATA'], ['content']]

  it('of the recipient or of DATA leaves nobody an empty mail, and the next message begins with RSET', async () => {
    for (const [what, reply, kind] of [
      [/^RCPT/, '550 5.1.1 No such user\r\n', 'refused'],
      [/^DATA/, '451 4.3.0 Not now\r\n', 'deferred'],
    ] as const) {
      const rejecting = once(what, reply)
      let isRejected = false
      const server = await serveRaw({
        ...input,
        reply(command, socket) {
          const chosen = rejecting.reply?.(command, socket)
          isRejected = chosen !== undefined || (isRejected && command !== 'RSET')
          return chosen ?? (isRejected && command === 'DATA' ? '554 5.5.1 No valid recipients\r\n' : undefined)
        },
      })
      expect(kindsOf(await send(connect(server.url), 2))).toEqual([kind, 'accepted'])
      expect(server.contents).toHaveLength(1)
      expect(server.groups.slice(-reset(1).length)).toEqual(reset(1))
      expect(server.connections()).toBe(1)
    }
  })
})

describe('a server that asks for the content although it has rejected', () => {
  it('the recipient gets only the final dot, and the next message on the same connection', async () => {
    const server = await serveRaw({ ...PIPELINING, ...once(/^RCPT/, '550 5.1.1 No such user\r\n') })
    const [first, second] = await send(connect(server.url), 2)
    expect(first).toMatchObject({ kind: 'refused', suppress: true })
    expect(second).toEqual(ACCEPTED)
    expect(server.contents[0]).toBe('')
    expect(server.groups.slice(1)).toEqual([['content'], ['RSET', MAIL, rcpt(1), 'DATA'], ['content']])
    expect(server.connections()).toBe(1)
  })

  it.each([
    ['the sender', /^MAIL/, '550 5.1.8 Bad sender\r\n'],
    ['RSET', /^RSET/, '500 5.5.1 What?\r\n'],
  ])('%s gets nothing more: the connection ends', async (what, command, reply) => {
    const rejectsRcpt = once(/^RCPT/, '450 4.2.0 Later\r\n')
    const rejecting = once(command, reply)
    const server = await serveRaw({
      ...PIPELINING,
      reply: (line, socket) =>
        (what === 'RSET' ? rejectsRcpt.reply?.(line, socket) : undefined) ?? rejecting.reply?.(line, socket),
    })
    const smtp = connect(server.url)
    const outcomes = await send(smtp, 2)
    expect(outcomes[0]).toMatchObject({ kind: 'deferred' })
    const sent = server.contents.filter((content) => content !== '')
    expect(sent).toHaveLength(outcomes.filter(({ kind }) => kind === 'accepted').length)
    expect(await send(smtp, 1)).toEqual([ACCEPTED])
    expect(server.connections()).toBe(2)
  })
})

describe.each(MODES)('replies are understood, %s,', (_mode, input) => {
  it('however they are cut: at each byte', async () => {
    const write = (socket: Socket, replies: string) => {
      for (const byte of Buffer.from(replies)) socket.write(Buffer.of(byte))
    }
    const server = await serveRaw({
      ...input,
      write,
      ...once(/^RCPT/, '250-Größe\r\n250 2.1.5 Ok\r\n'),
    })
    expect(kindsOf(await send(connect(server.url), 3))).toEqual(['accepted'])
  })

  it('with several lines: the reason names all of them', async () => {
    const server = await serveRaw({ ...input, ...once(/^RCPT/, '550-5.7.1 Größe:\r\n550 5.7.1 No\r\n') })
    expect(await send(connect(server.url), 1)).toEqual([
      { kind: 'refused', reason: 'SMTP: 550-5.7.1 Größe: 550 5.7.1 No' },
    ])
  })

  it('with empty lines and bare line feeds between them', async () => {
    const server = await serveRaw({ ...input, ...once(/^MAIL/, '\r\n250 Ok\n\r\n') })
    expect(await send(connect(server.url), 2)).toEqual([ACCEPTED, ACCEPTED])
  })
})

const UNREADABLE: readonly (readonly [string, string, string])[] = [
  ['no code', 'Ok\r\n', 'Unexpected Response: Ok'],
  ['different codes in one reply', '250-Ok\r\n550 No\r\n', 'Unexpected Response: 250-Ok 550 No'],
  ['a line that never ends', 'x'.repeat(300_000), 'too long'],
  ['a reply that never ends', '250-Ok\r\n'.repeat(40_000), 'too long'],
]

describe.each(MODES)('a reply that cannot be read, %s,', (_mode, input) => {
  it.each(UNREADABLE)(
    '%s: it proves that nothing was sent before the content, and nothing after it',
    async (_what, reply, reason) => {
      for (const at of [/^MAIL/, /^RCPT/, /^DATA/]) {
        const server = await serveRaw({ ...input, ...once(at, reply) })
        const smtp = connect(server.url)
        expect(await send(smtp, 2)).toEqual([down(reason), ACCEPTED])
        expect(server.contents).toHaveLength(1)
        expect(server.connections()).toBe(2)
      }
      const server = await serveRaw({ ...input, ...once(/^content/, reply) })
      expect(await send(connect(server.url), 2)).toEqual([
        { kind: 'unknown', reason: expect.stringContaining(reason) },
        ACCEPTED,
      ])
      expect(server.connections()).toBe(2)
    },
  )
})
