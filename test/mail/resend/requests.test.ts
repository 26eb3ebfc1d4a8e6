import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { Resend } from 'resend'
import { ResendClient } from '../../../src/mail/resend/client.ts'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import type { Message } from '../../../src/mail/transport.ts'
import { messageTo } from '../../support/sending/messages.ts'

/**
 * The headers in which our requests may differ from those of the SDK, which uses `fetch`:
 * - `accept-encoding`: we ask for no compression, because an answer has some hundred bytes and we do not decompress.
 * - `accept-language`, `sec-fetch-mode`: `fetch` adds them as browsers do; they say nothing about a mail.
 */
const FREE = ['accept-encoding', 'accept-language', 'sec-fetch-mode']

interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  /** In order of their names. A header that comes twice is here twice. */
  readonly headers: readonly string[]
  readonly body: string
}

const received: Received[] = []
const server = createServer(async (request, response) => {
  const { method, url: path, rawHeaders } = request
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`] : [],
  )
  received.push({ method, path, headers: headers.sort(), body: (await buffer(request)).toString('latin1') })
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ id: 'one', data: [{ id: 'one' }] }))
})
let baseUrl = ''
let ours: ResendClient
let theirs: Resend

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  ours = new ResendClient('re_test', { baseUrl, timeoutMs: 5_000 })
  theirs = new Resend('re_test', { baseUrl })
})
beforeEach(() => {
  received.length = 0
})
afterAll(() => {
  ours.close()
  server.closeAllConnections()
  server.close()
})

const isFree = (header: string) => FREE.includes(header.split(':')[0] ?? '')

/** Makes the same call with the SDK and with our client. Returns both requests. */
async function requestsOf(
  call: (client: Resend) => Promise<{ readonly error: unknown }>,
): Promise<readonly Received[]> {
  for (const client of [theirs, ours]) expect((await call(client)).error).toBeNull()
  expect(received).toHaveLength(2)
  return received.map(({ headers, ...rest }) => ({ ...rest, headers: headers.filter((header) => !isFree(header)) }))
}

const ADA: Message = { ...messageTo('ada@example.org'), subject: 'Ünïcode — 論文 “…”' }
const emailOf = (message: Message) => ({
  from: '"Paperround" <daily@papers.example.org>',
  to: [message.to],
  replyTo: 'help@papers.example.org',
  subject: message.subject,
  html: message.html,
  text: message.text,
  headers: { 'Message-ID': `<${message.messageId}>`, ...message.headers },
  tags: Object.entries(message.tags).map(([name, value]) => ({ name, value })),
})

describe('a request of our client is the same as one of the SDK, header by header', () => {
  it.each<[string, (client: Resend) => Promise<{ readonly error: unknown }>]>([
    [
      'a batch with a key, in permissive mode',
      ({ batch }) =>
        batch.send([emailOf(ADA), emailOf(messageTo('bob@example.org'))], {
          idempotencyKey: 'parcel-1',
          batchValidation: 'permissive',
        }),
    ],
    [
      'a batch whose bytes are ready',
      (client) =>
        client.post('/emails/batch', null, {
          idempotencyKey: 'parcel-2',
          headers: { 'X-Batch-Validation': 'permissive' },
          body: Buffer.from('[{"subject":"Ünïcode"}]'),
        } as object),
    ],
    ['one email', ({ emails }) => emails.send(emailOf(ADA), { idempotencyKey: 'message-1' })],
    ['one email without a key', ({ emails }) => emails.send(emailOf(ADA))],
    ['the list of domains', ({ domains }) => domains.list()],
  ])('%s', async (_name, call) => {
    const [sdk, our] = await requestsOf(call)
    expect(our).toEqual(sdk)
    expect(our?.headers).toContain('authorization: Bearer re_test')
  })

  it('a parcel of our transport is the batch that the SDK would send', async () => {
    const transport = resendTransport({ apiKey: 're_test', baseUrl, timeoutMs: 5_000 })
    await transport.send({ key: 'parcel-3', messages: [ADA] })
    await theirs.batch.send([emailOf(ADA)], { idempotencyKey: 'parcel-3', batchValidation: 'permissive' })
    await transport.close()
    const [our, sdk] = received.map(({ headers, body, ...rest }) => ({
      ...rest,
      // The order of the fields in the JSON differs, and may change the length.
      headers: headers.filter((header) => !isFree(header) && !header.startsWith('content-length')),
      items: JSON.parse(Buffer.from(body, 'latin1').toString()),
    }))
    expect(our).toEqual(sdk)
  })

  it('each exception is still needed', async () => {
    await theirs.domains.list()
    await ours.domains.list()
    const [sdk, our] = received.map(({ headers }) => headers.filter(isFree))
    const differing = FREE.filter((name) => {
      const valueIn = (headers: readonly string[] = []) => headers.find((header) => header.startsWith(`${name}: `))
      return valueIn(sdk) !== valueIn(our)
    })
    expect(differing).toEqual(FREE)
  })
})
