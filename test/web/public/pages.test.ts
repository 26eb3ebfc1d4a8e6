import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { day } from '../../../src/domain/day.ts'
import type { Listing } from '../../../src/domain/paper.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { Source, SourceAnswer } from '../../../src/sources/source.ts'
import { isPresent, SHAPES } from '../../support/app.ts'
import { paperOf } from '../../support/papers.ts'
import { openSite, type TestSite } from '../../support/web/site.ts'

const answering = (answer: SourceAnswer): Source => ({ name: 'file', read: async () => answer })
const listed = (listings: readonly Listing[]): Source =>
  answering({
    kind: 'listed',
    observedAt: new Date('2026-11-20T08:40:00Z'),
    dropped: { count: 0, reasons: [] },
    listings,
  })
const HOSTILE = '</title><script>alert(1)</script>\u202e"><img src=x onerror=alert(1)>'

describe.each(SHAPES.filter((shape) => shape !== 'PostgreSQL and Redis'))('the public pages on %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip
  let site: TestSite
  beforeAll(async () => {
    if (!isPresent(shape)) return
    site = await openSite({ shape })
    const { app } = site
    await app.publish(day('2026-11-20'), [
      listed([
        {
          paper: paperOf('2611.00001', {
            title: HOSTILE,
            abstract: `A text about ${HOSTILE} and hypergraphs.`,
            authors: Array.from({ length: 3_303 }, (_, n) => `Author ${n}`),
            keywords: ['<b>bold</b>'],
            latex: {
              title: HOSTILE,
              abstract: 'The bound is $O(n^2)$ for hypergraphs, $\\href{javascript:alert(1)}{x}$.',
            },
          }),
          signals: { upvotes: 42, comments: 1, stars: 1_204 },
        },
        {
          paper: paperOf('cs/0101001', {
            title: 'Sorting by $n \\log n$',
            abstract: 'A paper whose abstract says hypergraphs, twice: hypergraphs.',
            latex: { title: 'Sorting by $n \\log n$', abstract: 'It needs $\\frac{1}{2} n$ steps and costs nothing.' },
          }),
          signals: { upvotes: 7, comments: 0, stars: null },
        },
        {
          paper: paperOf('2611.00003', { title: 'Hypergraphs for retrieval', abstract: 'Of something else.' }),
          signals: { upvotes: null, comments: null, stars: null },
        },
      ]),
    ])
    await app.publish(day('2026-11-22'), [answering({ kind: 'empty', reason: 'weekend' })])
    await app.publish(day('2026-11-23'), [answering({ kind: 'failed', reason: 'no answer' })])
    await app.publish(day('2026-11-24'), [sampleSource({ clock: app.clock })])
  }, 300_000)
  afterAll(() => site?.close())

  test('show today’s papers whole, with the banner, the votes’ moment and the way to other days', async () => {
    const { status, body } = await site.get('/')
    expect(status).toBe(200)
    expect(body).toContain('Get trending papers in your email inbox!')
    expect(body).toMatch(/<form[^>]* action="\/subscribe"/)
    expect(body).toMatch(/Tuesday, 24 November 2026/)
    expect(body).toMatch(/Votes as of \d\d:\d\d UTC/)
    expect(body.match(/<article class="entry"/g)?.length).toBeGreaterThan(5)
    expect(body).toContain('href="/papers/2026-11-20"')
    expect(body).not.toMatch(/<script(?![^>]* src="\/assets\/)/)
    expect(body).not.toMatch(/ style="/)
  })

  test.each([
    ['2026-11-22', /weekend/],
    ['2026-11-23', /sources did not answer/],
    ['2026-11-21', /No list was published on that day/],
    ['2027-01-01', /This day is in the future/],
  ])('say honestly why there is nothing on %s', async (date, words) => {
    const { status, body } = await site.get(`/papers/${date}`)
    expect(status).toBe(200)
    expect(body).toMatch(words)
  })

  test('show on a day without its own list the newest papers, and say so', async () => {
    const before = site.clock.now
    site.clock.now = new Date('2026-11-29T09:00:00Z')
    await site.app.publish(day('2026-11-29'), [answering({ kind: 'empty', reason: 'weekend' })])
    const { body } = await site.get('/')
    site.clock.now = before
    expect(body).toMatch(/No list is published on weekends.*These are the newest papers/)
    expect(body).toMatch(/Tuesday, 24 November 2026/)
  })

  test('take what a source wrote for text, never for markup', async () => {
    for (const path of [
      '/papers/2026-11-20',
      '/paper/2611.00001',
      '/search?q=hypergraphs',
      '/feed.xml?q=hypergraphs',
    ]) {
      const { status, body } = await site.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(body).not.toMatch(/<script>|<img|javascript:/)
      expect(body).toContain('&lt;script&gt;')
    }
  })

  test('set formulas as MathML, and fall back to words where one is broken or unsafe', async () => {
    const sorting = await site.get('/paper/cs/0101001')
    expect(sorting.body).toMatch(/<math[^>]*>.*<mfrac>/)
    expect(sorting.body).not.toContain('\\frac')
    const unsafe = await site.get('/paper/2611.00001')
    expect(unsafe.body).not.toContain('<math')
  })

  test('have one address for each paper, whichever version is asked for', async () => {
    expect(await site.get('/paper/2611.00003v2')).toMatchObject({
      status: 301,
      headers: { location: '/paper/2611.00003' },
    })
    expect((await site.get('/paper/2611.99999')).status).toBe(404)
    const { body } = await site.get('/paper/2611.00001')
    expect(body).toContain('and 3,273 others')
    expect(body).toContain('<link rel="canonical" href="https://papers.example.org/paper/2611.00001"/>')
    expect(body).toContain('property="og:title"')
  })

  test('find papers, titles before abstracts, and mark what matched', async () => {
    const { body } = await site.get('/search?q=hypergraphs')
    expect(body).toMatch(/3 papers/)
    const order = [...body.matchAll(/class="title" href="\/paper\/([^"]+)"/g)].map((match) => match[1])
    expect(order[0]).toBe('2611.00003')
    expect(body).toContain('<mark>hypergraphs</mark>')
    expect((await site.get('/search?q=hypergr')).body).toMatch(/3 papers/)
    expect((await site.get('/search?q="abstract says"')).body).toMatch(/1 paper\b/)
    expect((await site.get('/search?q=hypergraphs -retrieval')).body).toMatch(/2 papers/)
    expect((await site.get('/search?q=hypergraphs&from=2026-11-21')).body).toMatch(/No papers found/)
  })

  test('understand a slip of the pen, and say what they looked for instead', async () => {
    const { body } = await site.get('/search?q=hypergrpahs retreival')
    expect(body).toMatch(/No results for “hypergrpahs retreival”\. Showing results for <b>hypergraphs retrieval<\/b>/)
    expect(body).toContain('/paper/2611.00003')
    expect((await site.get('/search?q=zzzzzzzz')).body).toMatch(/No papers found/)
  })

  test.each([
    ['/search?q=a&from=yesterday', /is not a valid date/],
    ['/search?q=a&from=2026-11-24&to=2026-11-01', /start date is after the end date/],
    ['/search?q=a&page=0', /pages 1 to 50/],
    ['/search?q=a&page=51', /pages 1 to 50/],
    [`/search?q=${'x'.repeat(201)}`, /longer than 200/],
  ])('answer %s with what is wrong', async (path, words) => {
    const { status, body } = await site.get(path)
    expect(status).toBe(400)
    expect(body).toMatch(words)
  })

  test('turn a search into a subscription and into a feed', async () => {
    const { body } = await site.get('/search?q=sparse retrieval')
    expect(body).toContain('/?interests=sparse%20retrieval#subscribe')
    expect(body).toContain('/feed.xml?q=sparse%20retrieval')
    expect((await site.get('/?interests=sparse%20retrieval')).body).toMatch(
      /<textarea[^>]*>sparse retrieval<\/textarea>/,
    )
  })

  test('serve a feed that is sound Atom, whole and by search', async () => {
    const { body, headers } = await site.get('/feed.xml')
    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
    const { feed } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' }).parse(body)
    expect(feed['@_xmlns']).toBe('http://www.w3.org/2005/Atom')
    expect(Date.parse(feed.updated)).toBeGreaterThan(0)
    const ids = feed.entry.map((entry: { id: string }) => entry.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('https://papers.example.org/paper/cs/0101001')
    for (const entry of feed.entry) expect(Date.parse(entry.updated)).toBeGreaterThan(0)
    const found = new XMLParser({ isArray: (name) => name === 'entry' }).parse(
      (await site.get('/feed.xml?q=sorting')).body,
    )
    expect(found.feed.entry).toHaveLength(1)
  })

  test('answer an unchanged page with 304, and tell robots what is theirs', async () => {
    const first = await site.get('/papers/2026-11-20')
    expect(first.headers['cache-control']).toBe('public, max-age=60')
    const again = await site.get('/papers/2026-11-20', { headers: { 'if-none-match': String(first.headers.etag) } })
    expect([again.status, again.body]).toEqual([304, ''])
    expect((await site.get('/robots.txt')).body).toMatch(/Disallow: \/preferences\/[\s\S]*Sitemap: https:\/\/papers/)
    expect((await site.get('/sitemap.xml')).body).toContain('<loc>https://papers.example.org/paper/2611.00003</loc>')
  })

  test('never break, whatever is asked', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom("'", '"', '\\', '%', '& |', '-', '!', ':*', '<->', '../..', '\u0000'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/search?q=',
          '/feed.xml?q=',
          '/paper/',
          '/papers/',
          '/archive?before=',
          '/?interests=',
          '/topics/',
          '/topics/category/',
          '/week/',
          '/month/',
          '/archive/',
        ),
        part,
        async (path, text) => {
          const { status } = await site.get(path + encodeURIComponent(text.replace(/\p{Cs}/gu, '')))
          expect(status).toBeLessThan(500)
        },
      ),
      { numRuns: 150 },
    )
  }, 300_000)
})
