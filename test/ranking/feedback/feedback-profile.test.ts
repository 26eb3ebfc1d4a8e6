import { describe, expect, it } from '@jest/globals'
import { DISLIKED_TERMS_MAX, LEARNED_TERMS_MAX, LEARNED_TOPICS_MAX } from '../../../config/limits.ts'
import { backgroundOf, type FeedbackMark, learnProfile, profileScores } from '../../../src/ranking/feedback-profile.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { entriesWith } from '../../support/editions.ts'
import { paperOf } from '../../support/papers.ts'

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
  of.flatMap((i) => (archive[i] === undefined ? [] : [{ paper: archive[i], liked }]))
const topicsOf = (some: readonly FeedbackMark[], sign: 1 | -1) =>
  (learnProfile(some, background)?.topics ?? [])
    .filter(({ weight }) => weight * sign > 0)
    .map(({ shown }) => shown.toLowerCase())
const text = (id: string, title: string, abstract = '') => ({ id, title, abstract })
/** Returns the ids of papers, the one that fits a profile best first. */
const bestFirst = (learned: ReturnType<typeof learnProfile>, papers: readonly ReturnType<typeof text>[]) => {
  const scores = learned === null ? [] : [...profileScores(learned, papers, background)]
  return papers.map(({ id }, at) => ({ id, score: scores[at] ?? 0 })).sort((a, b) => b.score - a.score)
}

describe('a feedback profile', () => {
  it.each([1, 3, 8])('is learned from %i likes, and names what they are about', (likes) => {
    const liked = marks(true, ...Array.from({ length: likes }, (_, i) => 4 * i))
    expect(topicsOf(liked, 1)[0]).toBe('sparse retrieval')
    expect(topicsOf(liked, -1)).toEqual([])
    expect(learnProfile(liked, background)?.disliked).toBeNull()
  })

  it('puts a sixth paper on the theme of five liked ones first', () => {
    const liked = [
      text('l1', 'Tides in estuaries', 'Salt wedges move with tides in narrow estuaries.'),
      text('l2', 'Salt wedges', 'Gauges show how a salt wedge enters a river mouth at high tides.'),
      text('l3', 'River mouths in spring', 'Snow melt pushes the salt wedge out of river mouths.'),
      text('l4', 'Dredging and salt', 'Deeper channels let salt further into estuaries.'),
      text('l5', 'A gauge for brackish water', 'A cheap gauge measures salt in brackish water.'),
    ].map((paper) => ({ paper, liked: true }))
    const pool = [
      text('other', 'A survey of compilers', 'Registers are allocated for loops.'),
      text('sixth', 'Brackish channels', 'Where channels are dredged, gauges in the river mouth record more salt.'),
      text('near', 'Spring in the mountains', 'Snow melt feeds streams.'),
    ]
    expect(bestFirst(learnProfile(liked, background), pool).map(({ id }) => id)).toEqual(['sixth', 'near', 'other'])
  })

  it('knows pairs of words, where the single words are the same', () => {
    const liked = [{ paper: text('l', 'House cat portraits, boat lights'), liked: true }]
    const pool = [
      text('words', 'Cat boat lights portraits house'),
      text('pairs', 'Boat lights, house cat portraits'),
      text('none', 'Cat house'),
    ]
    const [first, second] = bestFirst(learnProfile(liked, background), pool)
    expect([first?.id, second?.id]).toEqual(['pairs', 'words'])
    expect(first?.score).toBeGreaterThan((second?.score ?? 0) * 1.2)
  })

  it('moves papers like a disliked one down, alone and beside what is liked', () => {
    expect(topicsOf(marks(false, 1), -1)[0]).toBe('video diffusion')
    const both = [...marks(true, 0, 4, 8), ...marks(false, 1, 5, 9)]
    expect(topicsOf(both, 1)[0]).toBe('sparse retrieval')
    expect(topicsOf(both, -1)[0]).toBe('video diffusion')
    const mixed = text('mixed', 'Sparse retrieval of documents on video diffusion')
    const pool = [mixed, text('plain', 'Sparse retrieval of documents')]
    const scoreOfMixed = (some: readonly FeedbackMark[]) =>
      bestFirst(learnProfile(some, background), pool).find(({ id }) => id === 'mixed')?.score ?? 0
    expect(scoreOfMixed(both)).toBeLessThan(scoreOfMixed(marks(true, 0, 4, 8)))
  })

  it('has equal bytes for equal marks in any order, also when it is learned once more with one more mark', () => {
    const some = [...marks(true, 4, 8, 12, 16), ...marks(false, 1, 5)]
    const more = [...some, ...marks(true, 20)]
    const fresh = JSON.stringify(learnProfile([...more].reverse(), backgroundOf(archive, createLexicon(archive))))
    learnProfile(some, background)
    expect(JSON.stringify(learnProfile(more, background))).toBe(fresh)
    expect(JSON.stringify(learnProfile(some, background))).not.toBe(fresh)
  })

  it('has a bounded size, whatever the marks are', () => {
    const long = Array.from({ length: 100 }, (_, i) => ({
      paper: text(`long${i}`, `Title ${i}`, Array.from({ length: 80 }, (_, at) => `word${i}x${at}`).join(' ')),
      liked: i < 50,
    }))
    const learned = learnProfile(long, background)
    const bytes = (terms = '') => Buffer.from(terms, 'base64').length
    expect(bytes(learned?.liked?.terms)).toBe(4 * LEARNED_TERMS_MAX)
    expect(bytes(learned?.disliked?.terms)).toBe(4 * DISLIKED_TERMS_MAX)
    expect(learned?.topics.length).toBeLessThanOrEqual(2 * LEARNED_TOPICS_MAX)
  })

  it('is none without marks or without words, and works without an archive', () => {
    expect(learnProfile([], background)).toBeNull()
    expect(learnProfile([{ paper: text('x', '2026', '42'), liked: true }], background)).toBeNull()
    const learned = learnProfile(marks(true, 0), backgroundOf([], createLexicon([])))
    expect(bestFirst(learned, [text('a', 'Robot grasping'), text('b', 'Sparse retrieval')])[0]?.id).toBe('b')
  })
})

