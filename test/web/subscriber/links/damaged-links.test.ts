import { afterAll, describe, expect, it } from '@jest/globals'
import { LOST_LINKS_PER_MINUTE, LOST_LINKS_PER_NETWORK_MINUTE } from '../../../../config/limits-subscriptions.ts'
import { moveSubscriber, readSubscriber, suppress } from '../../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor, QUICKEST } from '../../../support/app.ts'
import { until } from '../../../support/until.ts'
import { linksIn, openSite } from '../../../support/web/site.ts'

let networks = 0
const site = await openSite({ shape: QUICKEST })
afterAll(() => site.close())

const stateOf = async (id: string) => (await readSubscriber(site.app.ledger.db, id))?.state
const subscriber = async (email: string) => (await addSubscribersFor(site.app, [{ email }]))[0] ?? ''
const unsubscribeLink = (id: string) => site.app.links.subscriber('unsubscribe', id)
const nextNetwork = () => {
  networks += 1
  return `198.51.100.${networks}`
}
/** Posts the form like a browser, from a new network unless one is given. */
const ask = (email: string, ip = nextNetwork()) =>
  site.post(
    '/fresh-link',
    { email },
    {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-for': ip,
      },
    },
  )

describe('a link that was damaged on its way', () => {
  it('opens and unsubscribes all the same, by page and by one click', async () => {
    for (const tail of [
      '.',
      ')',
      '%3E',
      '=',
      '=3D',
      '%20',
      '%E2%80%8B',
      '/',
      '&amp;utm_source=x',
      '?utm_source=x',
      '%0D%0A',
    ]) {
      const id = await subscriber(`tail${networks}@example.org`)
      networks += 1
      const link = `${unsubscribeLink(id)}${tail}`
      expect([tail, (await site.get(link)).status]).toEqual([tail, 200])
      const click = await site.get(link, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'List-Unsubscribe=One-Click',
      })
      expect([tail, click.status, await stateOf(id)]).toEqual([tail, 200, 'unsubscribed'])
    }
  })

  it('opens every other page of a subscriber too', async () => {
    const id = await subscriber('pages@example.org')
    const { links } = site.app
    const preferences = links.preferences({ id, linkGeneration: 0 })
    for (const link of [`${preferences}).`, `${preferences}%20/erase`, `${links.subscriber('fresh-link', id)}%3E`])
      expect([link, (await site.get(link)).status]).toEqual([link, 200])
  })

  it.each([
    '/unsubscribe/x',
    '/preferences/abc',
    '/digest/%E0%A4',
    '/feedback/x~y~more',
    '/confirm/x',
    '/address/x.y.z',
  ])('beyond repair, such as %s, leads to a page that offers a new one', async (path) => {
    const page = await site.get(path)
    expect(page.status).toBe(404)
    expect(page.body).toContain('<h1>This link does not work</h1>')
    expect(page.body).toMatch(/<form [^>]*action="\/fresh-link"[^>]*>.*name="email"/)
  })
})

describe('a fresh link', () => {
  it('is emailed to subscribers only, can unsubscribe, and reveals nobody', async () => {
    const { app } = site
    const at = app.clock()
    const active = await subscriber('active@example.org')
    const paused = await subscriber('paused@example.org')
    await moveSubscriber(app.ledger.db, paused, 'paused', at, 'a test')
    const left = await subscriber('left@example.org')
    await moveSubscriber(app.ledger.db, left, 'unsubscribed', at, 'a test')
    await subscriber('blocked@example.org')
    await suppress(app.ledger.db, app.ledger.tokens.hashAddress('blocked@example.org'), 'complained', at)
    const addresses = ['active', 'paused', 'left', 'blocked', 'stranger'].map((name) => `${name}@example.org`)
    const answers = []
    for (const address of [...addresses, ' Active@Example.org ']) answers.push(await ask(address))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    const written = () =>
      app.ledger.db.selectFrom('transactional_emails').select('id').where('kind', '=', 'preferences-link').execute()
    await until('both mails are written', async () => (await written()).length === 2)
    const mails = await site.sendTransactionals()
    expect(mails.map(({ to }) => [to].flat()[0]?.text).sort()).toEqual(['active@example.org', 'paused@example.org'])
    const mail = mails.find(({ to }) => [to].flat()[0]?.text === 'active@example.org')
    const link = mail === undefined ? '' : (linksIn(mail).find((each) => each.includes('/unsubscribe/')) ?? '')
    expect((await site.post(link)).status).toBe(200)
    expect(await stateOf(active)).toBe('unsubscribed')
  })

  it('is not sent for an invalid address or from another site', async () => {
    const page = await ask('no address')
    expect(page.status).toBe(422)
    expect(page.body).toMatch(/aria-invalid.*class="error"/)
    const crossed = await site.post(
      '/fresh-link',
      { email: 'a@example.org' },
      { headers: { 'sec-fetch-site': 'cross-site' } },
    )
    expect(crossed.status).not.toBe(202)
  })

  it('is limited for each network and in total', async () => {
    const minute = async (asks: number, ip?: string) => {
      const answers = []
      for (let at = 0; at < asks; at += 1)
        answers.push((await ask('stranger@example.org', ip ?? `10.0.${at}.1`)).status)
      return answers
    }
    const one = await minute(LOST_LINKS_PER_NETWORK_MINUTE + 3, '192.0.2.1')
    expect(one.filter((status) => status === 202)).toHaveLength(LOST_LINKS_PER_NETWORK_MINUTE)
    expect(one.at(-1)).toBe(429)
    const all = await minute(LOST_LINKS_PER_MINUTE + 1)
    expect(all.at(-1)).toBe(429)
    expect(all.filter((status) => status === 202).length).toBeGreaterThan(LOST_LINKS_PER_MINUTE / 2)
  })
})
