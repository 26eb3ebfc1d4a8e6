import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createChooser } from '../../src/ranking/selection/choose.ts'
import type { MatchProfile } from '../../src/ranking/selection/selection.ts'
import { strongest } from '../../src/ranking/strongest.ts'
import { paperOf } from '../support/papers.ts'

const texts = [
  'News of the town and its weather',
  'Robot hands fold towels with tactile sensors',
  'Robot arms fold shirts with tactile sensors',
  'Holding towels and shirts with tactile sensors and fingers',
  'Prices of houses',
  'Robot cooks fry onions with copper pans',
  'Onions fry slowly with copper pans',
  'Robot fingers fold towels with tactile sensors',
]
const pool = texts.map((title, index) => ({
  rank: index + 1,
  score: 50 - index,
  why: '',
  paper: paperOf(`p${index + 1}`, { title, abstract: `${title}. Entry ${index}.` }),
  signals: { upvotes: 50 - index, comments: null, stars: null },
}))
const PROFILE: MatchProfile = {
  interests: ['robot'],
  mutedTerms: [],
  authors: [],
  featuredCount: 5,
  interestShare: 100,
}
/** Returns the ranks of the papers that are only similar to the matches. */
const relatedRanks = (profile: Partial<MatchProfile>, had: readonly string[] = [], choose = createChooser(pool)) =>
  choose({ ...PROFILE, ...profile }, new Set(had))
    .filter(({ near }) => near.length > 0)
    .map(({ entry }) => entry.rank)

describe('papers similar to the best matches', () => {
  it('are featured with the phrases that they share', () => {
    const chosen = createChooser(pool)({ ...PROFILE, featuredCount: 6 }, new Set())
    expect(relatedRanks({ featuredCount: 6 }).sort()).toEqual([4, 7])
    expect(chosen.find(({ entry }) => entry.rank === 7)?.near).toEqual(['copper pans'])
  })

  it('are still found when the subscriber already got the matches', () => {
    expect(relatedRanks({}, ['p2', 'p3', 'p6', 'p8']).sort()).toEqual([4, 7])
  })

  it('are not those that are similar to muted matches, whoever was asked about before', () => {
    const known = createChooser(pool)
    expect(relatedRanks({ featuredCount: 6 }, [], known).sort()).toEqual([4, 7])
    expect(relatedRanks({ featuredCount: 6, mutedTerms: ['cooks'] }, [], known)).toEqual([4])
    expect(relatedRanks({ featuredCount: 6, interests: ['robot', '-cooks'] }, [], known)).toEqual([4])
    expect(relatedRanks({ featuredCount: 6 }, [], known).sort()).toEqual([4, 7])
  })
})

describe('the strongest of many', () => {
  it('are the beginning of the sorted list, and of equal values the lower item comes first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 60 }), fc.nat({ max: 70 }), (values, max) => {
        const items = [...values.keys()]
        const sorted = [...items].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
        expect(strongest([...items].reverse(), Float64Array.from(values), max)).toEqual(sorted.slice(0, max))
      }),
    )
  })
})
