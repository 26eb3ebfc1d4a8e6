import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createCandidatePool } from '../../../src/ranking/selection/candidate-pool.ts'
import { createMatcher, LEVEL } from '../../../src/ranking/selection/match.ts'
import { createPicker } from '../../../src/ranking/selection/pick.ts'
import { GRADE } from '../../../src/ranking/topic/grade.ts'
import { paperOf } from '../../support/papers.ts'

const WORDS = ['owl', 'map', 'robot', 'video', 'speech', 'memory', 'graph', 'agent', 'protein', 'towel', 'onion', 'pan']

describe('the picks among similar papers', () => {
  it('are the same as when every candidate is compared with every pick', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 6 }), {
          minLength: 5,
          maxLength: 40,
        }),
        fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 6 }),
        (papers, interests, places) => {
          const pool = createCandidatePool(
            papers.map((words, index) => ({
              rank: index + 1,
              score: 0,
              why: '',
              paper: paperOf(`p${index}`, { title: words.slice(0, 2).join(' '), abstract: words.join(' and ') }),
              signals: { upvotes: (index * 37) % 90, comments: null, stars: null },
            })),
          )
          const profile = { interests, mutedTerms: [], authors: [], featuredCount: places, interestShare: 100 }
          const matches = createMatcher(pool, { norm: 2, nearWeight: 45 })(profile, new Set())
          const picks = createPicker(pool)(matches, matches.open, { places, matchPlaces: places, interestShare: 75 })
          const bests = picks.list.slice(0, Math.min(places, new Set(bestsOf(matches, pool)).size))
          const compared = comparedWithAll(pool, matches, bests, places)
          expect(picks.list.slice(0, compared.length)).toEqual(compared)
        },
      ),
    )
  })
})

type Pool = ReturnType<typeof createCandidatePool>
type Matched = ReturnType<ReturnType<typeof createMatcher>>

/** Returns the best paper of each interest: the most voted of those with at least half of the highest strength. */
function bestsOf({ interests }: Matched, { popularity }: Pool): number[] {
  return interests.flatMap(({ values, grades, matching }) => {
    const full = matching.filter((index) => (grades[index] ?? 0) >= GRADE.full)
    const least = Math.max(...full.map((index) => values[index] ?? 0)) / 2
    const equals = full.filter((index) => (values[index] ?? 0) >= least)
    const [best] = equals.sort((a, b) => (popularity[b] ?? 0) - (popularity[a] ?? 0) || a - b)
    return best === undefined ? [] : [best]
  })
}

/** Returns the picks after the bests: in each step the highest value of all candidates. */
function comparedWithAll(
  pool: Pool,
  { wanted, level, strength }: Matched,
  bests: readonly number[],
  places: number,
): number[] {
  const of = (index: number) => strength[index] ?? 0
  const picked = [...bests]
  const candidates = wanted
    .filter((index) => !picked.includes(index) && (level[index] ?? 0) > LEVEL.mention)
    .sort((a, b) => of(b) - of(a) || a - b)
    .slice(0, 5 * places)
  while (picked.length < places) {
    const value = (index: number) =>
      of(index) * (1 - 0.9 * Math.max(0, ...picked.map((other) => pool.likenessTo(other)[index] ?? 0)) ** 2)
    const [next] = candidates
      .filter((index) => !picked.includes(index))
      .sort((a, b) => value(b) - value(a) || of(b) - of(a) || a - b)
    if (next === undefined) return picked
    picked.push(next)
  }
  return picked
}
