import { createServer } from 'node:http'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Resend } from 'resend'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import type { Transport } from '../../../src/mail/transport.ts'
import { RESEND_ANSWERS, RESEND_ITEM_ERRORS, type ResendVerdict } from '../../support/corpora/resend-answers.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { startBrokenServer } from '../../support/servers/broken-server.ts'
import { listen } from '../../support/servers/ports.ts'
import { startResendServer } from '../../support/servers/resend/server.ts'
import { startSmtpServer } from '../../support/servers/smtp-server.ts'

const ADA = messageTo('ada@example.org')
const BOB = messageTo('bob@example.org')
const NOW = new Date('2026-11-24T06:00:00Z')
const HOUR_MS = 3_600_000

const closing: (() => Promise<unknown> | unknown)[] = []

const server = await startResendServer({ apiKey: 're_test' })
const broken = await startBrokenServer()
closing.push(server.close, broken.close)
const resend = transportTo(server.url)
afterAll(async () => {
  for (const close of closing.reverse()) await close()
})

function transportTo(baseUrl: string, timeoutMs = 5_000): Transport {
  const transport = resendTransport({ apiKey: 're_test', baseUrl, timeoutMs, clock: () => NOW })
  closing.push(() => transport.close())
  return transport
}

let keys = 0
const send = (transport: Transport, ...messages: (typeof ADA)[]) => {
  keys += 1
  return transport.send({ key: `key-${keys}`, messages })
}

/** Returns a verdict as an outcome. */
function outcomeOf(verdict: ResendVerdict, shows: string, messages: number): unknown {
  const reason = expect.stringContaining(shows)
  const [state, pause] = verdict.split(': ')
  if (verdict === 'to blame')
    return messages === 1 ? { kind: 'refused', reason } : { kind: 'deferred', splitParcel: true, reason }
  if (verdict === 'unknown: key taken') return { kind: 'unknown', keyConflict: true, reason }
  if (pause === 'quota') return { kind: 'deferred', pause, reason, retryMs: expect.any(Number) }
  const held = pause === undefined ? {} : { pause }
  return { kind: state === 'unsent' ? 'deferred' : 'unknown', reason, ...held }
}

describe('the outcome of an answer of Resend', () => {
  it.each(RESEND_ANSWERS.map((each) => [each.what, each.verdict, each] as const))(
    '%s → %s',
    async (_what, verdict, { fault, shows }) => {
      server.plant(fault, fault)
      const one = await send(resend, ADA)
      const two = await send(resend, ADA, BOB)
      expect(one).toEqual([outcomeOf(verdict, shows, 1)])
      expect(two).toEqual([outcomeOf(verdict, shows, 2), outcomeOf(verdict, shows, 2)])
      expect(JSON.stringify([one, two])).not.toContain('unable to process your request right now')
    },
  )

  it.each(RESEND_ITEM_ERRORS)('of one message in a batch: %s → %s', async (message, verdict, shows) => {
    const body = { data: [{ id: 'a' }], errors: [{ index: 1, message }] }
    server.plant({ when: 'before', kind: 'answer', status: 200, body })
    expect(await send(resend, ADA, BOB)).toEqual([{ kind: 'accepted', providerId: 'a' }, outcomeOf(verdict, shows, 1)])
  })

  it.each([
    ['daily_quota_exceeded', 18 * HOUR_MS + 60_000],
    ['monthly_quota_exceeded', (6 * 24 + 18) * HOUR_MS + 60_000],
  ])('%s lasts until it resets, in UTC', async (name, retryMs) => {
    server.plant({ when: 'before', kind: 'status', status: 429, name })
    expect(await send(resend, ADA)).toMatchObject([{ pause: 'quota', retryMs }])
  })

  it.each(['rate_limit_exceeded', 'daily_quota_exceeded'])('%s lasts as long as Resend says', async (name) => {
    server.plant({ when: 'before', kind: 'status', status: 429, name, headers: { 'retry-after': '7' } })
    expect(await send(resend, ADA)).toMatchObject([{ kind: 'deferred', retryMs: 7_000 }])
  })
})

const unsent = (shows: string) => ({ kind: 'deferred', pause: 'down', reason: expect.stringContaining(shows) })
const unknown = (shows: string) => ({ kind: 'unknown', pause: 'down', reason: expect.stringContaining(shows) })

