import { describe, expect, it } from '@jest/globals'
import type { Entry } from '../../../../src/domain/edition.ts'
import type { Paper, Signals } from '../../../../src/domain/paper.ts'
import { explainRank, reasonBesidesVotes } from '../../../../src/ranking/explain.ts'
import { facetsOf, hrefOf, isFiltered, readSelection, selectEntries } from '../../../../src/web/public/day/selection.ts'
import { paperOf } from '../../../support/papers.ts'

const entry = (rank: number, paper: Partial<Paper>, signals: Partial<Signals>): Entry => ({
  rank,
  score: 1,
  why: '',
  paper: paperOf(`p${rank}`, paper),
  signals: { upvotes: null, comments: null, stars: null, ...signals },
})
const code = { code: 'https://github.com/a/b' }
const ENTRIES = [
  entry(1, { keywords: ['Agents'], publishedAt: '2026-11-20T00:00:00Z', organization: 'Oslo Lab' }, { upvotes: 5 }),
  entry(
    2,
    { keywords: ['agent', 'Vision'], publishedAt: '2026-11-23T00:00:00Z', links: code },
    { upvotes: 9, stars: 3 },
  ),
  entry(3, { categories: ['cs.CL'], organization: 'Oslo Lab', links: code }, { stars: 700 }),
]
const FACETS = facetsOf(ENTRIES)
const idsOf = (query: Record<string, unknown>) =>
  selectEntries(ENTRIES, readSelection(query, FACETS)).map(({ paper }) => paper.id)

describe('the papers of a day', () => {
  it.each([
    [{}, ['p1', 'p2', 'p3']],
    [{ order: 'votes' }, ['p2', 'p1', 'p3']],
    [{ order: 'new' }, ['p2', 'p1', 'p3']],
    [{ order: 'stars' }, ['p3', 'p2', 'p1']],
    [{ order: 'nonsense' }, ['p1', 'p2', 'p3']],
    [{ topic: 'agent' }, ['p1', 'p2']],
    [{ topic: 'cs-cl' }, ['p3']],
    [{ org: 'oslo-lab' }, ['p1', 'p3']],
    [{ code: '1', order: 'stars' }, ['p3', 'p2']],
    [{ topic: 'agent', org: 'oslo-lab', code: '1' }, []],
    [{ topic: 'no such topic' }, []],
    [{ org: 'no such lab' }, []],
  ])('with %j are %j', (query, ids) => {
    expect(idsOf(query)).toEqual(ids)
  })

  it('count all spellings of a topic as one, the most frequent first', () => {
    expect(FACETS.topics[0]).toEqual({ slug: 'agent', name: 'Agents', papers: 2 })
    expect(FACETS.organizations).toEqual([{ slug: 'oslo-lab', name: 'Oslo Lab', papers: 2 }])
    expect(FACETS.withCode).toBe(2)
  })

  it('have a bounded number of pages, whatever the query string says', () => {
    const many = Array.from({ length: 500 }, (_, n) => `no-${n}`)
    const pages = many.map((text) => hrefOf(readSelection({ topic: text, org: text, code: text, order: text }, FACETS)))
    expect(new Set(pages).size).toBe(1)
  })

  it('have addresses that read back as the same choice', () => {
    const chosen = readSelection({ topic: 'agent', org: 'oslo-lab', code: '1', order: 'new', view: 'dense' }, FACETS)
    const query = Object.fromEntries(new URLSearchParams(hrefOf(chosen)))
    expect(readSelection(query, FACETS)).toEqual(chosen)
    expect(isFiltered(chosen)).toBe(true)
    expect(isFiltered(readSelection({ order: 'new', view: 'dense' }, FACETS))).toBe(false)
  })
})

it.each([
  [explainRank(2, 60, { upvotes: 1_042, comments: null, stars: null }), null],
  [explainRank(1, 60, { upvotes: 42, comments: null, stars: null }), null],
  [explainRank(3, 60, { upvotes: null, comments: null, stars: null }), null],
  [explainRank(3, 60, { upvotes: 0, comments: null, stars: null }), null],
  [`Editor’s choice · ${explainRank(3, 60, { upvotes: 7, comments: null, stars: null })}`, 'Editor’s choice'],
  ['Up from 3 to 58 votes since Monday', 'Up from 3 to 58 votes since Monday'],
])('the reason %j says %j besides the votes', (why, rest) => {
  expect(reasonBesidesVotes(why)).toBe(rest)
})
