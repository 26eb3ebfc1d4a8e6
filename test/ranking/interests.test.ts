import { describe, expect, it } from '@jest/globals'
import type { Entry } from '../../src/domain/edition.ts'
import { createCandidatePool } from '../../src/ranking/selection/candidate-pool.ts'
import { createChooser } from '../../src/ranking/selection/choose.ts'
import type { MatchProfile } from '../../src/ranking/selection/selection.ts'
import { abbreviationsIn, createLexicon } from '../../src/ranking/words/lexicon.ts'
import { stem } from '../../src/ranking/words/words.ts'
import { paperOf } from '../support/papers.ts'

const entryOf = (rank: number, paper: Entry['paper']): Entry => ({
  rank,
  score: 100 - rank,
  why: `rank ${rank}`,
  paper,
  signals: { upvotes: 100 - rank, comments: null, stars: null },
})
const TASTE: MatchProfile = { interests: [], mutedTerms: [], authors: [], featuredCount: 4, interestShare: 75 }

describe('an interest', () => {
  const [pool] = [
    createCandidatePool([
      entryOf(
        1,
        paperOf('2511.00001', {
          title: 'Sparse Retrieval for Tool-Using Agents',
          abstract: 'We study policies for naïve models. They learn from human feedback (RLHF) and are optimised.',
          keywords: ['question answering'],
          authors: ['Ada Lovelace', 'José A. Pérez'],
          categories: ['cs.CL', 'cs.IR'],
          links: { code: 'https://github.com/a/b' },
        }),
      ),
      entryOf(2, paperOf('2511.00002', { title: 'Something else', authors: ['Ada Pérez'], categories: ['csx.A'] })),
    ]),
  ]
  it.each([
    ['sparse retrieval', true],
    ['Agent', true],
    ['tool using', true],
    ['Question Answering', true],
    ['policy', true],
    ['naive', true],
    ['optimization', true], // American spelling and another ending.
    ['retrieval models', true], // All its words, though apart.
    ['ai', false], // Not the “ai” of “available”.
    ['robotics', false],
    ['retrieval robotics', false],
    ['...', false],
    ['"sparse retrieval"', true],
    ['“tool-using agents”', true],
    ['"retrieval sparse"', false],
    ['"agent"', false], // These very letters.
    ['author:Lovelace', true],
    ['author: ada lovelace', true],
    ['author:ada perez', false], // Not the one’s first and the other’s last name.
    ['category:cs.CL', true],
    ['category:cs', true],
    ['category:csx', false],
    ['code:yes', true],
    ['code:no', false],
  ])('%p matches: %p', (typed, matches) => {
    expect((pool?.strengths(typed)?.values[0] ?? 0) > 0).toBe(matches)
  })

  it('is found under its abbreviation and by it, as the archive spells it out', () => {
    const archive = createLexicon([
      { title: 'A', abstract: 'reinforcement learning with verifiable rewards (RLVR)' },
      { title: 'B', abstract: 'We use Large Language Models (LLMs).' },
    ])
    const papers = createCandidatePool(
      [
        entryOf(1, paperOf('a', { title: 'RLVR at scale' })),
        entryOf(2, paperOf('b', { title: 'Reinforcement learning with verifiable rewards' })),
      ],
      archive,
    )
    for (const typed of ['RLVR', 'reinforcement learning with verifiable rewards (RLVR)'])
      expect([typed, papers.strengths(typed)?.matching]).toEqual([typed, [0, 1]])
    expect(abbreviationsIn('large language models (LLMs), and nothing of that kind (SOTA)')).toEqual([
      ['llm', 'larg languag model'],
    ])
  })

  it('speaks louder where its words are rarer, and where they stand together in a title', () => {
    const of = (typed: string, papers: string[]) =>
      createCandidatePool(papers.map((title, index) => entryOf(index + 1, paperOf(`p${index}`, { title })))).strengths(
        typed,
      )?.values ?? []
    const [together = 0, apart = 0] = of('robot hands', [
      'Robot hands',
      'Hands of a robot',
      'On models',
      'On models again',
    ])
    expect(together).toBeGreaterThan(apart)
    const papers = ['A model of owls', 'A model of cats', 'A model of dogs']
    expect(of('owls', papers)[0]).toBeGreaterThan(of('model', papers)[0] ?? 0)
  })

  it.each([
    ['agents', 'agent'],
    ['planning', 'plan'],
    ['policies', 'policy'],
    ['optimisation', 'optimize'],
    ['generated', 'generation'],
    ['diffusing', 'diffuse'],
  ])('%s and %s have one stem', (a, b) => expect(stem(a)).toBe(stem(b)))

  it.each([
    ['bias', 'bia'],
    ['corpus', 'corp'],
    ['policy', 'police'],
  ])('%s and %s do not', (a, b) => expect(stem(a)).not.toBe(stem(b)))
})

