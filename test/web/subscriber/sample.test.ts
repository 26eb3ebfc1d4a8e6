import { readdirSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { addDays, day } from '../../../src/domain/day.ts'
import { moveSubscriber, suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import { dumpLedger, HOUR_MS, linksIn, openSite } from '../../support/web/site.ts'
import { peopleOf } from './preferences/people.ts'

const DAY = day('2026-11-24')
const site = await openSite()
afterAll(() => site.close())
const { subscriber } = peopleOf(() => site)
const ask = (link: string) => site.post(link, { section: 'sample' })
const toOf = (mail: ParsedMail) => [mail.to].flat()[0]?.text

describe('a sample by email', () => {
  it('is refused in words while there is no list', async () => {
    const ada = await subscriber()
    expect((await ask(ada.link)).headers.location).toMatch(/saved=sample-empty$/)
    expect((await site.get('/sample')).body).toContain('There is no list of papers yet')
  })

  it('shows the newest digest by the saved preferences, is marked, and counts as no delivery', async () => {
    await site.morning()
    const ada = await subscriber({ interests: ['agents'] })
    expect((await ask(ada.link)).headers.location).toMatch(/saved=sample$/)
    const [mail] = await site.sendTransactionals()
    expect([mail && toOf(mail), mail?.subject]).toEqual([ada.email, expect.stringMatching(/^Sample: .{10,52}$/)])
    expect(mail?.text).toContain('This is a sample that you asked for')
    expect(mail?.text).toContain('“agents”')
    const links = mail === undefined ? [] : linksIn(mail)
    for (const kind of ['unsubscribe', 'preferences', 'feedback'])
      expect(links.some((link) => link.includes(`/${kind}/`))).toBe(true)
    expect(links.some((link) => link.includes('/digest/'))).toBe(false)
    const { db } = site.app.ledger
    expect(await db.selectFrom('deliveries').select('id').where('subscriber_id', '=', ada.id).execute()).toEqual([])
  })

  it('comes once when the button is pressed twice at once, and again after a day', async () => {
    const [ada, bob] = [await subscriber(), await subscriber()]
    const answers = await Promise.all([ask(ada.link), ask(ada.link), ask(ada.link), ask(bob.link)])
    expect(answers.map(({ headers }) => String(headers.location).split('=').at(-1)).sort()).toEqual([
      'sample',
      'sample',
      'sample-had',
      'sample-had',
    ])
    expect((await site.sendTransactionals()).map(toOf).sort()).toEqual([ada.email, bob.email].sort())
    site.clock.now = new Date(site.clock.now.getTime() + 23 * HOUR_MS)
    expect((await ask(ada.link)).headers.location).toMatch(/sample-had$/)
    site.clock.now = new Date(site.clock.now.getTime() + HOUR_MS)
    expect((await ask(ada.link)).headers.location).toMatch(/saved=sample$/)
    expect((await site.sendTransactionals()).map(toOf)).toEqual([ada.email])
  })

  it('is offered on the page after the confirmation, and not before it', async () => {
    const { db } = site.app.ledger
    await site.post('/subscribe', { email: 'eve@example.org', interests: 'agents' })
    const signUp = await db.selectFrom('sign_ups').select('id').where('state', '=', 'queued').executeTakeFirstOrThrow()
    await site.app.processSignUp(signUp.id)
    const [mail] = await site.sendTransactionals()
    const confirm = mail === undefined ? '' : (linksIn(mail).find((link) => link.includes('/confirm/')) ?? '')
    expect((await site.get(confirm)).body).not.toContain('sample')
    const page = await site.post(confirm)
    await site.sendTransactionals()
    const action = /<form class="sample" action="([^"]*)"/.exec(page.body)?.[1] ?? ''
    expect((await ask(action)).headers.location).toMatch(/saved=sample$/)
    expect((await site.sendTransactionals()).map(toOf)).toEqual(['eve@example.org'])
  })

  it('has the same bytes when it is repeated, whatever was changed meanwhile', async () => {
    const ada = await subscriber({ interests: ['agents'] })
    await ask(ada.link)
    const { db } = site.app.ledger
    const queued = db.selectFrom('transactional_emails').select('id').where('state', '=', 'queued')
    const { id } = await queued.executeTakeFirstOrThrow()
    const sent = async () => {
      await site.app.deliverTransactional(id)
      const [name = ''] = readdirSync(site.place.outbox).filter((each) => each.includes(id))
      const bytes = readFileSync(join(site.place.outbox, name), 'utf8')
      unlinkSync(join(site.place.outbox, name))
      return bytes
    }
    const first = await sent()
    await site.post(ada.link, { interests: 'robots', length: '1' })
    await db.updateTable('transactional_emails').set({ state: 'queued' }).where('id', '=', id).execute()
    expect(await sent()).toBe(first)
    expect(first).toContain('This is a sample')
  })

  it('shows a list that can still change only while there is no other, and none that waits for its approval', async () => {
    const { db } = site.app.ledger
    const editions = db.updateTable('editions')
    const titled = async () => {
      const page = await site.get('/sample')
      return page.body.includes('There is no list of papers yet') ? null : /\w+day, (\d+ \w+)/.exec(page.body)?.[1]
    }
    const newest = site.clock.now
    const yesterday = addDays(DAY, -1)
    await site.app.publish(yesterday, [sampleSource({ clock: site.app.clock })])
    await editions.set({ dispatched_at: newest, published_at: newest }).where('day', '=', yesterday).execute()
    await editions.set({ dispatched_at: null, published_at: newest }).where('day', '=', DAY).execute()
    expect(await titled()).toBe('23 November')
    await editions.set({ needs_approval: true }).where('day', '=', yesterday).execute()
    expect(await titled()).toBe('24 November')
    await editions.set({ needs_approval: true }).where('day', '=', DAY).execute()
    expect(await titled()).toBeNull()
    await editions.set({ approved_at: newest }).execute()
    await editions.set({ dispatched_at: newest }).where('day', '=', DAY).execute()
    expect(await titled()).toBe('24 November')
  })

  it('goes to nobody who is suppressed, unsubscribed or not confirmed, then or by the time it is sent', async () => {
    const { db, tokens } = site.app.ledger
    const [ada, bob, cleo, dora] = [await subscriber(), await subscriber(), await subscriber(), await subscriber()]
    await moveSubscriber(db, ada.id, 'unsubscribed', site.clock.now, 'a test')
    await db.updateTable('subscribers').set({ state: 'pending' }).where('id', '=', bob.id).execute()
    for (const each of [ada, bob]) expect((await ask(each.link)).headers.location).toMatch(/saved=same$/)
    for (const each of [cleo, dora]) expect((await ask(each.link)).headers.location).toMatch(/saved=sample$/)
    await suppress(db, tokens.hashAddress(cleo.email), 'complained', site.clock.now)
    await moveSubscriber(db, dora.id, 'unsubscribed', site.clock.now, 'a test')
    expect(await site.sendTransactionals()).toEqual([])
  })

  it('is not sent for another site’s page', async () => {
    const ada = await subscriber()
    const foreign = {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    }
    expect((await site.post(ada.link, { section: 'sample' }, foreign)).status).toBe(403)
    expect(await site.sendTransactionals()).toEqual([])
  })

  it('is erased and exported with the subscriber', async () => {
    const ada = await subscriber({ interests: ['zymurgy'] })
    await ask(ada.link)
    await site.sendTransactionals()
    expect((await site.get(`${ada.link}/data`)).body).toContain('"kind": "sample"')
    await site.post(`${ada.link}/erase`)
    expect(await dumpLedger(site.app)).not.toContain('zymurgy')
  })
})

