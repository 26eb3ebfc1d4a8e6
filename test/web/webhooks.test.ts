import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { WEBHOOK_BODY_BYTES_MAX } from '../../config/limits.ts'
import type { App } from '../../workers/app/app.ts'

import { startWeb } from '../../workers/web.ts'
import {
  addSubscribersFor,
  isPresent,
  openInstallation,
  openTestApp,
  SHAPES,
  type Shape,
  type TestInstallation,
} from '../support/app.ts'
import {
  EMAIL_EVENTS,
  type EmailEvent,
  eventBody,
  OTHER_EVENTS,
  type SignedEvent,
  signed,
  WEBHOOK_SECRET,
  webhookSignature,
} from '../support/corpora/resend-events.ts'
import { readDelivery, writeDelivery } from '../support/sending/deliveries.ts'

const RESEND = { resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: WEBHOOK_SECRET } }
const KINDS = Object.keys(EMAIL_EVENTS) as EmailEvent[]

async function post(
  url: string,
  { body, headers }: { body: string | Buffer; headers: Readonly<Record<string, string>> },
) {
  const answer = await fetch(`${url}/webhooks/resend`, { method: 'POST', body, headers, redirect: 'manual' })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    result: text.startsWith('{') ? (JSON.parse(text).result as unknown) : undefined,
  }
}