describe('the mix', () => {
  const titles = ['The talk of the town', 'Second by votes', 'Robot hands', 'Robot legs', 'Robot eyes', 'An owl']
  const pool = titles.map((title, index) =>
    entryOf(
      index + 1,
      paperOf(`p${index + 1}`, { title, abstract: `About ${title} and nothing else, number ${index}.` }),
    ),
  )
  const ranks = (profile: Partial<MatchProfile>, had: string[] = []) =>
    createChooser(pool)({ ...TASTE, ...profile }, new Set(had)).map(({ entry }) => entry.rank)

  it.each([
    [0, [1, 2, 3, 4]],
    [50, [3, 4, 1, 2]],
    [75, [3, 4, 5, 1]],
  ])('of %i per cent leaves the other places to votes', (mix, first) => {
    expect(ranks({ interests: ['robot'], interestShare: mix }).slice(0, 4)).toEqual(first)
  })

  it('gives each interest its best paper before any its second, even without a vote', () => {
    expect(
      ranks({ interests: ['robot', 'owl'], interestShare: 50 })
        .slice(0, 2)
        .sort(),
    ).toEqual([3, 6])
  })

  it('takes what an interest forbids out like a muted term', () => {
    expect(ranks({ interests: ['robot', '-legs'] })).not.toContain(4)
    expect(ranks({ mutedTerms: ['"robot legs"', 'owls'] })).toEqual([1, 2, 3, 5])
  })

  it('lets a near copy wait until there is nothing else', () => {
    const text = 'A long account of how we taught a machine to fold towels by looking at many hands.'
    const duplicates = [
      entryOf(1, paperOf('a', { title: 'Folding towels by looking', abstract: text })),
      entryOf(2, paperOf('b', { title: 'Folding towels by looking, again', abstract: text })),
      entryOf(3, paperOf('c', { title: 'Weather', abstract: 'Rain and its causes.' })),
    ]
    const order = createChooser(duplicates)({ ...TASTE, featuredCount: 2 }, new Set()).map(({ entry }) => entry.rank)
    expect(order).toEqual([1, 3, 2])
  })
})

describe('what is much like a paper that is in already', () => {
  // In the order of their strength; each of the last two much like one of the others.
  const towels = 'towels are folded by two arms which look at the seam'
  const kitchens = 'kitchens are cleaned by one arm that feels the plate'
  const texts = [towels, kitchens, kitchens, towels, 'gardens and hedges, cut with care and little noise']
  const pool = texts.map((text, index) =>
    entryOf(index + 1, paperOf(`2511.2000${index}`, { title: 'A robot', abstract: `A robot: ${text}.` })),
  )

  it('waits for what is unlike all that is in, whichever came in last', () => {
    const first = createChooser(pool)(
      { ...TASTE, interests: ['robot'], featuredCount: 3, interestShare: 100 },
      new Set(),
    ).slice(0, 3)
    expect(first.map(({ entry }) => entry.rank).sort()).toEqual([1, 2, 5])
  })
})

describe('a paper that matches several interests', () => {
  const title = entryOf(1, paperOf('2511.10001', { title: 'Sparse retrieval', abstract: 'It is tried on owls.' }))
  const others = ['maps', 'speech', 'robots'].map((word, n) =>
    entryOf(n + 2, paperOf(`2511.1000${n + 2}`, { title: word, abstract: `All about ${word}.` })),
  )
  const named = (interests: readonly string[]) =>
    createChooser([title, ...others])({ ...TASTE, interests }, new Set())[0]?.interest

  it('names the one that speaks loudest, wherever it stands, and of two alike the first', () => {
    expect(named(['sparse retrieval', 'owls'])).toBe('sparse retrieval')
    expect(named(['owls', 'sparse retrieval'])).toBe('sparse retrieval')
    expect(named(['Sparse Retrieval', 'sparse retrieval'])).toBe('Sparse Retrieval')
    expect(named(['sparse retrieval', 'Sparse Retrieval'])).toBe('sparse retrieval')
  })
})
