import { afterEach, describe, expect, it } from '@jest/globals'
import { ARXIV_INTERVAL_MS } from '../../../config/limits.ts'
import { type Day, day } from '../../../src/domain/day.ts'
import { type ArxivDeps, arxivSource } from '../../../src/sources/arxiv/arxiv.ts'
import { listDayOf, submissionWindow } from '../../../src/sources/arxiv/arxiv-days.ts'
import { parseFeed } from '../../../src/sources/arxiv/arxiv-feed.ts'
import { createLimiter } from '../../../src/sources/http/limiter.ts'
import { answers, type Handler, notedSleep, startServer } from '../../support/servers/loopback-server.ts'

const TUESDAY = day('2026-11-24')
const NOW = new Date('2026-11-24T06:00:00Z')
const NAMES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"'

const apiFeed = (entries: string, total = 1) =>
  `<?xml version='1.0' encoding='UTF-8'?><feed ${NAMES}><id>x</id><updated>2026-11-24T05:00:00Z</updated><opensearch:totalResults>${total}</opensearch:totalResults>${entries}</feed>`

const apiEntry = (id: string, title = 'A title') => `<entry><id>http://arxiv.org/abs/${id}</id><title>${title}</title>
  <summary>Of $\\alpha$ &amp; a &lt; b.</summary><published>2026-11-23T17:00:00Z</published>
  <category term="cs.LG"/><category term="cs.CL"/><arxiv:primary_category term="cs.CL"/>
  <arxiv:comment>12 pages, code at https://github.com/a/b, under review</arxiv:comment>
  <author><name>Ada L.</name></author><author><name>Bo \\'E. K.</name></author></entry>`

const rssFeed = (items: string, on = 'Tue, 24 Nov 2026 00:00:00 -0500') =>
  `<?xml version='1.0'?><rss ${NAMES} version="2.0"><channel><title>cs.CL</title><pubDate>${on}</pubDate><skipDays><day>Sunday</day><day>Saturday</day></skipDays>${items}</channel></rss>`

const rssItem = (id: string, type: string) => `<item><title>Item ${id}</title><link>https://arxiv.org/abs/${id}</link>
  <description>arXiv:${id}v1 Announce Type: ${type} \nAbstract: The abstract: of it.</description><guid isPermaLink="false">oai:arXiv.org:${id}v1</guid>
  <category>cs.CL</category><category>cs.AI</category><pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate>
  <arxiv:announce_type>${type}</arxiv:announce_type><dc:creator>Ada L., Bo K. (Lab, City), Jos\\'e</dc:creator></item>`

let stop = async () => {}
afterEach(() => stop())

async function read(of: Day, handlers: readonly Handler[], more: Partial<ArxivDeps> = {}) {
  const server = await startServer(...handlers)
  stop = server.stop
  const { sleep } = notedSleep()
  const limiter = createLimiter({ intervalMs: 0, now: () => 0, sleep })
  const parts = {
    baseUrl: server.baseUrl,
    feedUrl: null,
    categories: ['cs.CL', 'cs.AI'],
    userAgent: 'Paperround/0.1 (+x)',
    clock: () => NOW,
    sleep,
    limiter,
  }
  const source = arxivSource({ ...parts, ...more, ...(more.feedUrl == null ? {} : { feedUrl: server.baseUrl }) })
  return { answer: await source.read(of), requests: server.requests }
}