describe.each(SHAPES.slice(0, 2))('POST /webhooks/resend, with %s', (shape: Shape) => {
  const test = isPresent(shape) ? it : it.skip
  let place: TestInstallation
  let app: App
  let web: Awaited<ReturnType<typeof startWeb>>
  beforeAll(async () => {
    if (!isPresent(shape)) return
    place = await openInstallation(shape, RESEND)
    app = await openTestApp(place)
    web = await startWeb(app)
  })
  afterAll(async () => {
    await web?.close()
    await app?.close()
    await place?.close()
  })

  const send = (event: { body: string | Buffer; headers: Readonly<Record<string, string>> }) => post(web.url, event)
  const messageFor = async (name: string) => {
    const address = `${name}-${randomUUID().slice(0, 8)}@example.org`
    const [subscriber = ''] = await addSubscribersFor(app, [{ email: address }])
    const emailId = randomUUID()
    const id = await writeDelivery(app.ledger.db, { subscriberId: subscriber, address, providerId: emailId })
    const mark = app.verp.sign({ kind: 'delivery', id })
    const state = async () => {
      const row = await app.ledger.db
        .selectFrom('subscribers')
        .select('state')
        .where('id', '=', subscriber)
        .executeTakeFirst()
      return [(await readDelivery(app.ledger.db, id)).state, row?.state]
    }
    return { id, emailId, mark, address, state }
  }

  test.each<[EmailEvent, string, string]>([
    ['sent', 'sent', 'active'],
    ['scheduled', 'sent', 'active'],
    ['delivered', 'delivered', 'active'],
    ['delayed', 'sent', 'active'],
    ['complained', 'complained', 'suppressed'],
    ['bounced', 'bounced', 'suppressed'],
    ['mailboxFull', 'sent', 'active'],
    ['undetermined', 'sent', 'active'],
    ['opened', 'sent', 'active'],
    ['clicked', 'sent', 'active'],
    ['failed', 'bounced', 'active'],
    ['suppressed', 'bounced', 'suppressed'],
  ])('“%s” leaves the delivery %s and its reader %s', async (event, delivery, subscriber) => {
    const message = await messageFor('ada')
    const first = signed(eventBody(event, message))
    expect((await send(first)).status).toBe(200)
    expect(await message.state()).toEqual([delivery, subscriber])
    const again = await send(first)
    expect([again.status, ['duplicate', 'ignored'].includes(String(again.result))]).toEqual([200, true])
    expect(await message.state()).toEqual([delivery, subscriber])
  })

  test('all of them, twice and in whatever order, come to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...KINDS, ...KINDS], { minLength: KINDS.length * 2 }), async (order) => {
        const message = await messageFor('grace')
        const events = new Map(KINDS.map((kind) => [kind, signed(eventBody(kind, message))]))
        for (const kind of order) expect((await send(events.get(kind) as SignedEvent)).status).toBe(200)
        expect(await message.state()).toEqual(['complained', 'suppressed'])
        const why = await app.ledger.db
          .selectFrom('suppressions')
          .select('reason')
          .where('address_hash', '=', app.ledger.tokens.hashAddress(message.address))
          .executeTakeFirst()
        expect(why?.reason).toBe('complained')
      }),
      { numRuns: 15 },
    )
  })

  test.each([
    ['reached_daily_quota', 'quota'],
    ['Your sending domain is not verified', 'sender'],
    ['Your account is suspended', 'sender'],
  ])(
    'a letter that failed for a fault of ours (%s) costs its reader nothing and pauses the transport',
    async (why, kind) => {
      const message = await messageFor('ada')
      const body = JSON.parse(eventBody('failed', message))
      body.data.failed.reason = why
      body.created_at = app.clock().toISOString()
      await send(signed(JSON.stringify(body)))
      expect(await message.state()).toEqual(['bounced', 'active'])
      const paused = await app.ledger.db.selectFrom('transport_pauses').selectAll().execute()
      expect(paused).toMatchObject([{ name: 'resend', kind, reason: expect.stringContaining(why) }])
      await app.ledger.db.deleteFrom('transport_pauses').execute()
    },
  )

  test.each([
    ['invalid_recipient', 0],
    ['reached_daily_quota', 3],
  ])('a letter that failed for another reason, or long ago, pauses nothing (%s, %i days)', async (why, days) => {
    const message = await messageFor('ada')
    const body = JSON.parse(eventBody('failed', message))
    body.data.failed.reason = why
    body.created_at = new Date(app.clock().getTime() - days * 86_400_000).toISOString()
    await app.ledger.db.deleteFrom('transport_pauses').execute()
    await send(signed(JSON.stringify(body)))
    expect(await app.ledger.db.selectFrom('transport_pauses').selectAll().execute()).toEqual([])
  })

  test.each([
    ['550 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org'],
    ['552 5.2.2 over quota'],
    ['550 5.7.26 Unauthenticated email is not accepted'],
  ])('a permanent bounce that is not about the address suppresses nobody: %s', async (diagnostic) => {
    const message = await messageFor('ada')
    const body = JSON.parse(eventBody('bounced', message))
    body.data.bounce = {
      type: 'Permanent',
      subType: 'General',
      message: 'A hard bounce.',
      diagnosticCode: [`smtp; ${diagnostic}`],
    }
    await send(signed(JSON.stringify(body)))
    expect(await message.state()).toEqual(['sent', 'active'])
    const { rows } = await app.ledger.pool.query('select reason from webhook_events where delivery_id = $1', [
      message.id,
    ])
    expect(rows).toEqual([{ reason: expect.stringContaining(diagnostic.slice(0, 9)) }])
  })

  test('who opened and what was clicked is nowhere stored, nor is any address', async () => {
    const message = await messageFor('mary')
    for (const kind of KINDS) await send(signed(eventBody(kind, message)))
    const { rows } = await app.ledger.pool.query('select * from webhook_events')
    expect(rows.length).toBeGreaterThan(5)
    expect(JSON.stringify(rows)).not.toMatch(/open|click|Mozilla|122\.115|example\.org|12 papers/)
  })

  test.each([
    ['the mark as an object', (mark: string) => ({ message: mark })],
    ['the mark in a list', (mark: string) => [{ name: 'message', value: mark }]],
  ])('a letter is found by %s, before its provider’s id is known', async (_how, tagsOf) => {
    const message = await messageFor('ada')
    await app.ledger.pool.query('update deliveries set provider_id = null where id = $1', [message.id])
    const body = JSON.parse(eventBody('bounced', message))
    body.data.tags = tagsOf(message.mark)
    expect((await send(signed(JSON.stringify(body)))).result).toBe('applied')
    expect(await message.state()).toEqual(['bounced', 'suppressed'])
  })

  test('a letter of another installation, with a mark of another secret, is left alone', async () => {
    const message = await messageFor('ada')
    const invalidToken = `${message.mark.slice(0, -1)}${message.mark.endsWith('a') ? 'b' : 'a'}`
    const theirs = { emailId: randomUUID(), mark: invalidToken }
    expect((await send(signed(eventBody('complained', theirs)))).result).toBe('foreign')
    expect(await message.state()).toEqual(['sent', 'active'])
  })

  test.each(OTHER_EVENTS)('%s is acknowledged', async (type) => {
    const { status } = await send(signed(JSON.stringify({ type, created_at: new Date().toISOString(), data: {} })))
    expect(status).toBe(200)
  })

  test('an event of a type that nobody knew is counted', async () => {
    const unknown = signed(JSON.stringify({ type: 'email.recalled', data: {} }))
    await send(unknown)
    await send(unknown)
    const { rows } = await app.ledger.pool.query("select kind from webhook_events where reason = 'email.recalled'")
    expect(rows).toEqual([{ kind: 'unknown' }])
  })

  const complaint = async () => {
    const message = await messageFor('eve')
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
    expect((await send(change(event))).status).toBe(status)
    expect(await message.state()).toEqual(['sent', 'active'])
  })

  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a body that says it is %s is read as it was signed',
    async (type) => {
      const { message, event } = await complaint()
      expect((await send({ ...event, headers: { ...event.headers, 'content-type': type } })).status).toBe(200)
      expect(await message.state()).toEqual(['complained', 'suppressed'])
    },
  )

  test('of several signatures one that holds is enough, as while a secret is rotated', async () => {
    const { message, event } = await complaint()
    const { 'svix-id': id = '', 'svix-timestamp': timestamp = '' } = event.headers
    const other = `v1,${webhookSignature(`whsec_${Buffer.alloc(24).toString('base64')}`, id, timestamp, event.body)}`
    const headers = { ...event.headers, 'svix-signature': `v1a,x ${other} ${event.headers['svix-signature']}` }
    expect((await send({ body: event.body, headers })).status).toBe(200)
    expect(await message.state()).toEqual(['complained', 'suppressed'])
  })

  test('a hundred bodies of chance, well signed or not, are never an error of ours', async () => {
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
          const { status } = await send(honest ? event : { body: `${body}x`, headers: event.headers })
          expect(honest ? [200, 400] : [401]).toContain(status)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('GET finds nothing there', async () => {
    expect((await fetch(`${web.url}/webhooks/resend`)).status).toBe(404)
  })

  test('while the database refuses, Resend is told to come again, and then it is done once', async () => {
    const { message, event } = await complaint()
    await app.ledger.pool.query('alter table suppressions rename to away')
    expect((await send(event)).status).toBe(500)
    await app.ledger.pool.query('alter table away rename to suppressions')
    expect(await message.state()).toEqual(['sent', 'active'])
    expect((await send(event)).result).toBe('applied')
    expect((await send(event)).result).toBe('duplicate')
  })
})

