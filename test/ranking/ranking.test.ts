import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day } from '../../src/domain/day.ts'
import type { Entry } from '../../src/domain/edition.ts'
import { explainAuthor, explainMatch, explainRank, ordinal } from '../../src/ranking/explain.ts'
import { createChooser } from '../../src/ranking/selection/choose.ts'
import { rankByVotes } from '../../src/ranking/trending.ts'
import { paperOf } from '../support/papers.ts'

const votes = (id: string, upvotes: number | null) => ({
  paper: paperOf(id),
  signals: { upvotes, comments: null, stars: null },
})

describe('the order of a day', () => {
  it('is by votes, and the same whatever order the source gave', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (counts, lots) => {
          const listings = counts.map((count, index) => votes(`2511.${10_000 + index}`, count))
          const shuffled = listings
            .map((listing) => ({ listing, lot: lots.next().value ?? 0 }))
            .sort((a, b) => a.lot - b.lot)
          const ranked = rankByVotes(day('2025-11-24'), listings, 100)
          expect(ranked.map((item) => item.score)).toEqual([...counts].sort((a, b) => b - a))
          expect(
            rankByVotes(
              day('2025-11-24'),
              shuffled.map(({ listing }) => listing),
              100,
            ),
          ).toEqual(ranked)
        },
      ),
    )
  })

  it('lets no place in the list win ties: over a year, each of two tied papers leads on about half the days', () => {
    const tied = [votes('2511.00001', 7), votes('2511.00002', 7)]
    const days = Array.from({ length: 365 }, (_, index) => addDays(day('2025-01-01'), index))
    const led = days.filter((each) => rankByVotes(each, tied, 10)[0]?.paper.id === '2511.00001').length
    expect(led).toBeGreaterThan(365 * 0.4)
    expect(led).toBeLessThan(365 * 0.6)
  })

  it('puts papers without a count after those with votes, and keeps within the bound', () => {
    const ranked = rankByVotes(
      day('2025-11-24'),
      [votes('2511.00001', null), votes('2511.00002', 1), votes('2511.00003', 3)],
      2,
    )
    expect(ranked.map((item) => [item.rank, item.paper.id])).toEqual([
      [1, '2511.00003'],
      [2, '2511.00002'],
    ])
  })
})

describe('the evidence of a paper', () => {
  it.each([
    [1, 39, 75, '75 votes, the day’s most voted'],
    [2, 39, 1, '1 vote, 2nd of the day’s 39'],
    [11, 39, 12, '12 votes, 11th of the day’s 39'],
    [3, 3, 0, 'New on the list, no votes yet'],
    [1, 1, 4, '4 votes, the day’s only paper'],
    [5, 9, null, 'New on arXiv; no votes are counted there'],
  ])('rank %i of %i with %p votes: %s', (rank, papers, upvotes, words) => {
    expect(explainRank(rank, papers, { upvotes, comments: null, stars: null })).toBe(words)
  })

  it('names the interest that it matched', () => {
    expect(explainMatch('agents', '3 votes, 2nd of the day’s 9')).toBe('Matches “agents” · 3 votes, 2nd of the day’s 9')
  })

  it('counts in English', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 112].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '22nd',
      '101st',
      '111th',
      '112th',
    ])
  })
})

describe('a reader’s choice', () => {
  const entry = (rank: number, title: string): Entry => ({
    rank,
    score: 100 - rank,
    why: `rank ${rank}`,
    paper: paperOf(`2511.0000${rank}`, { title }),
    signals: { upvotes: 100 - rank, comments: null, stars: null },
  })
  const pool = [
    entry(1, 'A talk of the town'),
    entry(2, 'Video models'),
    entry(3, 'Robot hands'),
    entry(4, 'Robot legs'),
    entry(5, 'Robot eyes'),
  ]
  const ids = (chosen: readonly { entry: Entry }[]) => chosen.map(({ entry: { rank } }) => rank)
  const choose = createChooser(pool)

  it('without interests is the day’s own order', () => {
    expect(
      ids(choose({ interests: [], mutedTerms: [], authors: [], featuredCount: 3, interestShare: 75 }, new Set())),
    ).toEqual([1, 2, 3, 4, 5])
  })

  it('brings matches first and keeps a place for what everybody talks about', () => {
    expect(
      ids(
        choose({ interests: ['robot'], mutedTerms: [], authors: [], featuredCount: 3, interestShare: 75 }, new Set()),
      ),
    ).toEqual([3, 4, 1, 5, 2])
    expect(
      ids(
        choose({ interests: ['robot'], mutedTerms: [], authors: [], featuredCount: 5, interestShare: 75 }, new Set()),
      ),
    ).toEqual([3, 4, 5, 1, 2])
  })

  it('says which interest each match is for', () => {
    const chosen = choose(
      { interests: ['video', 'robot legs'], mutedTerms: [], authors: [], featuredCount: 5, interestShare: 75 },
      new Set(),
    )
    expect(chosen.slice(0, 2).map(({ interest }) => interest)).toEqual(['robot legs', 'video'])
    expect(chosen.at(-1)?.interest).toBeNull()
  })

  it('brings a followed author’s paper before all others, whatever the case and accents, unless it is muted', () => {
    const by = createChooser([
      entry(1, 'A talk of the town'),
      entry(2, 'Video models'),
      {
        ...entry(3, 'Robot hands'),
        paper: paperOf('2511.00003', { title: 'Robot hands', authors: ['José  A. Pérez', 'Mei'] }),
      },
    ])
    const profile = {
      interests: ['video'],
      mutedTerms: [],
      authors: ['jose a perez', 'Pérez'],
      featuredCount: 3,
      interestShare: 75,
    }
    const chosen = by(profile, new Set())
    expect(ids(chosen)).toEqual([3, 2, 1])
    expect(chosen.map(({ author }) => author)).toEqual(['José  A. Pérez', null, null])
    expect(ids(by({ ...profile, authors: ['Perez', 'Me'] }, new Set()))).toEqual([2, 1, 3])
    expect(ids(by({ ...profile, mutedTerms: ['robot hand'] }, new Set()))).toEqual([2, 1])
    expect(explainAuthor('Mei', '3 votes')).toBe('By Mei, whom you follow · 3 votes')
  })

  it('never holds a muted paper, nor one that the reader has had', () => {
    expect(
      ids(
        choose(
          { interests: ['video'], authors: [], mutedTerms: ['robots'], featuredCount: 3, interestShare: 75 },
          new Set(['2511.00001']),
        ),
      ),
    ).toEqual([2])
  })
})
