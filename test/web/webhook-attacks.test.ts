import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { WEBHOOK_BODY_BYTES_MAX } from '../../config/limits-inbound.ts'
import { isPresent, SHAPES, type Shape } from '../support/app.ts'
import { eventBody, type SignedEvent, signed, webhookSignature } from '../support/corpora/resend-events.ts'
import { openWebhooks } from './webhook-site.ts'

describe.each(SHAPES.slice(0, 2))('a hostile post to /webhooks/resend, with %s', (shape: Shape) => {
  const test = isPresent(shape) ? it : it.skip
  let site: Awaited<ReturnType<typeof openWebhooks>>
  beforeAll(async () => {
    if (isPresent(shape)) site = await openWebhooks(shape)
  })
  afterAll(() => site?.close())

  const complaint = async () => {
    const message = await site.messageFor('eve')
    return { message, event: signed(eventBody('complained', message)) }
  }
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  const ATTACKS: [
    string,
    number,
    (event: SignedEvent) => { body: string | Buffer; headers: Record<string, string> },
  ][] = [
    [
      'a body that was changed',
      401,
      ({ body, headers }) => ({ body: body.replace('complained', 'delivered '), headers }),
    ],
    ['a body with a blank more', 401, ({ body, headers }) => ({ body: `${body} `, headers })],
    ['another secret', 401, ({ body }) => signed(body, { secret: `whsec_${Buffer.alloc(24).toString('base64')}` })],
    ['another id', 401, ({ body, headers }) => ({ body, headers: { ...headers, 'svix-id': 'msg_other' } })],
    [
      'another version of signature',
      401,
      ({ body, headers }) => ({
        body,
        headers: { ...headers, 'svix-signature': String(headers['svix-signature']).replace('v1,', 'v2,') },
      }),
    ],
    [
      'no comma in the signature',
      401,
      ({ body, headers }) => ({ body, headers: { ...headers, 'svix-signature': 'v1' } }),
    ],
    ['a timestamp of six minutes ago', 400, ({ body }) => signed(body, { at: minutes(-6) })],
    ['a timestamp in six minutes', 400, ({ body }) => signed(body, { at: minutes(6) })],
    [
      'a timestamp with words behind it',
      400,
      ({ body, headers }) => ({
        body,
        headers: { ...headers, 'svix-timestamp': `${headers['svix-timestamp']} and more` },
      }),
    ],
    ...['svix-id', 'svix-timestamp', 'svix-signature'].map((name): (typeof ATTACKS)[number] => [
      `no ${name}`,
      400,
      ({ body, headers }) => ({
        body,
        headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
      }),
    ]),
    ['JSON that ends too soon, well signed', 400, ({ body }) => signed(body.slice(0, -2))],
    ['no JSON at all, well signed', 400, () => signed('')],
    ['a list, well signed', 400, () => signed('[]')],
    ['a null, well signed', 400, () => signed('null')],
    ['a body of 1 MB', 413, ({ body }) => signed(body + ' '.repeat(1_000_000))],
    ['a body just over the bound', 413, ({ body }) => signed(body.padEnd(WEBHOOK_BODY_BYTES_MAX + 1))],
  ]
  test.each(ATTACKS)('%s is answered with %i and does nothing', async (_name, status, change) => {
    const { message, event } = await complaint()
    expect((await site.send(change(event))).status).toBe(status)
    expect(await message.state()).toEqual(['sent', 'active'])
  })

  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a body that says it is %s is read as it was signed',
    async (type) => {
      const { message, event } = await complaint()
      expect((await site.send({ ...event, headers: { ...event.headers, 'content-type': type } })).status).toBe(200)
      expect(await message.state()).toEqual(['complained', 'suppressed'])
    },
  )

  test('accepts one valid signature of several, as during a rotation of secrets', async () => {
    const { message, event } = await complaint()
    const { 'svix-id': id = '', 'svix-timestamp': timestamp = '' } = event.headers
    const other = `v1,${webhookSignature(`whsec_${Buffer.alloc(24).toString('base64')}`, id, timestamp, event.body)}`
    const headers = { ...event.headers, 'svix-signature': `v1a,x ${other} ${event.headers['svix-signature']}` }
    expect((await site.send({ body: event.body, headers })).status).toBe(200)
    expect(await message.state()).toEqual(['complained', 'suppressed'])
  })

  test('a hundred random bodies, signed or not, never cause a server error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc
            .record({ type: fc.constantFrom('email.bounced', 'email.sent'), data: fc.jsonValue() })
            .map((value) => JSON.stringify(value)),
        ),
        fc.boolean(),
        async (body, honest) => {
          const event = signed(body)
          const { status } = await site.send(honest ? event : { body: `${body}x`, headers: event.headers })
          expect(honest ? [200, 400] : [401]).toContain(status)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('GET finds nothing there', async () => {
    expect((await fetch(`${site.web.url}/webhooks/resend`)).status).toBe(404)
  })

  test('answers 500 while the database fails, so that Resend repeats the event, and applies it once', async () => {
    const { message, event } = await complaint()
    await site.app.ledger.pool.query('alter table suppressions rename to away')
    expect((await site.send(event)).status).toBe(500)
    await site.app.ledger.pool.query('alter table away rename to suppressions')
    expect(await message.state()).toEqual(['sent', 'active'])
    expect((await site.send(event)).result).toBe('applied')
    expect((await site.send(event)).result).toBe('duplicate')
  })
})
