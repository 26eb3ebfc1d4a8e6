import { describe, expect, it } from '@jest/globals'
import { explained } from '../../../src/pipeline/compose/explain-selection.ts'
import { createCandidatePool } from '../../../src/ranking/selection/candidate-pool.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import type { MatchProfile } from '../../../src/ranking/selection/selection.ts'
import { paperOf } from '../../support/papers.ts'

const OTHERS = ['Houses rise.', 'We look at them.', 'They are tall.'].join(' ')
const entryOf = (id: string, votes: number, title: string, abstract = OTHERS) => ({
  rank: 0,
  score: votes,
  why: `${votes} votes`,
  paper: paperOf(id, { title, abstract }),
  signals: { upvotes: votes, comments: null, stars: null },
})
type Listed = ReturnType<typeof entryOf>
const ranked = (entries: readonly Listed[]) =>
  [...entries].sort((a, b) => b.score - a.score).map((entry, index) => ({ ...entry, rank: index + 1 }))
const PROFILE: MatchProfile = {
  interests: ['frog ponds'],
  mutedTerms: [],
  authors: [],
  featuredCount: 3,
  interestShare: 75,
}
const read = (entries: readonly Listed[], profile: Partial<MatchProfile> = {}) =>
  createChooser(ranked(entries))({ ...PROFILE, ...profile }, new Set()).map((chosen) => {
    const { paperId, why } = explained(chosen, new Map())
    return `${paperId}: ${why}`
  })

const WEATHER = entryOf('weather', 60, 'The weather')
const PRICES = entryOf('prices', 50, 'Prices of houses')
const SCATTERED = entryOf('scattered', 1, 'Water', 'A frog sings. We like it. There is a pond. It rains.')
const MENTION = entryOf('mention', 2, 'Water', 'It rains. We look at it. This may help frog ponds.')
const FULL = entryOf('full', 3, 'On frog ponds')

describe('a reader', () => {
  it('is told of a match and of a mention, and of scattered words nothing', () => {
    expect(read([WEATHER, PRICES, SCATTERED, MENTION, FULL], { featuredCount: 2 })).toEqual([
      'full: Matches “frog ponds” · 3 votes',
      'weather: 60 votes',
      'prices: 50 votes',
      'mention: Mentions “frog ponds” · 2 votes',
      'scattered: 1 votes',
    ])
  })

  it('gets at most one mention in place of the most voted, and only if nothing matches', () => {
    const again = entryOf('again', 1, 'Rivers', 'It snows. We look at it. This may be of use for frog ponds.')
    expect(read([WEATHER, PRICES, MENTION, again]).slice(0, 3)).toEqual([
      'mention: Mentions “frog ponds” · 2 votes',
      'weather: 60 votes',
      'prices: 50 votes',
    ])
  })

  it('finds the most voted first among papers that match one interest fully', () => {
    const few = entryOf('few', 20, 'Frog ponds', 'Frog ponds are deep. We dig frog ponds. Frog ponds are cold.')
    const long = 'The weather was fine and the work went on from spring to autumn with many helpers. '.repeat(4)
    const many = entryOf('many', 43, 'Wet places', `It rains. We dig a frog pond with a spade. ${long} It is cold.`)
    expect(read([few, many, WEATHER]).map((line) => line.split(':')[0])).toEqual(['many', 'few', 'weather'])
    expect(read([few, many, WEATHER], { featuredCount: 1 })[0]).toMatch(/^many:/)
  })

  it('is told of the interest in the title rather than of one in the abstract', () => {
    const both = entryOf('both', 9, 'On frog ponds', 'Zebras roam. We follow zebras. Zebras sleep.')
    expect(read([both, WEATHER], { interests: ['zebras', 'frog ponds'] })[0]).toMatch(/^both: Matches “frog ponds”/)
  })
})

describe('words that only some papers share with matches', () => {
  const birds = 'herons catch minnows between reeds and sedges'
  const related = (entries: readonly Listed[]) => {
    const pool = createCandidatePool(ranked(entries))
    const found = pool.strengths('frog pond')?.related(new Uint8Array(entries.length)) ?? null
    const at = pool.members.findIndex(({ paper }) => paper.id === 'like')
    return { isClose: found?.close.includes(at) ?? false, similarity: found?.similarity[at] ?? 0 }
  }
  const like = entryOf('like', 1, 'Herons catch minnows', `Now ${birds}.`)
  const matching = ['d', 'e', 'f'].map((id) => entryOf(id, 1, 'A frog pond', `Here ${birds}.`))

  it('come from at least three papers that match', () => {
    expect(related([...matching, like, WEATHER, PRICES]).isClose).toBe(true)
    expect(related([...matching.slice(1), like, WEATHER, PRICES]).isClose).toBe(false)
  })

  it('do not come from papers in which the words are scattered', () => {
    const scattered = ['a', 'b'].map((id) => entryOf(id, 1, 'Water', `A frog: ${birds}. It rains. There is a pond.`))
    const digging = ['g', 'h', 'i'].map((id) => entryOf(id, 1, 'A frog pond', 'Spades dig through clay.'))
    expect(related([...digging, ...scattered, like, WEATHER, PRICES]).similarity).toBe(0)
  })
})