describe('selection by feedback', () => {
  const entries = entriesWith([1, 5, 2, 3, 7, 0, 11].map((i) => archive[i] ?? paperOf('none')))
  const choose = createChooser(entries, lexicon)
  const profile = { interests: [], mutedTerms: [], authors: [], featuredCount: 2, interestShare: 50 }

  it('features a paper like the liked ones and says by which words, beside the most voted', () => {
    const learned = learnProfile(marks(true, 4, 8), background)
    const [first, second] = choose({ ...profile, learned }, new Set())
    expect(first?.entry.paper.id).toBe('p0')
    expect(first?.learned).toEqual(['sparse retrieval'])
    expect([second?.entry.paper.id, second?.learned]).toEqual(['p1', []])
    expect(choose({ ...profile, learned }, new Set())).toEqual(choose({ ...profile, learned }, new Set()))
  })

  it('puts unwanted papers last, unless they match an interest', () => {
    const learned = learnProfile(marks(false, 9, 13), background)
    const top = (interests: string[]) =>
      choose({ ...profile, interests, learned }, new Set())
        .slice(0, 2)
        .map(({ entry }) => entry.paper.id)
    expect(top([])).toEqual(['p2', 'p3'])
    expect(top(['video'])).toEqual(['p1', 'p2'])
  })

  it('scores the papers of a pool as the evaluation does', () => {
    const learned = learnProfile([...marks(true, 4, 8), ...marks(false, 9)], background)
    if (learned === null) throw new Error('nothing was learned')
    const papers = entries.map(({ paper }) => paper)
    const wanted = profileScores(learned, papers, background).findIndex((score) => score >= 1)
    expect(papers[wanted]?.id).toBe(choose({ ...profile, learned }, new Set())[0]?.entry.paper.id)
  })
})
