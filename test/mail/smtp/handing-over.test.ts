import type { Socket } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { Fragment } from '../../../src/rendering/fragment.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { down, smtpHarness } from '../../support/sending/smtp.ts'
import { type RawSmtpInput, startRawSmtpServer } from '../../support/servers/raw-smtp-server.ts'

const { connect, onEnd } = smtpHarness({ connections: 1, timeoutMs: 3_000 })
const UNKNOWN = { kind: 'unknown', reason: expect.any(String) }
const PIPELINING = { extensions: ['PIPELINING'] }
const SMALL = messageTo('ada@example.org')
/** Larger than all buffers between the two programs. */
const LARGE = messageTo('ada@example.org', {
  fragments: { html: [new Fragment('A long line of text.\n'.repeat(500_000))], text: [] },
})
const parcel = (message = SMALL) => ({ key: 'parcel-1', messages: [message] })

async function serveRaw(input: RawSmtpInput) {
  const server = await startRawSmtpServer({ ...PIPELINING, ...input })
  onEnd(() => server.close())
  return server
}

const reset = (socket: Socket) => void socket.resetAndDestroy()
const finish = (socket: Socket) => void socket.end()
const pause = (socket: Socket) => void socket.pause()

describe('a message whose end was certainly not written is not in doubt', () => {
  it.each([
    ['resets the connection', reset, 3_000],
    ['ends the connection', finish, 3_000],
    ['reads no further', pause, 700],
  ])('a server in the middle of it %s', async (_what, onContent, timeoutMs) => {
    const server = await serveRaw({ onContent })
    expect(await connect(server.url, { timeoutMs }).send(parcel(LARGE))).toEqual([down('SMTP_URL')])
    expect(server.contents).toEqual([])
  })

  it('a server says 354 and ends its side at once, twice', async () => {
    const server = await serveRaw({
      write: (socket, replies) => void (replies.includes('354') ? socket.end(replies) : socket.write(replies)),
    })
    expect(await connect(server.url).send(parcel(LARGE))).toEqual([down('SMTP_URL')])
    expect(server.contents).toEqual([])
    expect(server.connections()).toBe(2)
  })

  it.each([
    ['552 5.3.4 Too big\r\n', { kind: 'refused' }],
    ['452 4.3.1 No space\r\n', { kind: 'deferred' }],
  ])('a server rejects it before its end: %j, and gets no more on that connection', async (reply, expected) => {
    const first = { done: false }
    const server = await serveRaw({
      onContent(socket) {
        if (first.done) return
        first.done = true
        socket.write(reply)
      },
    })
    const smtp = connect(server.url, { timeoutMs: 30_000 })
    expect(await smtp.send(parcel(LARGE))).toMatchObject([expected])
    expect(await smtp.send(parcel())).toMatchObject([{ kind: 'accepted' }])
    expect(server.connections()).toBe(2)
  })
})

describe('a message is in doubt', () => {
  it.each<[string, NonNullable<RawSmtpInput['reply']>]>([
    [
      'whose end the server has read before it resets the connection',
      (what, socket) => {
        if (what !== 'content') return undefined
        reset(socket)
        return null
      },
    ],
    [
      'whose end it has read before it ends the connection within a reply',
      (what, socket) => {
        if (what !== 'content') return undefined
        socket.end('550 5.0.0 No')
        return null
      },
    ],
    ['whose reply is a second 354', (what) => (what === 'content' ? '354 Go on\r\n' : undefined)],
  ])('%s', async (_what, reply) => {
    const server = await serveRaw({ reply })
    expect(await connect(server.url).send(parcel())).toEqual([UNKNOWN])
    expect(server.contents).toHaveLength(1)
  })

  it.each<[string, typeof SMALL, string]>([
    ['a small one', SMALL, '354 Go on\r\n250 Ok\r\n'],
    ['a large one', LARGE, '354 Go on\r\n250 Ok\r\n'],
  ])('that a server accepts before it has come: %s', async (_what, message, reply) => {
    const server = await serveRaw({ reply: (what) => (what === 'DATA' ? reply : undefined) })
    expect(await connect(server.url).send(parcel(message))).toEqual([UNKNOWN])
    expect(server.contents).toEqual([])
  })
})

describe('a server that says something without being asked', () => {
  it.each(['421 4.3.2 Shutting down\r\n', '250 Ok\r\n', '554 5.0.0 No\r\n', 'What?\r\n'])(
    'loses its connection and no message, and it is no reply to the next message: %j',
    async (words) => {
      const server = await serveRaw({
        reply: (what) => (what === 'content' ? `250 Ok: queued as RAW1\r\n${words}` : undefined),
      })
      const smtp = connect(server.url)
      expect(await smtp.send(parcel())).toMatchObject([{ kind: 'accepted' }])
      expect(await smtp.send(parcel())).toMatchObject([{ kind: 'accepted' }])
      expect(server.contents).toHaveLength(2)
      expect(server.connections()).toBe(2)
    },
  )

  it('with a reply too many to MAIL, that message was certainly not sent', async () => {
    const server = await serveRaw({ reply: (what) => (what.startsWith('MAIL') ? '250 Ok\r\n250 Ok\r\n' : undefined) })
    expect(await connect(server.url).send(parcel())).toEqual([down('')])
    expect(server.contents.filter((content) => content !== '')).toEqual([])
  })
})
