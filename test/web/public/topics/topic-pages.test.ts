import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Day, day } from '../../../../src/domain/day.ts'
import { saveEdition } from '../../../../src/ledger/editions/editions.ts'
import { saveVotes } from '../../../../src/ledger/editions/votes.ts'
import { QUICKEST } from '../../../support/app.ts'
import { aPublishedEdition } from '../../../support/editions.ts'
import { paperOf } from '../../../support/papers.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

// The year 2026 has 53 weeks, and 2028 is a leap year.
const DAYS = ['2026-11-24', '2026-12-31', '2027-01-01', '2027-01-04', '2028-02-29'].map(day)

describe('the pages of topics, weeks, months and the archive', () => {
  let site: TestSite
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: '2028-02-29T09:00:00Z' })
  }, 120_000)
  afterAll(() => site?.close())

  const publish = (on: Day, keywords: readonly string[]) => {
    const papers = [`${on}-a`, `${on}-b`].map((id, index) => ({
      rank: index + 1,
      score: 1,
      why: 'a reason',
      paper: paperOf(id, { title: `Paper ${id}`, keywords, categories: ['cs.CL'] }),
      signals: { upvotes: 5, comments: null, stars: null },
    }))
    return saveEdition(site.app.ledger.db, {
      ...aPublishedEdition(on, [], new Date(`${on}T08:00:00Z`)),
      entries: papers,
    })
  }

  it('say plainly that there is nothing before the first edition', async () => {
    for (const path of ['/topics', '/week', '/month', '/rising', '/archive']) {
      const { status, body } = await site.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(body).toMatch(/No keyword has 3 papers yet|No list was published|No paper of these days|No papers yet/)
    }
    site.clock.now = new Date('2028-02-29T10:00:00Z') // Later than the cache of pages.
    await publish(DAYS[0] ?? day('2026-11-24'), ['Sparse retrieval'])
    // A month in a list without years has its year.
    expect((await site.get('/archive')).body).toMatch(/<a href="\/archive\/2026-11"[^>]*>November 2026<\/a>/)
    site.clock.now = new Date('2028-02-29T11:00:00Z')
    for (const on of DAYS) await publish(on, ['Sparse retrieval', 'C++, “quoted”'])
  })

  it.each([
    ['/week/2026-W53', /Best of week 53, 2026/, ['2026-12-31-a', '2027-01-01-b'], '/week/2026-W48', '/week/2027-W01'],
    ['/week/2027-W01', /4 January 2027/, ['2027-01-04-a'], '/week/2026-W53', '/week/2028-W09'],
    ['/month/2026-12', /Best of December 2026/, ['2026-12-31-a'], '/month/2026-11', '/month/2027-01'],
    ['/month/2028-02', /29 February 2028/, ['2028-02-29-a'], '/month/2027-01', null],
  ])('%s has its papers, and leads to the nearest ones with papers', async (path, words, papers, previous, next) => {
    const { status, body } = await site.get(path)
    expect(status).toBe(200)
    expect(body).toMatch(words)
    const shown = [...body.matchAll(/<a href="\/paper\/([^"#?]+)"/g)].map(([, id]) => id)
    expect(shown).toEqual(expect.arrayContaining(papers))
    const [month] = path.startsWith('/month/') ? [path.slice(7)] : []
    if (month !== undefined) expect(shown.every((id) => id?.startsWith(month))).toBe(true)
    expect(/rel="prev"[^>]*|href="([^"]+)" rel="prev"/.exec(body)?.[0]).toContain(previous)
    expect(/href="([^"]+)" rel="next"/.exec(body)?.[1] ?? null).toBe(next)
  })

  it('say that the running week goes on, and nothing of the kind about a past one', async () => {
    expect((await site.get('/week')).body).toMatch(/Best of week 9, 2028[\s\S]*This week is still running/)
    expect((await site.get('/month')).body).toMatch(/This month is still running/)
    expect((await site.get('/week/2027-W01')).body).not.toContain('still running')
    const empty = await site.get('/week/2027-W20')
    expect(empty.body).toContain('No list was published in this week.')
    expect(empty.body).toContain('noindex')
    expect((await site.get('/week/2031-W01')).body).toContain('This week is in the future.')
  })

  it('show a topic under one address, with its best papers, its neighbours and the way to follow it', async () => {
    const { body } = await site.get('/topics/sparse-retrieval')
    expect(body).toContain('<h1 dir="auto">Sparse retrieval</h1>')
    expect(body).toMatch(/10 papers.* 2.*in the 30 days up to the newest list/)
    expect(body).toContain('href="/?interests=Sparse%20retrieval#subscribe"')
    expect(body).toContain('<a href="/feed.xml?topic=sparse-retrieval">Atom feed</a>')
    expect((await site.get('/feed.xml?topic=sparse-retrieval')).body).toContain('/paper/2028-02-29-a')
    expect(body).toContain('rel="canonical" href="https://papers.example.org/topics/sparse-retrieval"')
    expect(body).toContain('href="/topics/c-plus-plus-quoted"')
    // A full list leads to the search, which must find the same papers.
    for (const query of ['keyword:"Sparse retrieval"', 'category:"cs.CL"'])
      expect((await site.get(`/search?q=${encodeURIComponent(query)}`)).body).toContain('10 papers')
    const papersOf = async (path: string) =>
      new Set([...(await site.get(path)).body.matchAll(/<a href="\/paper\/([^"#?]+)"/g)].map(([, id]) => id)).size
    expect(await papersOf('/topics/sparse-retrieval')).toBe(2)
    expect(await papersOf('/topics/sparse-retrieval?best=newest')).toBe(10)
    expect(await papersOf('/topics/category/cs.CL?best=day')).toBe(2)
    const category = await site.get('/topics/category/cs.CL')
    expect(category.body).toMatch(/<h1[^>]*>Computation and Language<\/h1>/)
    expect(category.body).toContain(`href="/?interests=${encodeURIComponent('category:cs.CL')}#subscribe"`)
    // A comma would begin another interest.
    expect((await site.get('/topics/c-plus-plus-quoted')).body).toContain('interests=C%2B%2B%20quoted#subscribe')
  })

  it.each([
    ['/topics/Sparse%20Retrievals', 301, '/topics/sparse-retrieval'],
    ['/topics/category/CS.cl', 301, '/topics/category/cs.CL'],
    ['/topics/nothing', 404, 'No paper in our lists has this keyword.'],
    ['/topics/%E2%86%92', 404, 'No paper in our lists has this keyword.'],
    ['/topics/sparse-retrieval?best=year', 400, 'A topic shows best=day'],
    ['/topics/sparse-retrieval?best=day&best=week', 400, 'A topic shows best=day'],
    ['/topics/category/cs.XX', 404, 'arXiv has no such category.'],
    ['/topics/category/cs.CL%00', 404, 'arXiv has no such category.'],
    ['/topics/category/constructor', 404, 'arXiv has no such category.'],
    ['/topics/category/math.NT', 404, 'No paper in our lists has this category yet.'],
    ['/week/2025-W53', 404, 'There is no such week.'],
    ['/week/0000-W00', 404, 'There is no such week.'],
    ['/month/2026-13', 404, 'There is no such month.'],
    ['/archive/2026-1', 404, 'There is no such month.'],
    ['/archive?before=2027-01-01', 301, '/archive/2026-12'],
    ['/archive?before=nonsense', 200, 'Archive'],
  ])('%s answers %i in plain words', async (path, status, words) => {
    const answer = await site.get(path)
    expect(answer.status).toBe(status)
    expect(`${answer.headers.location ?? ''} ${answer.body}`).toContain(words)
  })

  it('show a month as a calendar, down to the last day of February', async () => {
    const { body } = await site.get('/archive')
    expect(body).toContain('<caption>February 2028</caption>')
    expect(body).toContain('<a href="/papers/2028-02-29">')
    expect(body.match(/<tr>/g)).toHaveLength(6) // Five weeks and the head.
    expect(body).toContain('<span class="empty">28</span>')
    expect(body).not.toContain('/papers/2028-02-28')
    const december = await site.get('/archive/2026-12')
    expect(december.body).toMatch(/href="\/week\/2026-W53"[^>]*>W53/)
    expect(december.body).toMatch(/href="\/archive\/2026-11" rel="prev"/)
    expect(december.body).toMatch(/href="\/archive\/2027-01" rel="next"/)
    expect((await site.get('/archive/2027-07')).body).toContain('No list was published in July 2027.')
  })

  it('name the votes that a rising paper had and has', async () => {
    const of = (upvotes: number) => ({ upvotes, comments: null, stars: null })
    const votes = new Map([['2028-02-28-a', of(210)]])
    await publish(day('2028-02-28'), [])
    await saveVotes(site.app.ledger.db, day('2028-02-28'), new Date('2028-02-29T08:00:00Z'), votes)
    site.clock.now = new Date('2028-02-29T11:00:00Z')
    const { body } = await site.get('/rising')
    expect(body).toContain('5 → 210 votes since Monday, 28 February 2028')
    expect(body).not.toContain('2028-02-28-b')
  })

  it('keep what the newest lists had when no list has come for two months', async () => {
    site.clock.now = new Date('2028-04-29T11:00:00Z')
    expect((await site.get('/rising')).body).toContain('5 → 210 votes since Monday, 28 February 2028')
    expect((await site.get('/topics')).body).toContain('/topics/category/cs.CL')
    expect((await site.get('/topics/sparse-retrieval?best=month')).body).toContain('/paper/2028-02-29-a')
  })

  it('are in the sitemap, except those without papers', async () => {
    const { body } = await site.get('/sitemap.xml')
    for (const path of ['/topics', '/rising', '/topics/category/cs.CL', '/week/2026-W53', '/archive/2028-02'])
      expect(body).toContain(`<loc>https://papers.example.org${path}</loc>`)
    expect(body).not.toContain('/week/2027-W20')
  })
})
