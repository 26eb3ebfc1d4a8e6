import { describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../../src/domain/day.ts'
import type { EditionDraft } from '../../../src/pipeline/publish.ts'
import { lexemesOf } from '../../../src/ranking/search/indexed-paper.ts'
import { readQuery } from '../../../src/ranking/search/query.ts'
import { matchesTerm } from '../../../src/ranking/search/term.ts'
import { SEARCH_PAPERS, SEARCHES } from '../../support/corpora/search-papers.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { aLedger, LEDGERS } from '../../support/ledger.ts'

const FIRST_DAY = day('2026-01-05')
const AT = new Date('2026-01-05T09:00:00Z')

/** Two editions: the first four papers, and the others on the next day. The votes fall from 9. */
const EDITIONS: readonly EditionDraft[] = [SEARCH_PAPERS.slice(0, 4), SEARCH_PAPERS.slice(4)].map((papers, at) => {
  const draft = aPublishedEdition(
    addDays(FIRST_DAY, at),
    papers.map(({ id }) => id),
    AT,
  )
  return { ...draft, entries: draft.entries.map((entry, n) => ({ ...entry, paper: papers[n] ?? entry.paper })) }
})

describe.each(LEDGERS)('search in %s', (_, open) => {
  const ledger = aLedger(open)
  const found = async (query: string, over: Partial<Parameters<typeof ask>[0]> = {}) =>
    ids(await ask({ query, ...over }))
  const ask = (over: { query: string; order?: 'newest' | 'votes'; filter?: string; relaxed?: boolean }) =>
    ledger().editions.searchPapers({ from: null, to: null, limit: 20, offset: 0, ...over })
  const ids = ({ hits }: Awaited<ReturnType<typeof ask>>) => hits.map(({ paper }) => paper.id)
  const test = open === null ? it.skip : it

  test('finds what a reader means, the best first, and agrees with the matching of interests', async () => {
    for (const edition of EDITIONS) await ledger().editions.saveEdition(edition)
    for (const [kind, query, wanted] of SEARCHES) {
      const hits = await found(query)
      expect({ kind, query, first: hits[0], all: [...hits].sort() }).toEqual({
        kind,
        query,
        first: wanted[0],
        all: [...wanted].sort(),
      })
      const read = readQuery(query)
      const matching = SEARCH_PAPERS.filter((paper) => read !== null && matchesTerm(read.whole, lexemesOf(paper)))
      expect([query, [...hits].sort()]).toEqual([query, matching.map(({ id }) => id).sort()])
    }
  })

  test('puts a title that is the query first, then a name before the colon, then a title that begins with it', async () => {
    const titles = ['About fernlet and fernlet', 'Fernlet Meadows', 'Fernlet: a Fern', 'Fernlet!', 'A fernlet, fernlet']
    const draft = aPublishedEdition(
      addDays(FIRST_DAY, 2),
      titles.map((_title, n) => `f${n}`),
      AT,
    )
    await ledger().editions.saveEdition({
      ...draft,
      entries: draft.entries.map((entry, n) => ({ ...entry, paper: { ...entry.paper, title: titles[n] ?? '' } })),
    })
    expect((await found('fernlet')).slice(0, 3)).toEqual(['f3', 'f2', 'f1'])
    expect((await found('fernlet', { filter: 'code:no' })).slice(0, 3)).toEqual(['f3', 'f2', 'f1'])
  })

  test('sorts by votes and by day, and filters', async () => {
    expect(await found('gardener or seaweed or hexagonal', { order: 'votes' })).toEqual([
      '2601.00005',
      '2601.00001',
      '2601.00002',
      '2601.00004',
    ])
    expect((await found('gardener or seaweed', { order: 'newest' }))[0]).toBe('2601.00005')
    expect((await found('gardener or hexagonal', { filter: 'org:"LichenAI" code:no' })).sort()).toEqual([
      '2601.00002',
      '2601.00004',
    ])
    expect(await found('', { filter: 'category:"cs" code:"yes"' })).toEqual(['2601.00001'])
  })

  test('finds papers with all words but one when it is asked to', async () => {
    expect(await found('hexagonal attention zeppelin')).toEqual([])
    expect(await found('hexagonal attention zeppelin', { relaxed: true })).toEqual(['2601.00002'])
    expect(await found('hexagonal zeppelin', { relaxed: true })).toEqual([])
  })

  test('finds a paper that was published again by its new words only', async () => {
    const [, late] = EDITIONS
    if (late === undefined) throw new Error('There are two editions.')
    const entries = late.entries.map((entry) =>
      entry.paper.id === '2601.00006' ? { ...entry, paper: { ...entry.paper, title: 'A Lagoon Atlas' } } : entry,
    )
    await ledger().editions.saveEdition({ ...late, entries })
    expect(await found('lagoon atlas')).toEqual(['2601.00006'])
    expect(await found('wide estuary text')).toEqual([])
  })
})
