import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { TEST_SENDS_PER_MINUTE } from '../../../config/limits-web.ts'
import { commandLine } from '../../../src/domain/actor.ts'
import { day } from '../../../src/domain/day.ts'
import { readActions } from '../../../src/ledger/operators/audit.ts'
import type { TransportName } from '../../../src/mail/transport.ts'
import { PERSONAS, personaReader } from '../../../src/pipeline/look/readers.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { App } from '../../../workers/app/app.ts'
import { openLook } from '../../../workers/app/look/open-look.ts'
import { startWeb } from '../../../workers/web.ts'
import {
  addSubscribersFor,
  openInstallation,
  openTestApp,
  QUICKEST,
  readOutbox,
  type TestInstallation,
} from '../../support/app.ts'
import { type ResendServer, startResendServer } from '../../support/servers/resend/server.ts'
import { startSmtpServer, type TestSmtpServer } from '../../support/servers/smtp-server.ts'

const DAY = day('2026-11-24')
const LINK = /https?:\/\/[^"<>\s]*\/(?:unsubscribe|preferences|feedback|digest)\/[^"<>\s)]+/g
/** A token of any link: the id of its key, its subject, its signature. */
const TOKEN = /[0-9a-f]{8}\.[\w-]+\.[\w-]{22}/g

