import { describe, expect, it } from '@jest/globals'
import { ARXIV_INTERVAL_MS } from '../../../config/limits-sources.ts'
import { day } from '../../../src/domain/day.ts'
import { listDayOf, submissionWindow } from '../../../src/sources/arxiv/arxiv-days.ts'
import { createLimiter } from '../../../src/sources/http/limiter.ts'
import { apiEntry, apiFeed, NOW, readArxiv, stop, TUESDAY } from '../../support/arxiv-feeds.ts'
import { answers } from '../../support/servers/loopback-server.ts'

describe('arXiv', () => {
  it('returns the papers that it announced on the day, without votes', async () => {
    const { answer, requests } = await readArxiv(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00001v2')))])
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
    ['2026-11-23', '2026-11-19T19:00', '2026-11-20T18:59'], // Monday: submissions from Thursday to Friday.
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

  it('is not asked on a weekend, when it has no announcements', async () => {
    const { answer, requests } = await readArxiv(day('2026-11-21'), [answers(200, apiFeed(''))])
    expect([answer, requests.length]).toEqual([{ kind: 'empty', reason: 'weekend' }, 0])
  })

  it('has not announced the day before 20:00 in New York', async () => {
    const at = (iso: string) => ({ clock: () => new Date(iso) })
    expect((await readArxiv(TUESDAY, [answers(200, apiFeed(''))], at('2026-11-24T00:59:00Z'))).answer).toEqual({
      kind: 'empty',
      reason: 'not-open',
    })
    await stop()
    expect(
      (await readArxiv(TUESDAY, [answers(200, apiFeed(apiEntry('2611.00001')))], at('2026-11-24T01:00:00Z'))).answer
        .kind,
    ).toBe('listed')
  })

  it('is not open while an empty day lasts, and a holiday afterwards', async () => {
    const empty = [answers(200, apiFeed('', 0))]
    expect((await readArxiv(TUESDAY, empty)).answer).toEqual({ kind: 'empty', reason: 'not-open' })
    await stop()
    const over = { clock: () => new Date('2026-11-25T12:00:00Z') }
    expect((await readArxiv(TUESDAY, empty, over)).answer).toEqual({ kind: 'empty', reason: 'holiday' })
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
    ['a web page', answers(200, '<!DOCTYPE html><html><h1>Hi</h1></html>'), 'arXiv: the answer is not a feed: Hi'],
    [
      'half a feed',
      answers(200, apiFeed(apiEntry('2611.00001')).slice(0, -30)),
      'arXiv: the answer is not a feed: it is not well-formed XML',
    ],
    ['nothing', answers(200, ''), /^arXiv: the answer is not a feed/],
    ['a rate limit with status 200', answers(200, 'Rate exceeded.'), 'arXiv: the answer is not a feed: Rate exceeded.'],
    [
      'an empty page though papers match',
      answers(200, apiFeed('', 713)),
      'arXiv: the answer contains no paper, but counts 713',
    ],
    ['a refusal', answers(429, 'Rate exceeded.'), 'arXiv answered HTTP 429: Rate exceeded.'],
    [
      'broken entries',
      answers(200, apiFeed('<entry><id>x y</id><title>T</title></entry>')),
      /no usable paper: item 1: id is not valid/,
    ],
  ] as const)('fails with a reason on %s', async (_, handler, reason) => {
    const { answer } = await readArxiv(TUESDAY, [handler])
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    })
  })
})

describe('requests to arXiv', () => {
  it('are sent one at a time, three seconds apart, even after a failure', async () => {
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