describe('without a secret', () => {
  it('there is no such page', async () => {
    const place = await openInstallation('embedded')
    const app = await openTestApp(place)
    const web = await startWeb(app)
    const answer = await post(web.url, signed('{}'))
    expect([answer.status, answer.text.includes('Page not found')]).toEqual([404, true])
    await web.close()
    await app.close()
    await place.close()
  })

  it('that can be one, nothing starts', async () => {
    const place = await openInstallation('embedded', {
      resend: { ...RESEND.resend, webhookSecret: 'whsec_not base64' },
    })
    const app = await openTestApp(place)
    await expect(startWeb(app)).rejects.toThrow('RESEND_WEBHOOK_SECRET must be whsec_ and base64')
    await app.close()
    await place.close()
  })
})

describe('with the database gone', () => {
  it('the answer is 500, and the repeat after a restart is applied', async () => {
    const place = await openInstallation('embedded', RESEND)
    let app = await openTestApp(place)
    const [subscriber = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    const id = await writeDelivery(app.ledger.db, { subscriberId: subscriber, address: 'ada@example.org' })
    const event = signed(eventBody('bounced', { emailId: 'mail-1', mark: app.verp.sign({ kind: 'delivery', id }) }))
    let web = await startWeb(app)
    await app.ledger.close()
    expect((await post(web.url, event)).status).toBe(500)
    await web.close()
    await app.close().catch(() => {})
    app = await openTestApp(place)
    web = await startWeb(app)
    expect((await post(web.url, event)).result).toBe('applied')
    expect((await readDelivery(app.ledger.db, id)).state).toBe('bounced')
    await web.close()
    await app.close()
    await place.close()
  })
})
