import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { DAY_MS, dumpLedger, linksIn, openSite, type TestSite } from '../../support/web/site.ts'

describe('the digest in the browser', () => {
  let site: TestSite
  let mails: ParsedMail[] = []
  const mailTo = (address: string) => {
    const mail = mails.find((each) => [each.to].flat()[0]?.text === address)
    if (mail === undefined) throw new Error(`no mail to ${address}`)
    return mail
  }
  const browserLink = (address: string) => linksIn(mailTo(address)).find((link) => link.includes('/digest/')) ?? ''
  /** Normalises line breaks, which may change on the way; words and links may not. */
  const flat = (html: string | false | undefined) => String(html).replace(/\s+/g, ' ').trim()

  /** Removes the link to the preferences, which a shared page must not contain. */
  const shared = (html: string | false | undefined) =>
    flat(html).replace(/https:\/\/papers\.example\.org\/(?:preferences|fresh-link)\/[^"]+/g, 'PREFERENCES')

  beforeAll(async () => {
    site = await openSite()
    await addSubscribersFor(site.app, [
      { email: 'ada@example.org', interests: ['agents'] },
      { email: 'weekly@example.org', frequency: 'weekly', weekday: 2 },
      { email: 'titles@example.org', format: 'titles', includeOtherTitles: false, featuredCount: 3 },
      { email: 'brief@example.org', format: 'summaries', featuredCount: 2 },
    ])
    mails = await site.morning()
  })
  afterAll(() => site?.close())

  it.each(['ada@example.org', 'weekly@example.org', 'titles@example.org', 'brief@example.org'])(
    'is the mail to %s, link by link but for the one to the preferences, and stays so when preferences change',
    async (address) => {
      await site.app.ledger.pool.query(
        `update subscribers set interests = '{robotics}', featured_count = 1, frequency = 'daily', format = 'abstracts', include_other_titles = true`,
      )
      const page = await site.get(browserLink(address))
      expect(page.status).toBe(200)
      expect(page.body).not.toContain('/preferences/')
      expect(shared(page.body)).toBe(shared(mailTo(address).html))
      expect(page.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'unsafe-inline'/),
      })
    },
  )

  it('shows titles only, or no list of other papers, as chosen', () => {
    const { html } = mailTo('titles@example.org')
    expect(new Set(String(html).match(/\/paper\/[^"]+/g))).toHaveProperty('size', 3)
    expect(String(html)).not.toContain('/feedback/')
  })

  it('shows labelled AI summaries only to subscribers who chose them', () => {
    const labels = (address: string) => String(mailTo(address).html).match(/AI summary from Hugging Face/g)?.length ?? 0
    expect([labels('brief@example.org'), labels('ada@example.org'), labels('titles@example.org')]).toEqual([2, 0, 0])
  })

  it('is missing before the digest is composed, for a forged token and for an erased subscriber', async () => {
    const { app, clock } = site
    const [id = ''] = await addSubscribersFor(app, [{ email: 'queued@example.org' }])
    clock.now = new Date(clock.now.getTime() + DAY_MS)
    await app.ledger.pool.query(
      `insert into deliveries (subscriber_id, period, day, parcel_id, state, queued_at)
       select $1, 'x', day, id, 'queued', created_at from parcels limit 1`,
      [id],
    )
    const { rows } = await app.ledger.pool.query(`select id from deliveries where subscriber_id = $1`, [id])
    const waiting = await site.get(app.links.digest(rows[0].id, 0))
    expect([waiting.status, waiting.body.includes('This digest has not been sent')]).toEqual([404, true])
    for (const invalidToken of [
      `${browserLink('ada@example.org')}x`,
      app.links.digest('999999999', 0),
      app.links.digest('x; drop', 0),
    ])
      expect((await site.get(invalidToken)).status).toBe(404)
    const ada = await app.ledger.db
      .selectFrom('subscribers')
      .select('id')
      .where('email', '=', 'ada@example.org')
      .executeTakeFirstOrThrow()
    await eraseSubscriber(app.ledger.db, ada.id, clock.now)
    expect((await site.get(browserLink('ada@example.org'))).status).toBe(410)
  })

  it('says when the templates have changed since the message was sent', async () => {
    const link = browserLink('titles@example.org')
    const unchanged = await site.get(link)
    await site.app.ledger.pool.query(`update parcels set template = '0123456789abcdef'`)
    const changed = await site.get(link)
    const note = /<div role="note"[^>]*>Our email layout has changed since this digest was sent\. [^<]*<\/div>/
    expect(unchanged.body).not.toMatch(note)
    expect(changed.body).toMatch(/<body[^>]*><div role="note" /)
    expect(changed.body.replace(note, '')).toBe(unchanged.body)
  })
})

describe('a mail scanner', () => {
  it('that opens every link of all messages, by GET and HEAD, twice, changes no row of the ledger', async () => {
    const site = await openSite()
    try {
      const [ada = '', bob = ''] = await addSubscribersFor(site.app, [
        { email: 'ada@example.org' },
        { email: 'bob@example.org' },
      ])
      const mails = await site.morning()
      await site.post(site.app.links.preferences({ id: ada, linkGeneration: 0 }), {
        section: 'address',
        email: 'ada2@example.org',
      })
      await site.post(site.app.links.subscriber('unsubscribe', bob))
      mails.push(...(await site.sendTransactionals()))
      expect(mails.map((mail) => mail.subject)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('Confirm your new address'),
          expect.stringContaining('You are unsubscribed'),
        ]),
      )
      const links = [...new Set(mails.flatMap(linksIn))]
      for (const kind of ['unsubscribe', 'preferences', 'feedback', 'digest', 'address'])
        expect(links.some((link) => link.includes(`/${kind}/`))).toBe(true)
      const before = await dumpLedger(site.app)
      for (const link of links)
        for (const method of ['GET', 'HEAD', 'GET', 'HEAD'] as const) {
          const { status } = await site.get(link, { method })
          expect(status).toBeLessThan(500)
          if (/\/(unsubscribe|preferences|feedback|digest|address)\//.test(link)) expect(status).toBe(200)
        }
      expect(await dumpLedger(site.app)).toBe(before)
    } finally {
      await site.close()
    }
  }, 300_000)
})

describe('random bodies', () => {
  it('on every route of a subscriber, a hundred each, never cause a server error', async () => {
    const site = await openSite()
    try {
      const [ada = ''] = await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
      const [mail] = await site.morning()
      const feedback = mail === undefined ? '' : (linksIn(mail).find((link) => link.includes('/feedback/')) ?? '')
      const { links } = site.app
      const preferences = links.preferences({ id: ada, linkGeneration: 0 })
      const address = links.subscriber('address', '01234567-89ab-4cde-8f01-23456789abcd')
      const routes = [
        links.subscriber('unsubscribe', ada),
        preferences,
        feedback,
        address,
        links.digest('1', 0),
        `${preferences}/data`,
      ]
      const types = [
        'application/x-www-form-urlencoded',
        'application/json',
        'multipart/form-data; boundary=x',
        'text/plain',
        'image/png',
        '',
      ]
      let seed = 20261124
      const random = (below: number) => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        return seed % below
      }
      for (const route of routes)
        for (let n = 0; n < 100; n += 1) {
          const payload = Buffer.from(Array.from({ length: random(300) }, () => random(256)))
          const type = types[random(types.length)] ?? ''
          const { status } = await site.get(route, {
            method: 'POST',
            payload,
            headers: type === '' ? {} : { 'content-type': type },
          })
          expect(status).toBeLessThan(500)
        }
      expect((await site.get(preferences)).status).toBe(200)
    } finally {
      await site.close()
    }
  }, 300_000)
})
