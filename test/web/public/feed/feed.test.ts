import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { XMLParser } from 'fast-xml-parser'
import type { Paper } from '../../../../src/domain/paper.ts'
import { searchColumnsOf } from '../../../../src/ledger/editions/search-columns.ts'
import { topicColumns } from '../../../../src/ledger/editions/topics/topic-columns.ts'
import { QUICKEST } from '../../../support/app.ts'
import { faultsOfAtom } from '../../../support/web/atom-rules.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

const HOST = 'https://papers.example.org'

const HOSTILE: Paper = {
  id: '2611.09001',
  title: 'Sorting <b>fast</b> & "well" ]]> \u0007\u{1f600}',
  abstract: 'We sort <script>alert(1)</script> & win.\u0000',
  authors: ['Ada & Eve', '  ', 'Ada & Eve'],
  publishedAt: null,
  categories: ['cs.DS'],
  keywords: ['Sorting Networks', 'sorting networks', ''],
  links: { arxiv: 'https://arxiv.org/abs/2611.09001?a=1&b=2', pdf: 'https://arxiv.org/pdf/2611.09001' },
  machineSummary: null,
  organization: null,
}

describe('feeds', () => {
  let site: TestSite
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: '2026-11-23T09:00:00Z' })
    await site.morning()
    site.clock.now = new Date('2026-11-24T09:00:00Z')
    await site.morning()
    const { db } = site.app.ledger
    const row = { first_day: '2026-11-24', updated_at: new Date('2026-12-24T00:00:00Z'), ...topicColumns(HOSTILE) }
    await db
      .insertInto('papers')
      .values(
        [HOSTILE, { ...HOSTILE, id: '2611.09002', abstract: '', authors: [], links: {} }].map((paper) => ({
          ...row,
          ...searchColumnsOf(paper),
          id: paper.id,
          content: JSON.stringify(paper).replaceAll('\\u0000', ''),
        })),
      )
      .execute()
    // An edition whose clock was wrong.
    await db
      .updateTable('editions')
      .set({ published_at: new Date('2027-01-01T00:00:00Z') })
      .where('day', '=', '2026-11-23')
      .execute()
  })
  afterAll(() => site?.close())

  const entriesIn = (xml: string) =>
    new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => ['entry', 'link', 'category', 'author'].includes(name),
    }).parse(xml).feed.entry ?? []

  it.each([
    ['the newest papers', '/feed.xml'],
    ['a search', '/feed.xml?q=sparse'],
    ['a search without results', '/feed.xml?q=zzzzzz'],
    ['a topic', '/feed.xml?topic=sorting-network'],
    ['a category', '/feed.xml?category=cs.DS'],
    ['the best of a week', '/feed.xml?best=week'],
    ['the best of a month', '/feed.xml?best=month'],
  ])('%s is Atom as the W3C wants it', async (_what, path) => {
    const { status, headers, body } = await site.get(path)
    expect([status, headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8'])
    expect(faultsOfAtom(body, { address: `${HOST}${path}`, now: site.clock.now })).toEqual([])
    expect(entriesIn(body).length > 0).toBe(!path.includes('zzz'))
  })

  it('an entry says when its list was published and leads to arXiv and to the PDF', async () => {
    const edition = await site.app.ledger.editions.readEdition('2026-11-24' as never)
    const entries = entriesIn((await site.get('/feed.xml')).body)
    expect(entries[0].published).toBe(edition?.publishedAt.toISOString())
    // The list of the day before was published in the future, so it counts as published on its day.
    const earlier = entries.filter(({ published }: { published: string }) =>
      published.startsWith('2026-11-23T23:59:59'),
    )
    expect(earlier.length).toBeGreaterThan(0)
    const hostile = entries.find(({ id }: { id: string }) => id.endsWith('/2611.09001'))
    expect(hostile.link).toEqual([
      { '@_rel': 'alternate', '@_type': 'text/html', '@_href': `${HOST}/paper/2611.09001` },
      {
        '@_rel': 'via',
        '@_type': 'text/html',
        '@_href': 'https://arxiv.org/abs/2611.09001?a=1&b=2',
        '@_title': 'arXiv',
      },
      {
        '@_rel': 'related',
        '@_type': 'application/pdf',
        '@_href': 'https://arxiv.org/pdf/2611.09001',
        '@_title': 'PDF',
      },
    ])
    expect(hostile.title).toContain('<b>fast</b> & "well" ]]>')
    expect(hostile.content['#text']).toContain('&lt;script&gt;')
    expect(hostile.author).toEqual([{ name: 'Ada & Eve' }])
    expect(hostile.category.map((each: Record<string, string>) => each['@_term'])).toEqual([
      'cs.DS',
      'Sorting Networks',
      'sorting networks',
    ])
  })

  it('are JSON Feeds too, with the same papers and the same selections', async () => {
    for (const query of ['', '?q=sparse', '?topic=sorting-network', '?category=cs.DS', '?best=week']) {
      const json = await site.get(`/feed.json${query}`)
      expect(json.headers['content-type']).toBe('application/feed+json; charset=utf-8')
      const feed = JSON.parse(json.body)
      expect(feed).toMatchObject({
        version: 'https://jsonfeed.org/version/1.1',
        feed_url: `${HOST}/feed.json${query}`,
        language: 'en',
      })
      const ids = feed.items.map(({ id }: { id: string }) => id)
      expect(ids).toEqual(entriesIn((await site.get(`/feed.xml${query}`)).body).map(({ id }: { id: string }) => id))
      for (const item of feed.items) {
        expect(item.content_html).not.toBe('')
        expect(Date.parse(item.date_published)).toBeLessThanOrEqual(site.clock.now.getTime())
      }
    }
  })

  it('are answered with 304 to a reader that has them, by tag or by date', async () => {
    const first = await site.get('/feed.xml')
    const tag = { 'if-none-match': String(first.headers.etag) }
    const date = { 'if-modified-since': String(first.headers['last-modified']) }
    expect((await site.get('/feed.xml', { headers: tag })).status).toBe(304)
    expect((await site.get('/feed.xml', { headers: date })).status).toBe(304)
    expect(
      (await site.get('/feed.xml', { headers: { 'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT' } })).status,
    ).toBe(200)
    // A tag decides alone (RFC 9110 §13.1.3).
    expect((await site.get('/feed.xml', { headers: { ...date, 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('say plainly what does not exist, and pages announce both formats', async () => {
    expect((await site.get('/feed.xml?topic=no-such-topic')).body).toContain('No paper has this topic.')
    expect((await site.get('/feed.json?best=year')).status).toBe(400)
    const page = (await site.get('/')).body
    for (const [type, path] of [
      ['application/atom+xml', '/feed.xml'],
      ['application/feed+json', '/feed.json'],
    ])
      expect(page).toMatch(new RegExp(`<link rel="alternate" type="${type?.replace('+', '\\+')}"[^>]* href="${path}"`))
    for (const [path, feed] of [
      ['/search?q=sparse', '/feed.xml?q=sparse'],
      ['/topics/sorting-network', '/feed.xml?topic=sorting-network'],
      ['/week', '/feed.xml?best=week'],
    ] as const)
      expect((await site.get(path)).body).toMatch(
        new RegExp(`<link rel="alternate"[^>]* href="${feed.replace('?', '\\?')}"`),
      )
  })
})
