import { afterAll, describe, expect, it } from '@jest/globals'
import { SPELLING_COMPARED_MAX, SPELLING_REFRESH_MS } from '../../../../config/limits-web.ts'
import { openStores } from '../../../../src/ledger/stores.ts'
import { createSpellingIndex } from '../../../../src/text/spelling.ts'
import { createSearchSpelling } from '../../../../src/web/public/search/search-spelling.ts'
import { paperOf, paperRow } from '../../../support/papers.ts'
import { openSearchSite, PAPERS } from './search-site.ts'

const site = await openSearchSite()
afterAll(() => site.close())

describe('the spelling of titles', () => {
  const words = (count: number) =>
    Array.from(
      { length: count },
      (_, n) => `retrie${[...n.toString(26)].map((at) => String.fromCharCode(97 + Number.parseInt(at, 26))).join('')}`,
    )

  it('compares a misspelt word with few of 20,000 words, and never with more than the limit', () => {
    const index = createSpellingIndex()
    index.add(['sparse retrieval of hypergraphs', ...words(20_000)])
    const { query, compared } = index.respell('hypergrpahs')
    expect(query).toBe('hypergraphs')
    expect(compared).toBeLessThan(20)
    const hostile = index.respell(
      Array.from({ length: 30 }, (_, n) => `retriq${'abcdefghijklmnop'[n % 16]}zz`).join(' '),
    )
    expect(hostile.compared).toBeLessThanOrEqual(SPELLING_COMPARED_MAX)
  })

  it('prefers the word with the fewest changes, then the one in most titles', () => {
    const index = createSpellingIndex()
    index.add(['lattices', 'matrices', 'matrices of lattices', 'matrices', 'matrix'])
    expect(index.respell('matrces').query).toBe('matrices')
    expect(index.respell('qattices').query).toBe('lattices')
    expect(index.respell('martix').query).toBe('matrix')
    expect(index.respell('lattices').query).toBeNull()
    expect(index.respell('zzzzzzzz').query).toBeNull()
  })

  it('is built once, and adds the titles of new papers without reading the others again', async () => {
    let rows = 0
    const db = site.app.ledger.db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        rows += result.rows.length
        return result
      },
    })
    const spelling = createSearchSpelling(openStores(db), site.app.clock)
    expect((await spelling()).respell('latttice').query).toBe('lattice')
    expect(rows).toBeGreaterThanOrEqual(PAPERS)
    rows = 0
    await db
      .insertInto('papers')
      .values(paperRow(paperOf('new', { title: 'Percolation' }), '2026-11-24', new Date('2026-11-24T09:30:00Z')))
      .execute()
    site.clock.now = new Date(site.clock.now.getTime() + SPELLING_REFRESH_MS + 1)
    expect((await spelling()).respell('percolaton').query).toBe('percolation')
    expect((await spelling()).respell('latttice').query).toBe('lattice')
    expect(rows).toBe(1)
  })
})
