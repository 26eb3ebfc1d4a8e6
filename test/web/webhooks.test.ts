import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { startWeb } from '../../workers/web.ts'
import {
  addSubscribersFor,
  isPresent,
  openInstallation,
  openTestApp,
  QUICKEST,
  SHAPES,
  type Shape,
} from '../support/app.ts'
import {
  EMAIL_EVENTS,
  type EmailEvent,
  eventBody,
  OTHER_EVENTS,
  type SignedEvent,
  signed,
} from '../support/corpora/resend-events.ts'
import { readDelivery, writeDelivery } from '../support/sending/deliveries.ts'
import { openWebhooks, post, RESEND } from './webhook-site.ts'

const KINDS = Object.keys(EMAIL_EVENTS) as EmailEvent[]

describe.each(SHAPES.slice(0, 2))('POST /webhooks/resend, with %s', (shape: Shape) => {
  const test = isPresent(shape) ? it : it.skip
  let site: Awaited<ReturnType<typeof openWebhooks>>
  beforeAll(async () => {
    if (isPresent(shape)) site = await openWebhooks(shape)
  })
  afterAll(() => site?.close())

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
  ])('“%s” makes the delivery %s and its subscriber %s', async (event, delivery, subscriber) => {
    const message = await site.messageFor('ada')
    const first = signed(eventBody(event, message))
    expect((await site.send(first)).status).toBe(200)
    expect(await message.state()).toEqual([delivery, subscriber])
    const again = await site.send(first)
    expect([again.status, ['duplicate', 'ignored'].includes(String(again.result))]).toEqual([200, true])
    expect(await message.state()).toEqual([delivery, subscriber])
  })

  test('all events, twice and in any order, have the same result', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...KINDS, ...KINDS], { minLength: KINDS.length * 2 }), async (order) => {
        const message = await site.messageFor('grace')
        const events = new Map(KINDS.map((kind) => [kind, signed(eventBody(kind, message))]))
        for (const kind of order) expect((await site.send(events.get(kind) as SignedEvent)).status).toBe(200)
        expect(await message.state()).toEqual(['complained', 'suppressed'])
        const why = await site.app.ledger.db
          .selectFrom('suppressions')
          .select('reason')
          .where('address_hash', '=', site.app.ledger.tokens.hashAddress(message.address))
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
    'a message that failed because of us (%s) pauses the transport and keeps its subscriber active',
    async (why, kind) => {
      const message = await site.messageFor('ada')
      const body = JSON.parse(eventBody('failed', message))
      body.data.failed.reason = why
      body.created_at = site.app.clock().toISOString()
      await site.send(signed(JSON.stringify(body)))
      expect(await message.state()).toEqual(['bounced', 'active'])
      const paused = await site.app.ledger.db.selectFrom('transport_pauses').selectAll().execute()
      expect(paused).toMatchObject([{ name: 'resend', kind, reason: expect.stringContaining(why) }])
      await site.app.ledger.db.deleteFrom('transport_pauses').execute()
    },
  )

  test.each([
    ['invalid_recipient', 0],
    ['reached_daily_quota', 3],
  ])('a message that failed for another reason, or long ago, pauses nothing (%s, %i days)', async (why, days) => {
    const message = await site.messageFor('ada')
    const body = JSON.parse(eventBody('failed', message))
    body.data.failed.reason = why
    body.created_at = new Date(site.app.clock().getTime() - days * 86_400_000).toISOString()
    await site.app.ledger.db.deleteFrom('transport_pauses').execute()
    await site.send(signed(JSON.stringify(body)))
    expect(await site.app.ledger.db.selectFrom('transport_pauses').selectAll().execute()).toEqual([])
  })

  test.each([
    ['550 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org'],
    ['552 5.2.2 over quota'],
    ['550 5.7.26 Unauthenticated email is not accepted'],
  ])('a permanent bounce that is not about the address suppresses nobody: %s', async (diagnostic) => {
    const message = await site.messageFor('ada')
    const body = JSON.parse(eventBody('bounced', message))
    body.data.bounce = {
      type: 'Permanent',
      subType: 'General',
      message: 'A hard bounce.',
      diagnosticCode: [`smtp; ${diagnostic}`],
    }
    await site.send(signed(JSON.stringify(body)))
    expect(await message.state()).toEqual(['sent', 'active'])
    const { rows } = await site.app.ledger.pool.query('select reason from webhook_events where delivery_id = $1', [
      message.id,
    ])
    expect(rows).toEqual([{ reason: expect.stringContaining(diagnostic.slice(0, 9)) }])
  })

  test('neither opens and clicks nor addresses are stored', async () => {
    const message = await site.messageFor('mary')
    for (const kind of KINDS) await site.send(signed(eventBody(kind, message)))
    const { rows } = await site.app.ledger.pool.query('select * from webhook_events')
    expect(rows.length).toBeGreaterThan(5)
    expect(JSON.stringify(rows)).not.toMatch(/open|click|Mozilla|122\.115|example\.org|12 papers/)
  })

  test.each([
    ['the mark as an object', (mark: string) => ({ message: mark })],
    ['the mark in a list', (mark: string) => [{ name: 'message', value: mark }]],
  ])('a message is found by %s before its provider’s id is known', async (_how, tagsOf) => {
    const message = await site.messageFor('ada')
    await site.app.ledger.pool.query('update deliveries set provider_id = null where id = $1', [message.id])
    const body = JSON.parse(eventBody('bounced', message))
    body.data.tags = tagsOf(message.mark)
    expect((await site.send(signed(JSON.stringify(body)))).result).toBe('applied')
    expect(await message.state()).toEqual(['bounced', 'suppressed'])
  })

  test('an event of another installation, signed with another secret, is ignored', async () => {
    const message = await site.messageFor('ada')
    const invalidToken = `${message.mark.slice(0, -1)}${message.mark.endsWith('a') ? 'b' : 'a'}`
    const theirs = { emailId: randomUUID(), mark: invalidToken }
    expect((await site.send(signed(eventBody('complained', theirs)))).result).toBe('foreign')
    expect(await message.state()).toEqual(['sent', 'active'])
  })

  test.each(OTHER_EVENTS)('%s is acknowledged', async (type) => {
    const { status } = await site.send(signed(JSON.stringify({ type, created_at: new Date().toISOString(), data: {} })))
    expect(status).toBe(200)
  })

  test('an event of an unknown type is counted', async () => {
    const unknown = signed(JSON.stringify({ type: 'email.recalled', data: {} }))
    await site.send(unknown)
    await site.send(unknown)
    const { rows } = await site.app.ledger.pool.query("select kind from webhook_events where reason = 'email.recalled'")
    expect(rows).toEqual([{ kind: 'unknown' }])
  })
})

describe('without a secret', () => {
  it('there is no such page', async () => {
    const place = await openInstallation(QUICKEST)
    const app = await openTestApp(place)
    const web = await startWeb(app)
    const answer = await post(web.url, signed('{}'))
    expect([answer.status, answer.text.includes('Page not found')]).toEqual([404, true])
    await web.close()
    await app.close()
    await place.close()
  })

  it('and with an invalid one, the process does not start', async () => {
    const place = await openInstallation(QUICKEST, {
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
    const place = await openInstallation(QUICKEST, RESEND)
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
