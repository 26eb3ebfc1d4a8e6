import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { XMLParser } from 'fast-xml-parser'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { faultsOfAtom } from '../../support/web/atom-rules.ts'
import { DAY_MS, dumpLedger, openSite, type TestSite } from '../../support/web/site.ts'

describe('the feed of a subscriber’s own digests', () => {
  let site: TestSite
  let ids: string[] = []
  let text = ''
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: '2026-11-23T09:00:00Z' })
    ids = await addSubscribersFor(
      site.app,
      ['ada', 'bob', 'eve'].map((name) => ({
        email: `${name}@example.org`,
        interests: ['sparse retrieval'],
        featuredCount: 3,
      })),
    )
    await site.morning()
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    const mails = await site.morning()
    text = mails.find(({ to }) => [to].flat()[0]?.text === 'ada@example.org')?.text ?? ''
  })
  afterAll(() => site?.close())

  const feedOf = (index: number, linkGeneration = 0) => site.app.links.feed({ id: ids[index] ?? '', linkGeneration })
  const entriesIn = (xml: string) =>
    new XMLParser({ isArray: (name) => name === 'entry', htmlEntities: true }).parse(xml).feed.entry as Record<
      string,
      string
    >[]

  it('has the featured papers with their reasons, newest digest first, and no address', async () => {
    const before = await dumpLedger(site.app)
    const { status, body, headers } = await site.get(feedOf(0))
    expect([status, headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8'])
    expect(faultsOfAtom(body, { address: feedOf(0), now: site.clock.now })).toEqual([])
    const entries = entriesIn(body)
    expect(entries).toHaveLength(6)
    expect(entries[0]?.published?.slice(0, 10)).toBe('2026-11-24')
    expect(entries[3]?.published?.slice(0, 10)).toBe('2026-11-23')
    // The newest mail shows the same papers in the same order.
    const unwrapped = text.replace(/\s+/g, ' ')
    const places = entries.slice(0, 3).map(({ title = '' }) => unwrapped.indexOf(title.replace(/\s+/g, ' ')))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(0)
    expect(entries.map(({ summary }) => summary).join()).toContain('sparse retrieval')
    expect(body).not.toContain('@example.org')
    expect(body).not.toMatch(/\/(preferences|unsubscribe|feedback|saved)\//)
    expect(headers).toMatchObject({ 'cache-control': 'private, max-age=60', 'x-robots-tag': 'noindex, nofollow' })
    await site.get(feedOf(0), { method: 'HEAD' })
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('is a JSON Feed too, and answers 304 to a reader that has it', async () => {
    const json = await site.get(`${feedOf(0)}/json`)
    const feed = JSON.parse(json.body)
    expect(feed.feed_url).toBe(`${feedOf(0)}/json`)
    expect(feed.items.map(({ id }: { id: string }) => id)).toEqual(
      entriesIn((await site.get(feedOf(0))).body).map(({ id }) => id),
    )
    const again = await site.get(`${feedOf(0)}/json`, { headers: { 'if-none-match': String(json.headers.etag) } })
    expect([again.status, again.headers['cache-control']]).toEqual([304, 'private, max-age=60'])
  })

  it('is on the preferences page, and ends with the old links', async () => {
    const owner = { id: ids[0] ?? '', linkGeneration: 0 }
    const page = await site.get(site.app.links.preferences(owner))
    expect(page.body).toContain(`href="${feedOf(0)}"`)
    expect(page.body).toContain(`href="${new URL(site.app.links.saved(owner)).pathname}"`)
    await site.post(site.app.links.preferences(owner), { section: 'links' })
    expect((await site.get(feedOf(0))).status).toBe(410)
    expect((await site.get(feedOf(0, 1))).status).toBe(200)
  })

  it('opens with no other link, and not after unsubscribing or erasing', async () => {
    const other = site.app.links.saved({ id: ids[1] ?? '', linkGeneration: 0 }).replace('/saved/', '/feed/')
    expect((await site.get(other)).status).toBe(404)
    expect((await site.get(feedOf(1))).status).toBe(200)
    await site.post(site.app.links.subscriber('unsubscribe', ids[1] ?? ''))
    const ended = await site.get(feedOf(1))
    expect([ended.status, ended.body]).toEqual([404, expect.stringContaining('your feed has stopped')])
    const preferences = await site.get(site.app.links.preferences({ id: ids[1] ?? '', linkGeneration: 0 }))
    expect(preferences.body).toContain('/saved/')
    expect(preferences.body).not.toContain('/feed/')
    expect((await site.get(feedOf(2))).status).toBe(200)
    await eraseSubscriber(site.app.ledger.db, ids[2] ?? '', site.clock.now)
    expect((await site.get(feedOf(2))).status).toBe(410)
  })
})
