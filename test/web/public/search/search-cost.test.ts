import { afterAll, describe, expect, it } from '@jest/globals'
import {
  QUERY_BUDGET_MS,
  QUERY_BUDGET_MS_PER_SECOND,
  SEARCH_MATCHES_MAX,
  SEARCH_RANKED_WORDS,
  SEARCH_WINDOW_PAPERS,
} from '../../../../config/limits-web.ts'
import { day } from '../../../../src/domain/day.ts'
import { saveEdition } from '../../../../src/ledger/editions/editions.ts'
import { searchPapers } from '../../../../src/ledger/editions/search.ts'
import { createWeb } from '../../../../src/web/app.ts'
import { createQueryBudget } from '../../../../src/web/public/search/query-budget.ts'
import { webDepsOf } from '../../../../workers/web.ts'
import { aPublishedEdition } from '../../../support/editions.ts'
import { openSearchSite } from './search-site.ts'

const site = await openSearchSite()
afterAll(() => site.close())

const ask = (query: string, over: { offset?: number; from?: string } = {}) =>
  searchPapers(site.app.ledger.db, {
    query,
    from: over.from === undefined ? null : day(over.from),
    to: null,
    limit: 20,
    offset: over.offset ?? 0,
  })

describe('a search', () => {
  it.each([
    'model',
    'model or results or languages',
    '"train a model"',
    'model -sandpit',
    '-sandpit',
    'results of a mod',
    'languages model results new train',
  ])('for “%s” looks at no more papers than its bounds allow', async (query) => {
    const { hits, more, work } = await ask(query)
    expect(hits).toHaveLength(20)
    expect(more).toBe(true)
    expect(work.looked).toBeLessThanOrEqual(3 * (SEARCH_MATCHES_MAX + 1) + SEARCH_WINDOW_PAPERS)
    expect(work.ranked).toBeLessThanOrEqual(SEARCH_RANKED_WORDS / 3)
  })

  it('for a word of every paper still finds the old papers that have it in the title, and then the newest', async () => {
    const { hits } = await ask('model')
    expect(hits.slice(0, 3).map(({ paper }) => paper.id)).toEqual(expect.arrayContaining(['p0', 'p1', 'p2']))
    expect(hits[3]?.firstDay).toBe('2019-06-09')
  })

  it('leaves out what is to be left out, also where the title matches and the word is in the abstract', async () => {
    const { hits } = await ask('model -sandpit')
    expect(
      hits
        .slice(0, 2)
        .map(({ paper }) => paper.id)
        .sort(),
    ).toEqual(['p0', 'p2'])
    expect(hits.map(({ paper }) => paper.id)).not.toContain('p1')
  })

  it('finds every paper when few match, by a beginning too, and within days', async () => {
    expect(await ask('lattice')).toMatchObject({ total: 3, more: false })
    expect(await ask('sandpi')).toMatchObject({ total: 1, more: false, hits: [{ paper: { id: 'p1' } }] })
    expect(await ask('"lattice model" -sandpit')).toMatchObject({ total: 2, more: false })
    expect(await ask('lattice', { from: '2011-01-01' })).toMatchObject({ total: 0 })
  })

  it('that matches more papers than were looked at says so', async () => {
    const { body } = await site.get('/search?q=model', { remoteAddress: '192.0.2.90' })
    expect(body).toMatch(/More than [\d,]+ papers\. Add more words/)
  })

  it.each([
    ['10,000 characters', 'a'.repeat(10_000), 400],
    ['500 words', Array.from({ length: 500 }, (_, n) => `w${n}`).join(' '), 400],
    ['more words than a title has', 'ab '.repeat(40), 400],
    ['many alternatives', Array.from({ length: 12 }, (_, n) => `w${n}`).join(' or '), 400],
    ['200 times one letter', 'a'.repeat(200), 200],
    ['one unbalanced quote after the other', '" '.repeat(90), 200],
    ['operators of a text search', '& | ! <-> <2> :* () !! :A', 200],
    ['patterns', '(a+)+$ %_%_% .*.*.*', 200],
    ['combining marks', 'a\u0301\u0302'.repeat(60), 200],
    ['ligatures that fold to many letters', '\ufdfa'.repeat(190), 200],
    ['letters whose small form is longer', '\u0130'.repeat(190), 200],
    ['near misses', 'moxel langxages resxlts trxin stxdy numbxred lattixe', 200],
    ['words to leave out', '-model -study -lattice', 200],
    ['words joined by hyphens', 'model-results-'.repeat(12), 200],
  ])('with %s is answered', async (what, text, status) => {
    for (const path of ['/search?q=', '/feed.xml?q=']) {
      const answer = await site.get(path + encodeURIComponent(text), { remoteAddress: `192.0.2.${what.length}` })
      // A feed truncates a long query where the page rejects it, because programs follow its address.
      expect(answer.status).toBe(path.startsWith('/feed') && text.length > 200 && !text.includes(' ') ? 200 : status)
    }
  })
})

