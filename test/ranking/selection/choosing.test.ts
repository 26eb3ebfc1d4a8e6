import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backgroundOf, learnProfile } from '../../../src/ranking/feedback-profile.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import type { MatchProfile, SelectedPaper } from '../../../src/ranking/selection/selection.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { paperOf } from '../../support/papers.ts'

const WORDS = ['retrieval', 'diffusion', 'robots', 'proteins', 'speech', 'video', 'agents', 'memory', 'owls', 'maps']
const PAPERS = 40

/** A pool in which each paper is about two or three of the words; some are of earlier lists, some have no votes. */
const pool = Array.from({ length: PAPERS }, (_, index) => {
  const about = [WORDS[index % 10], WORDS[(index * 3 + 1) % 10], WORDS[(index * 7 + 2) % 10]]
  const upvotes = Math.max(0, 60 - 2 * index)
  return {
    rank: index + 1,
    score: upvotes,
    why: '',
    paper: paperOf(`2611.${1000 + index}`, {
      title: `On ${about[0]} and ${about[1]}, part ${index}`,
      abstract: `We study ${about.join(' and ')} in case${index} and term${index % 7}, and find term${index % 11} of use.`,
      authors: [`Author Number${index % 5}`],
    }),
    signals: { upvotes, comments: null, stars: null },
    ...(index % 6 === 5 ? { carriedFrom: '2026-11-23' as never } : {}),
  }
})
const ids = pool.map(({ paper }) => paper.id)
const words = fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 3 })
/** Feedback on one to four other papers, each about one of the words. */
const background = backgroundOf(
  pool.map(({ paper }) => paper),
  createLexicon(pool.map(({ paper }) => paper)),
)
const learned = fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 4 }).map((about) =>
  learnProfile(
    about.map((word, at) => ({ paper: { id: word, title: `On ${word}`, abstract: '' }, liked: at % 2 === 0 })),
    background,
  ),
)
const profiles: fc.Arbitrary<MatchProfile> = fc.record({
  interests: words,
  mutedTerms: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 1 }),
  authors: fc.subarray(['Author Number3']),
  featuredCount: fc.integer({ min: 1, max: 12 }),
  interestShare: fc.integer({ min: 0, max: 100 }),
  learned,
})
const histories = fc.subarray(ids).map((had) => new Set(had))
const idsOf = (chosen: readonly SelectedPaper[]) => chosen.map(({ entry }) => entry.paper.id)
const holds = (id: string, word: string) => {
  const paper = pool.find((entry) => entry.paper.id === id)?.paper
  return `${paper?.title} ${paper?.abstract}`.includes(word)
}

describe('the choice, for any reader', () => {
  it('brings no paper that was had, none twice, none that is muted, and fills the length from what is left', () => {
    const choose = createChooser(pool)
    fc.assert(
      fc.property(profiles, histories, (profile, had) => {
        const chosen = idsOf(choose(profile, had))
        const open = ids.filter((id) => !had.has(id) && !profile.mutedTerms.some((word) => holds(id, word)))
        expect(new Set(chosen).size).toBe(chosen.length)
        expect(open).toEqual(expect.arrayContaining(chosen))
        expect(chosen.length).toBeGreaterThanOrEqual(Math.min(profile.featuredCount, open.length))
        // Below the top there are only the day’s own.
        for (const id of chosen.slice(profile.featuredCount))
          expect(pool[ids.indexOf(id)]).not.toHaveProperty('carriedFrom')
      }),
    )
  })

  it('serves each interest at the top, votes or none, as far as the mix leaves places; and the day’s most voted', () => {
    const choose = createChooser(pool)
    fc.assert(
      fc.property(profiles, histories, (given, had) => {
        const profile = { ...given, authors: [], learned: null, featuredCount: 10, interestShare: 75 }
        const chosen = choose(profile, had)
        const top = idsOf(chosen).slice(0, profile.featuredCount)
        const open = ids.filter((id) => !had.has(id) && !profile.mutedTerms.some((word) => holds(id, word)))
        if (open.length < profile.featuredCount) return
        for (const word of profile.interests)
          if (open.some((id) => holds(id, word))) expect(top.some((id) => holds(id, word))).toBe(true)
        // A near copy of what is in may wait, so the first is there or something is for its votes alone.
        expect(
          top.includes(open[0] ?? '') || chosen.some(({ interest, near }) => interest === null && near.length === 0),
        ).toBe(true)
      }),
    )
  })

  it('is the same for the same reader, whoever was asked about before, and says only what is true', () => {
    const known = createChooser(pool)
    fc.assert(
      fc.property(profiles, histories, (profile, had) => {
        const chosen = known(profile, had)
        expect(createChooser(pool)(profile, had)).toEqual(chosen)
        expect(known(profile, new Set(had))).toEqual(chosen)
        for (const { entry, interest, author, learned: taught, near } of chosen) {
          if (interest !== null) expect(holds(entry.paper.id, interest)).toBe(true)
          if (author !== null) expect(entry.paper.authors).toContain(author)
          for (const word of [...taught, ...near]) expect(holds(entry.paper.id, word.slice(0, 4))).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('of as many papers as are asked for is the beginning of the whole, whatever was asked for before', () => {
    const choose = createChooser(pool)
    fc.assert(
      fc.property(
        profiles,
        histories,
        fc.array(fc.integer({ min: 1, max: PAPERS }), { maxLength: 4 }),
        (profile, had, sizes) => {
          const whole = createChooser(pool)(profile, had)
          for (const most of sizes) expect(choose(profile, had, most)).toEqual(whole.slice(0, most))
          expect(choose(profile, had)).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
  })
})
