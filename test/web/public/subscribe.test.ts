import { afterAll, describe, expect, it } from '@jest/globals'
import { suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { linkIn, openWebsite } from '../../support/web/website.ts'
import { signUpsOn } from './sign-ups.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const site = await openWebsite()
afterAll(() => site.close())
const { mailsTo, subscribe, row } = signUpsOn(() => site)

describe('joining', () => {
  it('Ada signs up, confirms by email, and sees when her first digest comes', async () => {
    const asked = await subscribe({
      email: 'ada@example.org',
      interests: 'agents, sparse retrieval',
      timezone: 'Europe/Vienna',
      hour: '11',
    })
    expect(asked.statusCode).toBe(202)
    const [mail, ...others] = await mailsTo('ada@example.org')
    expect(others).toEqual([])
    expect(mail?.subject).toBe('Confirm your subscription to Paperround')
    const path = linkIn(mail, 'confirm')
    expect(await site.state('ada@example.org')).toBe('pending')

    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const looked = await site.get(path, method)
      expect([looked.statusCode, looked.headers['cache-control'], looked.headers['referrer-policy']]).toEqual([
        200,
        'no-store',
        'no-referrer',
      ])
    }
    expect(await site.state('ada@example.org')).toBe('pending')

    const confirmed = await site.post(path, {})
    expect(confirmed.statusCode).toBe(200)
    const promise =
      'Your next digest comes on Tuesday, 24 November 2026, after 11:00 (Europe/Vienna), or on the next day that has papers for you.'
    expect(confirmed.body).toContain(promise)
    expect(confirmed.body).toMatch(/\/preferences\/[\w.-]+/)
    expect(await row('ada@example.org')).toMatchObject({
      state: 'active',
      interests: ['agents', 'sparse retrieval'],
      timezone: 'Europe/Vienna',
      delivery_hour: 11,
      consent: { by: 'reader', note: 'asked on the website (wording 2026-11), confirmed by mail' },
    })
    const [, welcome] = await mailsTo('ada@example.org')
    expect(welcome?.subject).toBe('Welcome to Paperround')
    expect(welcome?.text?.replace(/\s+/g, ' ')).toContain(promise)
    expect(welcome?.html).toContain(promise)
    expect((await site.get(linkIn(welcome, 'preferences'))).body).toContain(promise)

    const again = await site.post(path, {})
    expect(again.body).toContain('You are already subscribed')
    expect(again.body).not.toContain('/preferences/')
    expect(await mailsTo('ada@example.org')).toHaveLength(2)
    const id = (await row('ada@example.org'))?.id ?? ''
    const consents = await site.app.ledger.db
      .selectFrom('consents')
      .select(['kind', 'form', 'consent_text_version', 'ip'])
      .where('subscriber_id', '=', id)
      .orderBy('id')
      .execute()
    const proof = { form: 'web', consent_text_version: '2026-11', ip: '192.0.2.1' }
    expect(consents).toEqual([
      { kind: 'requested', ...proof },
      { kind: 'confirmed', ...proof },
    ])
  })

  it('confirms once for two simultaneous presses', async () => {
    await subscribe({ email: 'twice@example.org' }, '192.0.2.2')
    const path = linkIn((await mailsTo('twice@example.org'))[0], 'confirm')
    const answers = await Promise.all([1, 2, 3, 4].map(() => site.post(path, {})))
    expect(
      answers.filter(({ body }) => body.includes('is confirmed.</p>') && body.includes('next digest')),
    ).toHaveLength(1)
    expect((await mailsTo('twice@example.org')).map((mail) => mail.subject)).toHaveLength(2)
  })

  it('accepts a bare post, as from a script', async () => {
    const answer = await site.post('/subscribe', { email: 'curl@example.org' }, '192.0.2.3')
    expect(answer.statusCode).toBe(202)
    expect(await mailsTo('curl@example.org')).toHaveLength(1)
  })

  it('the message contains nothing that a stranger typed', async () => {
    await subscribe({ email: 'victim@example.org', interests: 'BUY-PILLS http://spam.example' }, '192.0.2.4')
    const [mail] = await mailsTo('victim@example.org')
    expect(`${mail?.text}${mail?.html}${mail?.subject}`).not.toMatch(/pills|spam\.example/i)
  })
})

describe('an address that is known', () => {
  it('of an active subscriber gets one email a day that says so, and nothing changes', async () => {
    await addSubscribersFor(site.app, [{ email: 'active@example.org', interests: ['graphs'] }])
    for (let times = 0; times < 3; times += 1) {
      const answer = await subscribe({ email: 'active@example.org', interests: 'spam' }, '192.0.2.10')
      expect(answer.statusCode).toBe(202)
    }
    const [mail, ...others] = await mailsTo('active@example.org')
    expect(others).toEqual([])
    expect(mail?.subject).toBe('You are already subscribed to Paperround')
    linkIn(mail, 'preferences')
    expect(await row('active@example.org')).toMatchObject({ state: 'active', interests: ['graphs'] })
  })

  it('that waits for its confirmation gets another email the next day at the earliest', async () => {
    await subscribe({ email: 'pending@example.org' }, '192.0.2.11')
    await subscribe({ email: 'PENDING@example.org' }, '192.0.2.12')
    expect(await mailsTo('pending@example.org')).toHaveLength(1)
    site.pass(DAY)
    await subscribe({ email: 'pending@example.org' }, '192.0.2.11')
    expect(await mailsTo('pending@example.org')).toHaveLength(2)
  })

  it('that unsubscribed may subscribe again, and keeps its preferences until it confirms', async () => {
    const [id] = await addSubscribersFor(site.app, [{ email: 'left@example.org', interests: ['graphs'] }])
    await site.app.ledger.db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('id', '=', id ?? '')
      .execute()
    await subscribe({ email: 'left@example.org', interests: 'vision' }, '192.0.2.13')
    const path = linkIn((await mailsTo('left@example.org'))[0], 'confirm')
    expect(await row('left@example.org')).toMatchObject({ state: 'pending', interests: ['graphs'] })
    await site.post(path, {})
    expect(await row('left@example.org')).toMatchObject({ state: 'active', interests: ['vision'] })
  })

  it('that is suppressed gets nothing at all', async () => {
    const { db, tokens } = site.app.ledger
    await suppress(db, tokens.hashAddress('bounced@example.org'), 'bounced', site.app.clock())
    expect((await subscribe({ email: 'bounced@example.org' }, '192.0.2.14')).statusCode).toBe(202)
    expect(await mailsTo('bounced@example.org')).toEqual([])
    expect(await site.state('bounced@example.org')).toBeNull()
  })

  it('gets the same answer as an unknown one, byte for byte', async () => {
    const known = await subscribe({ email: 'ada@example.org' }, '192.0.2.15')
    const unknown = await subscribe({ email: 'nobody@example.org' }, '192.0.2.15')
    const bounced = await subscribe({ email: 'bounced@example.org' }, '192.0.2.15')
    const trapped = await subscribe({ email: 'trap@example.org', website: 'x' }, '192.0.2.15')
    expect([known.body, bounced.body, trapped.body]).toEqual([unknown.body, unknown.body, unknown.body])
    const headers = ({ headers: { date: _date, ...others } }: typeof known) =>
      Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith('x-ratelimit')))
    expect(headers(known)).toEqual(headers(unknown))
    expect(await mailsTo('trap@example.org')).toEqual([])
  })
})