describe('arXiv', () => {
  it('gives the papers it announced on the day, without votes', async () => {
    const { answer, requests } = await read(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00001v2')))])
    expect(answer).toEqual({
      kind: 'listed',
      observedAt: NOW,
      dropped: { count: 0, reasons: [] },
      earlier: [],
      leftOut: [],
      missing: null,
      note: null,
      listings: [
        {
          paper: {
            id: '2611.00001',
            title: 'A title',
            abstract: 'Of α & a < b.',
            authors: ['Ada L.', 'Bo É. K.'],
            publishedAt: '2026-11-23T17:00:00.000Z',
            categories: ['cs.CL', 'cs.LG'],
            keywords: [],
            links: {
              arxiv: 'https://arxiv.org/abs/2611.00001',
              pdf: 'https://arxiv.org/pdf/2611.00001',
              code: 'https://github.com/a/b',
            },
            machineSummary: null,
            organization: null,
            latex: { title: 'A title', abstract: 'Of $\\alpha$ & a < b.' },
          },
          signals: { upvotes: null, comments: null, stars: null },
        },
      ],
    })
    const url = new URL(requests[0]?.url ?? '', 'http://x')
    expect(url.pathname).toBe('/api/query')
    expect(url.searchParams.get('search_query')).toBe(
      '(cat:cs.CL OR cat:cs.AI) AND submittedDate:[202611201900 TO 202611231859]',
    )
  })

  it.each([
    ['2026-11-23', '2026-11-19T19:00', '2026-11-20T18:59'], // Monday: what came in from Thursday to Friday.
    ['2026-11-24', '2026-11-20T19:00', '2026-11-23T18:59'], // Tuesday: over the weekend.
    ['2026-11-25', '2026-11-23T19:00', '2026-11-24T18:59'],
    ['2026-11-27', '2026-11-25T19:00', '2026-11-26T18:59'],
    ['2026-07-15', '2026-07-13T18:00', '2026-07-14T17:59'], // Summer time.
    ['2026-03-10', '2026-03-06T19:00', '2026-03-09T17:59'], // It began on the 8th.
  ])('announced on %s what was submitted from %s to %s', (on, from, to) => {
    const window = submissionWindow(day(on))
    expect([window.from, window.to].map((instant) => instant.toISOString().slice(0, 16))).toEqual([from, to])
    const before = new Date(window.from.getTime() - 60_000)
    expect([window.from, window.to, before].map(listDayOf).map((each) => each === day(on))).toEqual([true, true, false])
  })

  it('is not asked on a weekend, when it announces nothing', async () => {
    const { answer, requests } = await read(day('2026-11-21'), [answers(200, apiFeed(''))])
    expect([answer, requests.length]).toEqual([{ kind: 'empty', reason: 'weekend' }, 0])
  })

  it('has not announced the day before 20:00 in New York', async () => {
    const at = (iso: string) => ({ clock: () => new Date(iso) })
    expect((await read(TUESDAY, [answers(200, apiFeed(''))], at('2026-11-24T00:59:00Z'))).answer).toEqual({
      kind: 'empty',
      reason: 'not-open',
    })
    await stop()
    expect(
      (await read(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00001')))], at('2026-11-24T01:00:00Z'))).answer.kind,
    ).toBe('listed')
  })

  it('is late while its day is not over, and then has a holiday', async () => {
    const empty = [answers(200, apiFeed('', 0))]
    expect((await read(TUESDAY, empty)).answer).toEqual({ kind: 'empty', reason: 'not-open' })
    await stop()
    const over = { clock: () => new Date('2026-11-25T12:00:00Z') }
    expect((await read(TUESDAY, empty, over)).answer).toEqual({ kind: 'empty', reason: 'holiday' })
  })

  it.each([
    [
      'an error entry',
      answers(
        200,
        apiFeed(
          '<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id format for abc</summary></entry>',
        ),
      ),
      'arXiv: incorrect id format for abc',
    ],
    [
      'an error entry with status 400',
      answers(
        400,
        apiFeed(
          '<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>bad query</summary></entry>',
        ),
      ),
      'arXiv: bad query',
    ],
    ['a web page', answers(200, '<!DOCTYPE html><html><h1>Hi</h1></html>'), 'arXiv: the answer is no feed: Hi'],
    [
      'half a feed',
      answers(200, apiFeed(apiEntry('2611.00001')).slice(0, -30)),
      'arXiv: the answer is no feed: it is not well-formed XML',
    ],
    ['nothing', answers(200, ''), /^arXiv: the answer is no feed/],
    ['a rate limit with status 200', answers(200, 'Rate exceeded.'), 'arXiv: the answer is no feed: Rate exceeded.'],
    [
      'an empty page though papers match',
      answers(200, apiFeed('', 713)),
      'arXiv: the answer holds no paper, though it counts 713',
    ],
    ['a refusal', answers(429, 'Rate exceeded.'), 'arXiv answered HTTP 429: Rate exceeded.'],
    [
      'broken entries',
      answers(200, apiFeed('<entry><id>x y</id><title>T</title></entry>')),
      /no usable paper: item 1: id is not valid/,
    ],
  ] as const)('fails with a word on %s', async (_, handler, reason) => {
    const { answer } = await read(TUESDAY, [handler])
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    })
  })

  it('is read with a line break before its XML, in ISO 8859-1, with HTML’s entities and bare ampersands', async () => {
    const feed = apiFeed(apiEntry('2611.00001', 'Caf&eacute;s &mdash;&nbsp;R&D & <![CDATA[a&agrave;]]> \u00fcber'))
      .replace("encoding='UTF-8'", "encoding='ISO-8859-1'")
      .replace('<name>Ada L.</name></author>', '<name>Atlas Team</name></author><author><name>:</name></author>')
    const latin1 = Buffer.from(`\r\n ${feed}`, 'latin1')
    for (const headers of [{}, { 'content-type': 'application/xml; charset="iso-8859-1"' }]) {
      const body =
        'content-type' in headers
          ? Buffer.from(latin1.toString('latin1').replace("encoding='ISO-8859-1'", ''), 'latin1')
          : latin1
      const { answer } = await read(TUESDAY, [
        (_, response) => {
          response.writeHead(200, headers).end(body)
        },
      ])
      expect(answer.kind === 'listed' && answer.listings[0]?.paper).toMatchObject({
        title: 'Cafés — R&D & aà über',
        authors: ['Atlas Team', 'Bo É. K.'],
      })
      await stop()
    }
  })

  it.each([
    ['This paper has been withdrawn by the author(s)', '', 'T', true],
    ['Withdrawn due to an error in Lemma 3', '', 'T', true],
    ['12 pages. This version withdrawn by arXiv administrators', '', 'T', true],
    ['', 'This paper has been temporarily withdrawn.', 'T', true],
    ['', 'We study it.', '[Withdrawn] On owls', true],
    ['Submission withdrawn from ICLR 2026', '', 'T', false],
    ['9 pages', 'We study papers that were withdrawn. A paper was retracted in 2010.', 'Withdrawn papers', false],
  ])('tells by %j, %j or %j whether a paper is withdrawn: %p', (comment, abstract, title, isWithdrawn) => {
    const entry = apiEntry('2611.00001', title)
      .replace(/<arxiv:comment>.*<\/arxiv:comment>/, `<arxiv:comment>${comment}</arxiv:comment>`)
      .replace(/<summary>.*<\/summary>/, `<summary>${abstract}</summary>`)
    const feed = parseFeed(apiFeed(entry))
    expect(feed.kind === 'feed' && [feed.listings.length, feed.withdrawn.length]).toEqual(isWithdrawn ? [0, 1] : [1, 0])
  })

  it('does not let a document type blow entities up', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${apiFeed(apiEntry('2611.00001', '&b;')).slice(38)}`
    expect(parseFeed(bomb)).toMatchObject({ kind: 'error' })
  })
})

describe("arXiv's RSS", () => {
  it('is read for the current day: cross-lists stay, replacements are dropped and counted', async () => {
    const items = [
      rssItem('2611.00001', 'new'),
      rssItem('2611.00002', 'cross'),
      rssItem('2601.00003', 'replace'),
      rssItem('2601.00004', 'replace-cross'),
    ]
    const { answer, requests } = await read(
      TUESDAY,
      [answers(200, apiFeed('', 0)), answers(200, rssFeed(items.join('')))],
      {
        feedUrl: 'x',
      },
    )
    expect(requests.map(({ url }) => url.split('?')[0])).toEqual(['/api/query', '/rss/cs.CL+cs.AI'])
    expect(answer).toMatchObject({
      kind: 'listed',
      dropped: { count: 0 },
      leftOut: [{ why: 'new versions of announced papers', papers: 2 }],
    })
    const papers = answer.kind === 'listed' ? answer.listings.map(({ paper }) => paper) : []
    expect(papers.map(({ id }) => id)).toEqual(['2611.00001', '2611.00002'])
    expect(papers[0]).toMatchObject({
      abstract: 'The abstract: of it.',
      authors: ['Ada L.', 'Bo K.', 'José'],
      categories: ['cs.CL', 'cs.AI'],
    })
  })

  it('that cannot be read costs no paper, and is noted', async () => {
    const handlers = [answers(200, apiFeed(apiEntry('2611.00001'))), answers(404, 'no such feed')]
    expect((await read(TUESDAY, handlers, { feedUrl: 'x' })).answer).toMatchObject({
      kind: 'listed',
      missing: null,
      note: 'the feed of new announcements was not read: arXiv answered HTTP 404: no such feed',
    })
  })

  it('gives way to the API when it is of another day', async () => {
    const stale = answers(200, rssFeed(rssItem('2611.00001', 'new'), 'Mon, 23 Nov 2026 00:00:00 -0500'))
    const { answer } = await read(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00009'))), stale], { feedUrl: 'x' })
    expect(answer.kind === 'listed' && answer.listings.map(({ paper }) => paper.id)).toEqual(['2611.00009'])
  })

  it('with replacements alone has no new papers', async () => {
    const feed = answers(200, rssFeed(rssItem('2601.00003', 'replace')))
    const { answer } = await read(TUESDAY, [answers(200, apiFeed('', 0)), feed], { feedUrl: 'x' })
    expect(answer).toEqual({ kind: 'empty', reason: 'not-open' })
  })
})

describe('requests to arXiv', () => {
  it('go one at a time, three seconds apart, also after a failure', async () => {
    let now = 0
    let running = 0
    const starts: number[] = []
    const limiter = createLimiter({
      intervalMs: ARXIV_INTERVAL_MS,
      now: () => now,
      sleep: async (ms) => {
        now += ms
      },
    })
    const run = (fails: boolean) =>
      limiter(async () => {
        running += 1
        expect(running).toBe(1)
        starts.push(now)
        await Promise.resolve()
        now += 500
        running -= 1
        if (fails) throw new Error('torn')
      })
    const results = await Promise.allSettled([run(false), run(true), run(false)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(starts).toEqual([0, 3_500, 7_000])
  })
})
