import { describe, expect, it } from '@jest/globals'
import type { Selection } from '../../../src/domain/parcel.ts'
import { explaining, type ReasonCache } from '../../../src/pipeline/compose/explain-selection.ts'
import { paperOf } from '../../support/papers.ts'

const PAPER = paperOf('2611.00001', { title: 'On owls' })
const ENTRY = { rank: 1, score: 3, why: '3 votes', paper: PAPER, signals: { upvotes: 3, comments: null, stars: null } }
const choice = (over: Partial<Selection>): Selection => ({
  frequency: 'daily',
  interests: ['owls'],
  featured: 10,
  matches: {},
  follows: {},
  span: 'day',
  catchUp: false,
  ...over,
})

describe('the reason of a paper', () => {
  const told: ReasonCache = new Map()
  const why = (over: Partial<Selection>) => explaining(choice(over), told)(ENTRY).why
  const { id } = PAPER

  it('names the interest of each subscriber, although the reason for others is cached', () => {
    for (const round of ['first', 'again']) {
      expect([round, why({ matches: { [id]: 'owls' } })]).toEqual([round, 'Matches “owls” · 3 votes'])
      expect([round, why({ matches: { [id]: 'birds' } })]).toEqual([round, 'Matches “birds” · 3 votes'])
      expect([round, why({})]).toEqual([round, '3 votes'])
    }
  })

  it('names the synonym that the paper has', () => {
    const matches = { [id]: 'owls' }
    expect(why({ matches, synonyms: { [id]: 'strix' } })).toBe('Matches “owls” (strix) · 3 votes')
    expect(why({ matches })).toBe('Matches “owls” · 3 votes')
  })

  it('names the followed author before the interest, then what was learned, then similar papers', () => {
    const all = {
      follows: { [id]: 'Ada' },
      matches: { [id]: 'owls' },
      learned: { [id]: ['wings'] },
      near: { [id]: ['eggs'] },
    }
    expect(why(all)).toContain('Ada')
    expect(why({ ...all, follows: {} })).toContain('owls')
    expect(why({ ...all, follows: {}, matches: {} })).toContain('wings')
    expect(why({ near: { [id]: ['eggs'] } })).toContain('eggs')
  })
})