describe('a network', () => {
  const flood = async (path: string, remoteAddress: string) => {
    for (let n = 0; ; n += 1) {
      const answer = await site.get(path, { remoteAddress })
      if (answer.status !== 200) return { n, answer }
    }
  }

  it('that searches for dear words is refused sooner than one that searches for rare ones, and no other is', async () => {
    const dear = await flood('/search?q=model', '198.51.100.1')
    expect(dear.answer.status).toBe(429)
    expect(Number(dear.answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(dear.answer.body).toMatch(/<h1>Too many requests<\/h1>/)
    const rare = await flood('/search?q=lattice', '198.51.100.2')
    expect(rare.answer.status).toBe(429)
    expect(rare.n).toBeGreaterThan(1.25 * dear.n)
    expect((await site.get('/feed.xml?q=model', { remoteAddress: '198.51.100.1' })).status).toBe(429)
    expect((await site.get('/search?q=model', { remoteAddress: '198.51.100.3' })).status).toBe(200)
  })

  it('of IPv6 is a /64, with any number of addresses', async () => {
    const web = await createWeb(webDepsOf(site.app, null))
    let n = 0
    for (; n < 100; n += 1)
      if ((await web.inject({ url: '/search?q=model', remoteAddress: `2001:db8:1:2::${n}` })).statusCode === 429) break
    expect(n).toBeLessThan(60)
    await web.close()
  })

  it('regains its budget after a while, but never more', () => {
    let now = 0
    const budget = createQueryBudget(() => new Date(now))
    budget.charge('a', QUERY_BUDGET_MS + 50)
    expect(budget.take('a', 10)).toEqual({ ok: false, retrySeconds: 60 / QUERY_BUDGET_MS_PER_SECOND })
    expect(budget.take('b', 10)).toEqual({ ok: true })
    now += (60 / QUERY_BUDGET_MS_PER_SECOND) * 1_000
    expect(budget.take('a', 10)).toEqual({ ok: true })
    now += 24 * 3_600_000
    expect(budget.take('a', QUERY_BUDGET_MS + 1)).toMatchObject({ ok: false })
  })
})

describe('the front page with interests', () => {
  it('is rendered once for all interests, and shows the requested ones as text', async () => {
    const { pool } = site.app.ledger
    const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown
    await site.app.ledger.db.deleteFrom('edition_papers').execute()
    await saveEdition(
      site.app.ledger.db,
      aPublishedEdition(day('2026-11-24'), ['p1'], new Date('2026-11-24T08:00:00Z')),
    )
    await site.get('/?interests=first')
    let asked = 0
    pool.connect = ((...args: unknown[]) => {
      asked += 1
      return connect(...args)
    }) as typeof pool.connect
    for (let n = 0; n < 30; n += 1)
      expect((await site.get(`/?interests=agents ${n}`)).body).toMatch(
        new RegExp(`<textarea[^>]*>agents ${n}</textarea>`),
      )
    pool.connect = connect as typeof pool.connect
    expect(asked).toBe(0)
    const { body } = await site.get(`/?interests=${encodeURIComponent('</textarea><script>$& \ue002')}`)
    expect(body).toContain('&lt;/textarea&gt;&lt;script&gt;$&amp; \ue002</textarea>')
  })
})
