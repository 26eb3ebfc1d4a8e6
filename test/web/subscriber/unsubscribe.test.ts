import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { moveSubscriber, readSubscriber, suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { createLinks } from '../../../src/security/signed-links.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { HOUR_MS, openSite, type TestSite } from '../../support/web/site.ts'

const OLD_SECRET = 'the secret of many years ago, long enough'

describe('leaving', () => {
  let site: TestSite
  let names = 0
  beforeAll(async () => {
    site = await openSite({ config: { oldSecrets: [OLD_SECRET] } })
  })
  afterAll(() => site?.close())

  /** Adds an active subscriber and returns the unsubscribe link of their digests. */
  const subscriber = async () => {
    names += 1
    const [id = ''] = await addSubscribersFor(site.app, [{ email: `reader${names}@example.org` }])
    return { id, email: `reader${names}@example.org`, link: site.app.links.subscriber('unsubscribe', id) }
  }
  const stateOf = async (id: string) => (await readSubscriber(site.app.ledger.db, id))?.state
  const events = async (id: string) =>
    (
      await site.app.ledger.db
        .selectFrom('events')
        .select(['kind', 'data'])
        .where('subscriber_id', '=', id)
        .orderBy('id')
        .execute()
    ).map(({ kind, data }) => ({ kind, ...data }))
  const oneClick = (link: string, headers: Record<string, string>, payload: string) =>
    site.get(link, { method: 'POST', headers, payload })

  it('asks first: looking at the page, or at its head, changes nothing', async () => {
    const ada = await subscriber()
    const page = await site.get(ada.link)
    expect(page.status).toBe(200)
    expect(page.body).toMatch(/<form [^>]*method="post"[^>]*>.*Unsubscribe<\/button>/)
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
    })
    expect(page.headers['set-cookie']).toBeUndefined()
    expect((await site.get(ada.link, { method: 'HEAD' })).status).toBe(200)
    expect(await stateOf(ada.id)).toBe('active')
  })

  it('names no address, neither in the link nor on the page', async () => {
    const ada = await subscriber()
    expect(ada.link).not.toContain('reader')
    const { body } = await site.get(ada.link)
    expect(body).not.toContain(ada.email)
  })

  const BOUNDARY = '----=_Part_1'
  const FORMS: [string, Record<string, string>, string][] = [
    ['urlencoded', { 'content-type': 'application/x-www-form-urlencoded' }, 'List-Unsubscribe=One-Click'],
    [
      'multipart',
      { 'content-type': `multipart/form-data; boundary="${BOUNDARY}"` },
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
    ],
    [
      'multipart with a part’s own type',
      { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\nContent-Type: text/plain\r\n\r\nOne-Click\r\n--${BOUNDARY}--\r\n`,
    ],
  ]

  it.each(FORMS)(
    'takes a mail program’s one click, %s, without cookie or redirect, as often as it comes',
    async (_name, headers, payload) => {
      const ada = await subscriber()
      for (const _time of [1, 2, 3]) {
        const answer = await oneClick(
          ada.link,
          { ...headers, 'sec-fetch-site': 'cross-site', origin: 'https://mail.example' },
          payload,
        )
        expect(answer).toMatchObject({ status: 200, body: 'You are unsubscribed. You will receive no more digests.\n' })
        expect(answer.headers['content-type']).toMatch(/^text\/plain/)
      }
      expect(await stateOf(ada.id)).toBe('unsubscribed')
      expect(await events(ada.id)).toEqual([{ kind: 'subscriber.unsubscribed', why: 'by the reader', by: 'one-click' }])
      expect(await site.sendTransactionals()).toEqual([])
    },
  )

  it.each<[string, Record<string, string>, string | undefined]>([
    ['no body at all', {}, undefined],
    ['an empty form', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    ['broken JSON', { 'content-type': 'application/json' }, '{"a":'],
    ['a type that nobody knows', { 'content-type': 'application/x-what' }, '\u0000\u0001'],
    ['a type that is none', { 'content-type': 'what?!' }, 'hello'],
    ['multipart without its boundary', { 'content-type': 'multipart/form-data' }, 'List-Unsubscribe'],
    [
      'a file',
      { 'content-type': 'multipart/form-data; boundary=x' },
      '--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--x--\r\n',
    ],
  ])('treats %s as an unsubscribe request', async (_name, headers, payload) => {
    const ada = await subscriber()
    const answer = await site.get(ada.link, { method: 'POST', headers, ...(payload === undefined ? {} : { payload }) })
    expect(answer.status).toBe(200)
    expect(await stateOf(ada.id)).toBe('unsubscribed')
  })

  it('answers 200 in every state of the subscriber, and changes only a subscription', async () => {
    const { app } = site
    const { db, tokens } = app.ledger
    const at = app.clock()
    const pending = await subscriber()
    await app.ledger.pool.query(`update subscribers set state = 'pending', confirmed_at = null where id = $1`, [
      pending.id,
    ])
    const paused = await subscriber()
    await moveSubscriber(db, paused.id, 'paused', at, 'a test')
    const suppressed = await subscriber()
    await suppress(db, tokens.hashAddress(suppressed.email), 'complained', at)
    const erased = await subscriber()
    await eraseSubscriber(db, erased.id, at)
    const words = {
      [pending.link]: ['You are unsubscribed', 'unsubscribed'],
      [paused.link]: ['You are unsubscribed', 'unsubscribed'],
      [suppressed.link]: ['We do not email this address', 'suppressed'],
      [erased.link]: ['This subscription was deleted', undefined],
    }
    for (const each of [pending, paused, suppressed, erased]) {
      expect((await site.get(each.link)).status).toBe(200)
      const answer = await site.post(each.link)
      expect([answer.status, answer.body.includes(`<h1>${words[each.link]?.[0]}</h1>`)]).toEqual([200, true])
      expect(await stateOf(each.id)).toBe(words[each.link]?.[1])
      expect((await oneClick(each.link, {}, 'List-Unsubscribe=One-Click')).status).toBe(200)
    }
    const undone = await site.post(pending.link, { undo: '1' })
    expect(undone.body).toContain('Subscribe again')
    expect(await stateOf(pending.id)).toBe('unsubscribed') // Undoing must not replace a confirmation.
  })

  it('accepts links of earlier secrets for years, and no forged one', async () => {
    const ada = await subscriber()
    const old = createLinks('https://papers.example.org', createTokens([OLD_SECRET])).subscriber('unsubscribe', ada.id)
    site.clock.now = new Date(site.clock.now.getTime() + 3 * 365 * 24 * HOUR_MS)
    expect((await oneClick(old, {}, 'List-Unsubscribe=One-Click')).status).toBe(200)
    expect(await stateOf(ada.id)).toBe('unsubscribed')
    const other = createLinks(
      'https://papers.example.org',
      createTokens(['a secret of somebody else, long enough']),
    ).subscriber('unsubscribe', ada.id)
    const swapped = site.app.links
      .preferences({ id: ada.id, linkGeneration: 0 })
      .replace('/preferences/', '/unsubscribe/')
    for (const invalidToken of [
      other,
      swapped,
      `${ada.link}x`,
      ada.link.slice(0, -3),
      '/unsubscribe/x',
      '/unsubscribe/%00',
    ]) {
      expect((await site.get(invalidToken)).status).toBe(404)
      expect((await site.post(invalidToken)).status).toBe(404)
    }
  })

  it('lets a subscriber who used the page give a reason, once, and sends a goodbye', async () => {
    const ada = await subscriber()
    const left = await site.post(ada.link)
    expect(left.body).toMatch(/<input type="radio"[^>]* name="reason"[^>]* value="too-many"/)
    const told = await site.post(ada.link, { reason: 'too-many' })
    expect(told.body).toContain('Thank you for telling us')
    await site.post(ada.link, { reason: 'other' })
    await site.post(ada.link, { reason: '<script>' })
    expect((await events(ada.id)).slice(1)).toEqual([{ kind: 'subscriber.reason', reason: 'too-many' }])
    const mails = (await site.sendTransactionals()).filter((mail) => [mail.to].flat()[0]?.text === ada.email)
    expect(mails.map((mail) => [mail.subject, [mail.to].flat()[0]?.text])).toEqual([
      ['You are unsubscribed from Paperround', ada.email],
    ])
  })

  it('can be undone on the same page for a day, without a goodbye', async () => {
    await site.sendTransactionals()
    const ada = await subscriber()
    expect((await site.post(ada.link)).body).toContain('name="undo"')
    const back = await site.post(ada.link, { undo: '1' })
    expect(back.body).toContain('You are subscribed again')
    expect(back.body).toContain('An email that says you are unsubscribed may still arrive. You can ignore it.')
    expect(await stateOf(ada.id)).toBe('active')
    expect(await site.sendTransactionals()).toEqual([])
    expect((await site.post(ada.link, { undo: '1' })).body).toContain('You are subscribed again')

    await site.post(ada.link)
    site.clock.now = new Date(site.clock.now.getTime() + 24 * HOUR_MS)
    const late = await site.post(ada.link, { undo: '1' })
    expect([late.status, late.body.includes('href="/#subscribe"')]).toEqual([200, true])
    expect(await stateOf(ada.id)).toBe('unsubscribed')
  })

  it('cannot be undone after an operator’s removal or for a suppressed address', async () => {
    const { db, tokens } = site.app.ledger
    const ada = await subscriber()
    await site.post(ada.link)
    await site.post(ada.link, { undo: '1' })
    await moveSubscriber(db, ada.id, 'unsubscribed', site.app.clock(), 'removed by the operator')
    await site.post(ada.link, { undo: '1' })
    expect(await stateOf(ada.id)).toBe('unsubscribed')
    const eve = await subscriber()
    await site.post(eve.link)
    await suppress(db, tokens.hashAddress(eve.email), 'complained', site.app.clock())
    expect((await site.post(eve.link, { undo: '1' })).body).toContain('We do not email this address')
    expect(await stateOf(eve.id)).toBe('suppressed')
  })
})
