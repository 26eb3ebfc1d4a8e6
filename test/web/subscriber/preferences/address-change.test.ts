import { afterAll, describe, expect, it } from '@jest/globals'
import { eraseSubscriber } from '../../../../src/ledger/subscribers/erase.ts'
import { moveSubscriber, suppress } from '../../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { dumpLedger, HOUR_MS, linksIn, openSite } from '../../../support/web/site.ts'
import { peopleOf } from './people.ts'

const site = await openSite()
afterAll(() => site.close())
const { subscriber, read, events } = peopleOf(() => site)

describe('a change of the address', () => {
  const ask = (link: string, email: string) => site.post(link, { section: 'address', email })

  it('happens once the new mailbox confirms it, and notifies the old one without the new address', async () => {
    const ada = await subscriber()
    expect((await ask(ada.link, 'Ada.New@example.org')).headers.location).toMatch(/saved=address$/)
    expect((await read(ada.id)).email).toBe(ada.email)
    const [mail] = await site.sendTransactionals()
    expect([mail?.subject, [mail?.to].flat()[0]?.text]).toEqual([
      'Confirm your new address for Paperround',
      'Ada.New@example.org',
    ])
    const link = mail === undefined ? '' : (linksIn(mail).find((each) => each.includes('/address/')) ?? '')
    const before = await dumpLedger(site.app)
    expect((await site.get(link)).body).toContain('Ada.New@example.org')
    expect((await site.get(link, { method: 'HEAD' })).status).toBe(200)
    expect(await dumpLedger(site.app)).toBe(before)
    const foreign = { headers: { 'sec-fetch-site': 'cross-site' } }
    expect((await site.post(link, {}, foreign)).status).toBe(403)
    expect((await site.post(link)).body).toContain('Your digest has moved')
    expect(await read(ada.id)).toMatchObject({ email: 'Ada.New@example.org', state: 'active' })
    expect((await site.post(link)).status).toBe(200) // Pressed twice: the page says that it is done.
    const [told] = await site.sendTransactionals()
    expect([told?.subject, [told?.to].flat()[0]?.text]).toEqual(['Your Paperround digest has moved', ada.email])
    expect(JSON.stringify(told)).not.toContain('Ada.New')
    expect(JSON.stringify(await events(ada.id))).not.toContain('@')
    await ask(ada.link, ada.email)
    expect((await site.post(link)).status).toBe(200)
  })

  it('has the same answer for a free, another subscriber’s or suppressed address; only the free one gets email', async () => {
    await site.sendTransactionals()
    const [ada, bob] = [await subscriber(), await subscriber()]
    await suppress(
      site.app.ledger.db,
      site.app.ledger.tokens.hashAddress('gone@example.org'),
      'complained',
      site.clock.now,
    )
    const answers = []
    for (const email of [bob.email.toUpperCase(), 'gone@example.org', 'free@example.org'])
      answers.push(await ask(ada.link, email))
    expect(
      new Set(answers.map(({ status, body, headers }) => JSON.stringify([status, body, headers.location]))),
    ).toHaveProperty('size', 1)
    expect((await site.sendTransactionals()).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['free@example.org'])
    const fourth = await ask(ada.link, 'another@example.org')
    expect([fourth.status, fourth.body.includes('try again tomorrow')]).toEqual([422, true])
  })

  it('sends one email a day to a mailbox, whoever requests it, and none after erasure', async () => {
    const [ada, bob, eve] = [await subscriber(), await subscriber(), await subscriber()]
    await ask(ada.link, 'victim@example.org')
    await ask(bob.link, 'Victim@example.org')
    await ask(bob.link, 'victim+new@example.org')
    await ask(ada.link, 'victim@example.org')
    await ask(eve.link, 'eve.new@example.org')
    await eraseSubscriber(site.app.ledger.db, eve.id, site.clock.now)
    expect((await site.sendTransactionals()).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['victim@example.org'])
  })

  it('does not happen with an old link, after unsubscribing, or when the address is in use by then', async () => {
    const linkOf = async (asker: { id: string; link: string }, email: string) => {
      await ask(asker.link, email)
      const [mail] = await site.sendTransactionals()
      return mail === undefined ? '' : (linksIn(mail).find((each) => each.includes('/address/')) ?? '')
    }
    const [ada, bob, cleo] = [await subscriber(), await subscriber(), await subscriber()]
    const adas = await linkOf(ada, 'ada2@example.org')
    const bobs = await linkOf(bob, 'bob2@example.org')
    const cleos = await linkOf(cleo, 'cleo2@example.org')
    await addSubscribersFor(site.app, [{ email: 'ada2@example.org' }])
    await moveSubscriber(site.app.ledger.db, bob.id, 'unsubscribed', site.clock.now, 'a test')
    expect((await site.post(adas)).status).toBe(409)
    expect((await site.post(bobs)).status).toBe(410)
    const then = site.clock.now
    site.clock.now = new Date(then.getTime() + 48 * HOUR_MS)
    expect((await site.get(cleos)).status).toBe(410)
    expect((await site.post(cleos)).status).toBe(410)
    site.clock.now = then
    for (const each of [ada, bob, cleo]) expect((await read(each.id)).email).toBe(each.email)
  })

  it.each(['', 'not an address', 'a@x.org, b@x.org', 'a@x.org\r\nBcc: b@x.org', '"a"@x.org'])(
    'refuses %j and says why',
    async (email) => {
      const ada = await subscriber()
      const answer = await ask(ada.link, email)
      expect([answer.status, answer.body.includes('This address cannot be used')]).toEqual([422, true])
    },
  )
})