describe('a sample in the browser', () => {
  it('is the digest for typed interests; it changes nothing and has no personal links', async () => {
    const before = await dumpLedger(site.app)
    const page = await site.get(`/sample?${new URLSearchParams({ interests: 'agents, "sparse retrieval"' })}`)
    expect(page.status).toBe(200)
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).toContain('Nothing was sent or stored')
    expect(page.body).toContain('“agents”')
    expect(page.body).not.toMatch(/\/(unsubscribe|preferences|feedback|digest)\//)
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('is opened by the sign-up form without the address in the URL', async () => {
    const form = { email: 'ada@example.org', interests: 'agents', frequency: 'weekly', format: 'abstracts' }
    const answer = await site.post('/sample', form)
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      '/sample?interests=agents&frequency=weekly&format=abstracts',
    ])
    const page = await site.get(String(answer.headers.location))
    expect([page.status, page.body.includes('The week’s')]).toEqual([200, true])
    expect((await site.get('/subscribe')).body).toContain('formAction="/sample"')
  })

  it.each(['author:', '"open', 'a,'.repeat(30), '\u202eevil', 'x'.repeat(5_000)])(
    'says what is wrong with %j',
    async (interests) => {
      const page = await site.get(`/sample?${new URLSearchParams({ interests })}`)
      expect([page.status, page.body.includes('Back to the sign-up')]).toEqual([
        interests === 'a,'.repeat(30) ? 200 : 400,
        true,
      ])
    },
  )

  it('is limited for each network', async () => {
    const from = { remoteAddress: '198.51.100.9' }
    const answers = []
    for (let i = 0; i < 25; i += 1) answers.push((await site.get('/sample', from)).status)
    expect(new Set(answers)).toEqual(new Set([200, 429]))
  })
})
