import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import type { Message, Transport } from '../../../src/mail/transport.ts'
import { HOSTILE_MESSAGES, messageTo } from '../../support/sending/messages.ts'
import type { ResendServerOptions } from '../../support/servers/resend/api.ts'
import type { ResendFault } from '../../support/servers/resend/faults.ts'
import { type ResendServer, startResendServer } from '../../support/servers/resend/server.ts'

const HOUR_MS = 3_600_000

let server: ResendServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

async function open(options: ResendServerOptions = {}, timeoutMs = 5_000): Promise<[ResendServer, Transport]> {
  server = await startResendServer({ apiKey: 're_test', ...options })
  return [server, resendTransport({ apiKey: 're_test', baseUrl: server.url, timeoutMs })]
}

const ADA = messageTo('ada@example.org')
const BOB = messageTo('bob@example.org')
const CY = messageTo('cy@example.org')
const parcel = (...messages: Message[]) => ({ key: 'parcel-1', messages })

describe('Resend takes a parcel', () => {
  it('as one call, with every part of each message', async () => {
    const [{ delivered, calls }, resend] = await open()
    const outcomes = await resend.send(parcel(ADA, BOB))
    expect(calls.map(({ path }) => path)).toEqual(['/emails/batch'])
    expect(outcomes).toEqual(delivered.map(({ id }) => ({ kind: 'accepted', providerId: id })))
    expect(delivered.map(({ recipients }) => recipients)).toEqual([['ada@example.org'], ['bob@example.org']])
    expect(delivered[0]?.key).toBe('parcel-1')
    expect(delivered[0]?.item).toEqual({
      from: '"Paperround" <daily@papers.example.org>',
      to: ['ada@example.org'],
      reply_to: 'help@papers.example.org',
      subject: ADA.subject,
      html: ADA.html,
      text: ADA.text,
      headers: { 'Message-ID': `<${ADA.messageId}>`, ...ADA.headers },
      tags: [
        { name: 'kind', value: 'digest' },
        { name: 'day', value: '2026-11-24' },
        { name: 'frequency', value: 'daily' },
      ],
    })
  })

  it('twice with one key: the same bytes, the same answer, and no recipient gets two', async () => {
    const [{ delivered, calls }, resend] = await open()
    const first = await resend.send(parcel(ADA, BOB))
    expect(await resend.send(parcel(ADA, BOB))).toEqual(first)
    expect(calls[1]?.body).toBe(calls[0]?.body)
    expect(delivered).toHaveLength(2)
  })

  it('and refuses one address: the others are sent, each with its own id', async () => {
    const [{ delivered }, resend] = await open({ refuse: ['bob@example.org'] })
    const outcomes = await resend.send(parcel(ADA, BOB, CY))
    expect(outcomes).toEqual([
      { kind: 'accepted', providerId: delivered[0]?.id },
      { kind: 'refused', reason: expect.stringContaining('`to`') },
      { kind: 'accepted', providerId: delivered[1]?.id },
    ])
    expect(delivered.map(({ recipients }) => recipients)).toEqual([['ada@example.org'], ['cy@example.org']])
  })

  it('keeps a comma in the sender’s name from becoming a second sender', async () => {
    const [{ delivered }, resend] = await open()
    await resend.send(parcel({ ...ADA, from: { name: 'Papers, "daily" \\', address: 'daily@papers.example.org' } }))
    expect(delivered[0]?.item.from).toBe('"Papers, \\"daily\\" \\\\" <daily@papers.example.org>')
  })

  it.each(HOSTILE_MESSAGES)('without %s, which alone is refused', async (_what, hostile) => {
    const [{ delivered }, resend] = await open()
    const outcomes = await resend.send(parcel(hostile, BOB))
    expect(outcomes).toEqual([
      { kind: 'refused', reason: expect.any(String) },
      { kind: 'accepted', providerId: delivered[0]?.id },
    ])
    expect(delivered.flatMap(({ recipients }) => recipients)).toEqual(['bob@example.org'])
  })
})

const UNKNOWN = { kind: 'unknown', pause: 'down', reason: expect.any(String) }
const status = (code: number, name: string, message = 'Planted.'): ResendFault => ({
  when: 'before',
  kind: 'status',
  status: code,
  name,
  message,
})