describe('the outcome of a broken connection to Resend', () => {
  it('no server listens: certainly unsent', async () => {
    const port = await closedPort()
    const transport = transportTo(`http://127.0.0.1:${port}`)
    expect(await send(transport, ADA, BOB)).toEqual([unsent('ECONNREFUSED'), unsent('ECONNREFUSED')])
    expect(await transport.check()).toEqual({ ok: false, passing: true, remedy: expect.stringContaining('network') })
  })

  it('the name cannot be resolved: certainly unsent', async () => {
    expect(await send(transportTo('http://api.resend.invalid'), ADA)).toEqual([unsent('DNS')])
  })

  it('TLS to a port of plain HTTP: certainly unsent', async () => {
    expect(await send(transportTo(server.url.replace('http:', 'https:')), ADA)).toEqual([unsent('TLS')])
  })

  it('a self-signed certificate: certainly unsent', async () => {
    const secure = await startSmtpServer({ options: { secure: true } })
    closing.push(() => secure.close())
    expect(await send(transportTo(`https://127.0.0.1:${secure.port}`), ADA)).toEqual([unsent('TLS')])
  })

  it('a server that accepts the connection and never starts TLS: certainly unsent', async () => {
    expect(await send(transportTo(`https://127.0.0.1:${broken.port}`, 200), ADA)).toEqual([unsent('no connection')])
  })

  it.each([
    ['reset-at-head', 'ECONNRESET'],
    ['reset-after-body', 'ECONNRESET'],
    ['end-after-body', 'hang up'],
    ['cut-answer', 'HTTP 200'],
    ['no-http', 'Parse Error'],
  ] as const)('%s: unknown', async (breakage, shows) => {
    expect(await send(transportTo(broken.url(breakage)), ADA, BOB)).toEqual([unknown(shows), unknown(shows)])
  })

  it('no answer in time: unknown', async () => {
    expect(await send(transportTo(broken.url('hang'), 300), ADA)).toEqual([unknown('no answer in time')])
  })

  it('a call over a closed keep-alive connection is sent over a new one', async () => {
    const before = server.delivered.length
    await send(resend, ADA)
    server.plant({ when: 'after', kind: 'cut' })
    expect(await send(resend, BOB)).toMatchObject([{ kind: 'accepted' }])
    expect(server.delivered.slice(before).map(({ recipients }) => recipients)).toEqual([[ADA.to], [BOB.to]])
  })

  it('a call over a closed connection that is then refused: the first try may have sent it', async () => {
    const strict = await startResendServer({ ratePerSecond: 2, clock: () => NOW })
    closing.push(strict.close)
    const transport = transportTo(strict.url)
    await send(transport, ADA)
    strict.plant({ when: 'after', kind: 'cut' })
    expect(await send(transport, BOB)).toMatchObject([{ kind: 'deferred', pause: 'rate', repeat: true }])
    expect(strict.delivered.map(({ recipients }) => recipients)).toEqual([[ADA.to], [BOB.to]])
  })

  it('a call over a closed connection of a server that is then gone: the first try may have sent it', async () => {
    const leaving = createServer((request, response) => {
      if (++calls === 1) return void response.end('{"data":[{"id":"1"}]}')
      leaving.close()
      request.socket.destroy()
    })
    let calls = 0
    const transport = transportTo(`http://127.0.0.1:${await listen(leaving)}`)
    expect(await send(transport, ADA)).toMatchObject([{ kind: 'accepted' }])
    expect(await send(transport, BOB)).toMatchObject([{ kind: 'deferred', pause: 'down', repeat: true }])
    expect(calls).toBe(2)
  })
})

it('our request has all headers of Resend’s own client', async () => {
  await send(resend, ADA)
  const ours = server.calls.at(-1)?.headers ?? {}
  const client = new Resend('re_test', { baseUrl: server.url })
  const email = { from: 'a@example.org', to: 'b@example.org', subject: 'x', text: 'y' }
  await client.batch.send([email], { idempotencyKey: `key-${keys}`, batchValidation: 'permissive' })
  const theirs = server.calls.at(-1)?.headers ?? {}
  // Fetch adds these itself, and the bodies differ in length.
  const own = ['accept-encoding', 'accept-language', 'sec-fetch-mode', 'content-length']
  for (const name of own) delete theirs[name]
  expect(ours).toMatchObject(theirs)
  expect(Object.keys(theirs)).toEqual(expect.arrayContaining(['authorization', 'idempotency-key', 'user-agent']))
})

async function closedPort(): Promise<number> {
  const plain = createPlainServer()
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as AddressInfo
  await new Promise((resolve) => plain.close(resolve))
  return port
}
