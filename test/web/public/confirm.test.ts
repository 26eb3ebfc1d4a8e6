import { afterAll, describe, expect, it } from '@jest/globals'
import { prune } from '../../../src/ledger/maintenance/prune.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { linkIn, openWebsite } from '../../support/web/website.ts'
import { signUpsOn } from './sign-ups.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SECRET = 'a secret of the tests that is long enough'

const site = await openWebsite()
afterAll(() => site.close())
const { mailsTo, subscribe } = signUpsOn(() => site)

describe('a confirmation link', () => {
  const confirmations = () => site.app.ledger.db.selectFrom('confirmations').selectAll()

  it('that expired offers a new one and confirms nothing', async () => {
    await subscribe({ email: 'late@example.org' }, '192.0.2.30')
    const path = linkIn((await mailsTo('late@example.org'))[0], 'confirm')
    site.pass(2 * DAY)
    for (const answer of [await site.get(path), await site.post(path, {})]) {
      expect(answer.statusCode).toBe(410)
      expect(answer.body).toContain('href="/subscribe"')
    }
    expect(await site.state('late@example.org')).toBe('pending')
    await subscribe({ email: 'late@example.org' }, '192.0.2.30')
    await site.post(linkIn((await mailsTo('late@example.org'))[1], 'confirm'), {})
    expect(await site.state('late@example.org')).toBe('active')
  })

  it('of a reader who has left since confirms nothing', async () => {
    await subscribe({ email: 'gone@example.org' }, '192.0.2.31')
    const path = linkIn((await mailsTo('gone@example.org'))[0], 'confirm')
    await site.app.ledger.db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('email_key', '=', 'gone@example.org')
      .execute()
    expect((await site.post(path, {})).statusCode).toBe(410)
    expect(await site.state('gone@example.org')).toBe('unsubscribed')
  })

  it('that is forged, cut, of another purpose, key or subject leads nowhere and changes nothing', async () => {
    await subscribe({ email: 'target@example.org' }, '192.0.2.32')
    const good = linkIn((await mailsTo('target@example.org'))[0], 'confirm').replace('/confirm/', '')
    const { tokens } = site.app.ledger
    const [key = '', body = '', mac = ''] = good.split('.')
    const id = Buffer.from(body, 'base64url').toString()
    const before = await confirmations().execute()
    const bad = [
      good.slice(0, -1),
      `${good}A`,
      `${key}.${body}`,
      `${key}.${body}.${mac.split('').reverse().join('')}`,
      tokens.sign('unsubscribe', id),
      tokens.sign('preferences', id),
      tokens.sign('confirm', '1'),
      tokens.sign('confirm', `${id}' or true --`),
      tokens.sign('confirm', '00000000-0000-0000-0000-000000000000'),
      createTokens(['another secret that is long enough too']).sign('confirm', id),
      encodeURIComponent('../../etc/passwd'),
      '%00',
    ]
    for (const token of bad) {
      for (const answer of [await site.get(`/confirm/${token}`), await site.post(`/confirm/${token}`, {})])
        expect([token, answer.statusCode]).toEqual([token, 404])
    }
    expect(await confirmations().execute()).toEqual(before)
    expect(await site.state('target@example.org')).toBe('pending')
  })
})

describe('what is kept', () => {
  it('is forgotten in time: addresses of posts at once, IP addresses and strangers after a month', async () => {
    const { db } = site.app.ledger
    await subscribe({ email: 'ada@example.org' }, '192.0.2.61')
    await site.post(linkIn((await mailsTo('ada@example.org'))[0], 'confirm'), {})
    await site.mails()
    expect(await db.selectFrom('sign_ups').select('id').where('email', 'is not', null).execute()).toEqual([])
    const [id] = await addSubscribersFor(site.app, [{ email: 'returning@example.org' }])
    await db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('id', '=', id ?? '')
      .execute()
    await subscribe({ email: 'returning@example.org' }, '192.0.2.60')
    await subscribe({ email: 'never@example.org' }, '192.0.2.60')
    await site.mails()
    await prune(db, new Date(site.app.clock().getTime() + 29 * DAY), 1_000)
    expect(await site.state('never@example.org')).toBe('pending')
    await prune(db, new Date(site.app.clock().getTime() + 31 * DAY), 1_000)
    expect(await site.state('never@example.org')).toBeNull()
    // Posts of other visitors do not make the ledger forget who unsubscribed.
    expect(await site.state('returning@example.org')).toBe('unsubscribed')
    expect(await site.state('ada@example.org')).toBe('active')
    expect(await db.selectFrom('consents').select('id').where('ip', 'is not', null).execute()).toEqual([])
    expect(await db.selectFrom('sign_ups').select('id').execute()).toEqual([])
    expect(await db.selectFrom('mailbox_mails').select('kind').execute()).toEqual([])
  })
})

describe('a secret that was changed', () => {
  it('leaves the links and forms of the old one working while it is named', async () => {
    const next = await openWebsite('embedded', {
      secret: 'a new secret of the tests, long enough',
      oldSecrets: [SECRET],
    })
    try {
      const old = createTokens([SECRET])
      const form = old.sign('form', `${next.app.clock().getTime() - 5_000} 2026-11`)
      expect((await next.post('/subscribe', { form, email: 'ada@example.org' })).statusCode).toBe(202)
      await next.mails()
      const { id } = await next.app.ledger.db.selectFrom('confirmations').select('id').executeTakeFirstOrThrow()
      expect((await next.post(`/confirm/${old.sign('confirm', id)}`, {})).body).toContain('You are subscribed')
      expect(await next.state('ada@example.org')).toBe('active')
    } finally {
      await next.close()
    }
  })
})

describe('a queue that lost everything', () => {
  it('is made whole from the ledger: the sign-up is taken up all the same', async () => {
    const place = await openWebsite('embedded', {}, { workers: false })
    try {
      expect((await place.post('/subscribe', { email: 'ada@example.org' })).statusCode).toBe(202)
      const { signUps } = await place.app.reconcile({ editions: false })
      expect(signUps).toBe(1)
      const { id } = await place.app.ledger.db.selectFrom('sign_ups').select('id').executeTakeFirstOrThrow()
      expect([(await place.app.processSignUp(id)).kind, (await place.app.processSignUp(id)).kind]).toEqual([
        'asked',
        'not-found',
      ])
      const { notices } = await place.app.reconcile({ editions: false })
      expect(notices).toBe(1)
    } finally {
      await place.close()
    }
  })
})