describe('an answer of Resend decides the outcome', () => {
  it('too many calls: the queue waits for the stated time', async () => {
    const [, resend] = await open({ ratePerSecond: 1, clock: () => new Date(0) })
    await resend.send({ key: 'first', messages: [ADA] })
    expect(await resend.send(parcel(BOB))).toEqual([
      { kind: 'deferred', pause: 'rate', retryMs: 1_000, reason: expect.stringContaining('rate_limit_exceeded') },
    ])
  })

  it('a fault in a parcel of one refuses that message permanently', async () => {
    const [{ plant }, resend] = await open()
    plant(status(422, 'validation_error', 'Invalid `to` field.'))
    expect(await resend.send(parcel(ADA))).toEqual([
      { kind: 'refused', reason: expect.stringContaining('Invalid `to` field.') },
    ])
  })

  it('a long, broken message becomes one bounded line', async () => {
    const [{ plant }, resend] = await open()
    plant(status(422, 'validation_error', `\`to\`\r\nb ${'x'.repeat(5_000)}`))
    const [outcome] = await resend.send(parcel(ADA))
    expect(outcome).toMatchObject({
      reason: expect.stringMatching(/^Resend: validation_error 422: `to` b x{100,480}…$/),
    })
  })
})

describe('a parcel with a lost answer', () => {
  it.each<ResendFault>([
    { when: 'after', kind: 'cut' },
    { when: 'after', kind: 'hang' },
    { when: 'after', kind: 'garbage' },
    { when: 'after', kind: 'status', status: 500 },
    { when: 'before', kind: 'cut' },
    { when: 'before', kind: 'status', status: 500 },
  ])('reaches each recipient once when it is retried: %j', async (fault) => {
    const [{ plant, delivered }, resend] = await open({}, 500)
    plant(fault)
    expect(await resend.send(parcel(ADA, BOB))).toEqual([UNKNOWN, UNKNOWN])
    expect(await resend.send(parcel(ADA, BOB))).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }])
    expect(delivered.map(({ recipients }) => recipients)).toEqual([['ada@example.org'], ['bob@example.org']])
  })

  it('stays unknown while the first call is still running', async () => {
    const [{ plant, delivered, url }, resend] = await open({}, 500)
    plant({ when: 'before', kind: 'hang' })
    const patient = resendTransport({ apiKey: 're_test', baseUrl: url, timeoutMs: 3_000 })
    const first = patient.send(parcel(ADA))
    while (server?.calls.length === 0) await new Promise(setImmediate)
    expect(await resend.send(parcel(ADA))).toMatchObject([
      { kind: 'unknown', reason: expect.stringContaining('still running') },
    ])
    expect(await first).toEqual([UNKNOWN])
    expect(delivered).toEqual([])
  })

  it('is not sent again under a key that was used with another body', async () => {
    const [{ delivered }, resend] = await open()
    await resend.send(parcel(ADA))
    expect(await resend.send(parcel(BOB))).toMatchObject([
      { kind: 'unknown', reason: expect.stringContaining('used with another body') },
    ])
    expect(delivered).toHaveLength(1)
  })

  it('may be retried for less than the 24 hours for which Resend stores the key', async () => {
    let now = 0
    const [{ delivered }, resend] = await open({ clock: () => new Date(now) })
    await resend.send(parcel(ADA))
    now = resend.keyLifeMs
    await resend.send(parcel(ADA))
    expect(delivered).toHaveLength(1)
    now = 24 * HOUR_MS
    await resend.send(parcel(ADA))
    expect(delivered).toHaveLength(2)
    expect(resend.keyLifeMs).toBe(23 * HOUR_MS)
  })
})

describe('the check of Resend', () => {
  it('names the domains that may send', async () => {
    const [, resend] = await open()
    expect(await resend.check()).toEqual({ ok: true, note: expect.stringContaining('example.org') })
  })

  it('accepts a key that may only send', async () => {
    const [, resend] = await open({ sendingOnly: true })
    expect(await resend.check()).toEqual({ ok: true, note: expect.stringContaining('only send') })
  })

  it.each([
    ['invalid_api_key', 403],
    ['validation_error', 400],
  ])('says what to do about an invalid key (%s)', async (name, code) => {
    const [{ plant }, resend] = await open()
    plant(status(code, name, 'API key is invalid'))
    expect(await resend.check()).toEqual({
      ok: false,
      passing: false,
      remedy: expect.stringContaining('RESEND_API_KEY'),
    })
  })

  it('names the setting to check when calls are redirected, because a sending call must not follow', async () => {
    const [{ calls, url }] = await open()
    const elsewhere = createServer((_request, response) => {
      response.writeHead(308, { location: `${url}${_request.url}` }).end()
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const led = resendTransport({ apiKey: 're_test', baseUrl: `http://127.0.0.1:${port}` })
    expect(await led.check()).toEqual({
      ok: false,
      passing: true,
      remedy: expect.stringContaining('RESEND_BASE_URL'),
    })
    expect(await led.send(parcel(ADA))).toMatchObject([{ kind: 'deferred', pause: 'down' }])
    expect(calls).toEqual([])
    await new Promise((resolve) => elsewhere.close(resolve))
  })

  it('says what to do when no server answers', async () => {
    const [{ url, close }] = await open()
    await close()
    const resend = resendTransport({ apiKey: 're_test', baseUrl: url })
    expect(await resend.check()).toEqual({
      ok: false,
      passing: true,
      remedy: expect.stringContaining('network'),
    })
  })
})
