import { describe, expect, it } from '@jest/globals'
import { PROFILE_WORDS_MAX } from '../../config/limits.ts'
import { backgroundOf, type FeedbackMark, learnProfile } from '../../src/ranking/feedback-profile.ts'
import { createChooser } from '../../src/ranking/selection/choose.ts'
import { createLexicon } from '../../src/ranking/words/lexicon.ts'
import { paperOf } from '../support/papers.ts'

const TOPICS = [
  'sparse retrieval of documents',
  'video diffusion of scenes',
  'protein folding in water',
  'robot grasping',
]
const archive = Array.from({ length: 80 }, (_, i) =>
  paperOf(`p${i}`, {
    title: `On ${TOPICS[i % 4]}`,
    abstract: `We study ${TOPICS[i % 4]}, and compare it with what was known, case ${i} of many.`,
  }),
)
const lexicon = createLexicon(archive)
const background = backgroundOf(archive, lexicon)
const marks = (liked: boolean, ...of: number[]): FeedbackMark[] =>
  of.flatMap((i) => {
    const paper = archive[i]
    return paper === undefined ? [] : [{ paper, liked }]
  })
const wordsOf = (some: readonly FeedbackMark[], sign: 1 | -1) =>
  learnProfile(some, background)
    ?.words.filter(({ weight }) => weight * sign > 0)
    .map(({ shown }) => shown) ?? []

describe('a taste', () => {
  it.each([1, 3, 8])('is learnt from %i likes, in the words of what was liked', (likes) => {
    const liked = marks(true, ...Array.from({ length: likes }, (_, i) => 4 * i))
    expect(wordsOf(liked, 1).slice(0, 3).sort()).toEqual(['documents', 'retrieval', 'sparse'])
    expect(wordsOf(liked, -1)).toEqual([])
    expect(learnProfile(liked, background)).toEqual(learnProfile([...liked].reverse(), background))
    expect(learnProfile(liked, background)?.words.length).toBeLessThanOrEqual(PROFILE_WORDS_MAX)
  })

  it('knows what is unwelcome, alone and beside what is liked', () => {
    expect(wordsOf(marks(false, 1), -1).slice(0, 3).sort()).toEqual(['diffusion', 'scenes', 'video'])
    const both = [...marks(true, 0, 4, 8), ...marks(false, 1, 5, 9)]
    expect(wordsOf(both, 1)).toEqual(expect.arrayContaining(['sparse', 'retrieval']))
    expect(wordsOf(both, -1)).toEqual(expect.arrayContaining(['video', 'diffusion']))
  })

  it('is none where nothing was marked, or nothing that another paper could hold', () => {
    expect(learnProfile([], background)).toBeNull()
    const alone = { id: 'x', title: 'Zymurgy', abstract: '2026 42' }
    expect(learnProfile([{ paper: alone, liked: true }], background)).toBeNull()
  })
})

describe('the choice by what was learnt', () => {
  const entries = [1, 5, 2, 3, 7, 0, 11].map((i, index) => ({
    rank: index + 1,
    score: 70 - index,
    why: '',
    paper: archive[i] ?? paperOf('none'),
    signals: { upvotes: 70 - index, comments: null, stars: null },
  }))
  const choose = createChooser(entries, lexicon)
  const profile = { interests: [], mutedTerms: [], authors: [], featuredCount: 2, interestShare: 50 }

  it('brings what goes with it and says by which words, beside the day’s most voted', () => {
    const learned = learnProfile(marks(true, 4, 8), background)
    const [first, second] = choose({ ...profile, learned }, new Set())
    expect(first?.entry.paper.id).toBe('p0')
    expect([...(first?.learned ?? [])].sort()).toEqual(['documents', 'retrieval', 'sparse'])
    expect([second?.entry.paper.id, second?.learned]).toEqual(['p1', []])
    expect(choose({ ...profile, learned }, new Set())).toEqual(choose({ ...profile, learned }, new Set()))
  })

  it('lets what is unwelcome come last, and an interest speak before it', () => {
    const learned = learnProfile(marks(false, 9, 13), background)
    const top = (interests: string[]) =>
      choose({ ...profile, interests, learned }, new Set())
        .slice(0, 2)
        .map(({ entry }) => entry.paper.id)
    expect(top([])).toEqual(['p2', 'p3'])
    expect(top(['video'])).toEqual(['p1', 'p2'])
  })
})