describe('a test mail', () => {
  let now = new Date('2026-11-24T09:00:00Z')
  let smtp: TestSmtpServer
  let resend: ResendServer
  let place: TestInstallation
  let app: App
  let look: ReturnType<typeof openLook>
  let id: string
  beforeAll(async () => {
    smtp = await startSmtpServer()
    resend = await startResendServer()
    place = await openInstallation(QUICKEST, {
      mail: { transports: ['outbox', 'smtp', 'resend'] },
      smtp: { url: smtp.url, connections: 2, dkim: null, uncertain: 'park' },
      resend: { apiKey: 're_test', baseUrl: resend.url, webhookSecret: null },
    })
    app = await openTestApp(place, () => now)
    look = openLook(app)
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
    id = (await addSubscribersFor(app, [{ email: 'ines@example.org', interests: ['agents'] }]))[0] ?? ''
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    await place?.close()
    await resend?.close()
    await smtp?.close()
  })

  const reader = () => personaReader(PERSONAS[0], [], DAY)
  const send = (to: string, transport: TransportName = 'outbox') =>
    look.testSend({ to, day: DAY, reader: reader(), transport, actor: commandLine() })
  /** Later tests do not use up the mails of a minute. */
  const later = () => {
    now = new Date(now.getTime() + 120_000)
  }
  const lastEntry = async () => (await readActions(app.ledger.db, { limit: 1 }))[0]

  it.each(['outbox', 'smtp', 'resend'] as const)(
    'goes out over %s, marked as a test, and is no delivery',
    async (name) => {
      later()
      const result = await send('ada@example.net', name)
      expect(result.kind).toBe('accepted')
      expect(result.words).toContain(`Test sent to ada@example.net: ${name} accepted it`)
      const mail =
        name === 'outbox'
          ? (await readOutbox(place.outbox))[0]
          : name === 'smtp'
            ? await simpleParser(smtp.received[0]?.raw ?? '')
            : resend.delivered[0]?.item
      expect(mail?.subject).toMatch(/^\[Test\] /)
      for (const part of [mail?.html, mail?.text])
        expect(String(part).replace(/\s+/g, ' ')).toContain(
          `This is a test of the digest of ${DAY} (revision 1), composed for: New subscriber, no interests.`,
        )
      const { rows } = await app.ledger.pool.query('select id from deliveries union all select 1 from suppressions')
      expect(rows).toEqual([])
      const entry = await lastEntry()
      expect(entry).toMatchObject({ action: 'edition.test-sent', who: commandLine().who, day: DAY })
      expect(entry?.after).toMatchObject({ revision: 1, transport: name, reader: 'New subscriber, no interests' })
      expect(String(entry?.after?.result)).toMatch(/^Test sent to \(address\)/)
    },
  )

  it('has the header of a test, and does not count for the figures of the edition', async () => {
    const [first] = await readOutbox(place.outbox)
    expect(first?.headers.get('x-paperround-test')).toBe(`edition=${DAY}; revision=1`)
    expect(String(first?.headers.get('feedback-id'))).toMatch(/^test:daily:digest:/)
    const tags = resend.delivered[0]?.item as unknown as { tags: { name: string; value: string }[] }
    expect(tags.tags.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'kind=test',
      `day=${DAY}`,
      'frequency=daily',
    ])
  })

  it('has links that change nothing and say so, also by one click', async () => {
    const view = await look.compose(DAY, (await look.findReader(id)) ?? reader())
    if (view.kind !== 'digest') throw new Error(view.why)
    const links = new Set(view.message.html.match(LINK))
    expect(new Set([...links].map((link) => new URL(link).pathname.split('/')[1]))).toEqual(
      new Set(['unsubscribe', 'preferences', 'feedback', 'digest']),
    )
    const web = await startWeb(app, { host: '127.0.0.1' })
    try {
      // One of each kind, because a digest has three feedback links a paper.
      const kinds = new Map([...links].map((link) => [new URL(link).pathname.split('/')[1], link]))
      for (const link of kinds.values())
        for (const method of ['GET', 'POST']) {
          const answer = await fetch(web.url + new URL(link).pathname, {
            method,
            body: method === 'GET' ? null : 'List-Unsubscribe=One-Click',
          })
          expect([link, method, answer.status, (await answer.text()).includes('belongs to a test')]).toEqual([
            link,
            method,
            200,
            true,
          ])
        }
    } finally {
      await web.close()
    }
    expect((await app.ledger.subscribers.readSubscriber(id))?.state).toBe('active')
  })

  it('has the bytes of sending, apart from its tokens', async () => {
    const view = await look.compose(DAY, (await look.findReader('ines@example.org')) ?? reader())
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    const parcel = await app.ledger.db.selectFrom('parcels').select('id').executeTakeFirstOrThrow()
    await app.deliver(parcel.id)
    const sent = (await readOutbox(place.outbox)).find((mail) => !mail.subject?.startsWith('[Test]'))
    if (view.kind !== 'digest' || sent === undefined) throw new Error('no digest')
    expect(view.message.subject).toBe(sent.subject)
    expect(view.message.html.replace(TOKEN, 'T').trim()).toBe(String(sent.html).replace(TOKEN, 'T').trim())
    expect(view.message.text.replace(TOKEN, 'T').trim()).toBe(String(sent.text).replace(TOKEN, 'T').trim())
  })

  it('is refused for a suppressed address, with the reason', async () => {
    later()
    const reason = { actor: commandLine(), reason: 'asked by phone', at: now }
    await app.ledger.subscribers.addSuppression(app.ledger.tokens.hashAddress('gone@example.net'), reason)
    expect(await send('gone@example.net', 'smtp')).toEqual({
      kind: 'not-sent',
      words:
        'Test not sent: gone@example.net is suppressed (operator: asked by phone), so nothing is sent to it. Use another address.',
    })
    expect(smtp.received).toHaveLength(1)
  })

  it('waits for a paused transport, and records a limit of the provider for sending too', async () => {
    later()
    resend.plant({
      when: 'before',
      kind: 'status',
      status: 429,
      name: 'rate_limit_exceeded',
      headers: { 'retry-after': '600' },
    })
    const first = await send('ada@example.net', 'resend')
    expect(first).toMatchObject({ kind: 'refused' })
    expect(first.words).toContain('Test not sent: resend does not take it now.')
    const calls = resend.calls.length
    const second = await send('ada@example.net', 'resend')
    expect(second.kind).toBe('not-sent')
    expect(second.words).toContain('resend is paused until')
    expect(resend.calls).toHaveLength(calls)
  })

  it('is limited per minute for all operators together', async () => {
    later()
    const all = await Promise.all(Array.from({ length: TEST_SENDS_PER_MINUTE + 3 }, () => send('ada@example.net')))
    expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(TEST_SENDS_PER_MINUTE)
    expect(all.find(({ kind }) => kind === 'not-sent')?.words).toContain('too many test mails')
    later()
    expect((await send('ada@example.net')).kind).toBe('accepted')
  })
})
