import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { day } from '../../../src/domain/day.ts'
import type { Entry } from '../../../src/domain/edition.ts'
import type { Figures } from '../../../src/domain/scorecard.ts'
import { scoreEdition } from '../../../src/ranking/eval/score-edition.ts'
import { paperOf } from '../../support/papers.ts'

const DAY = day('2026-11-17')

/** An edition in the order given, with the morning’s votes of each. */
function edition(papers: readonly (readonly [string, number | null])[], over: Partial<Entry> = {}) {
  const entries = papers.map(([id, upvotes], index): Entry => {
    const signals = { upvotes, comments: null, stars: null }
    return { rank: index + 1, score: 0, why: 'a reason', paper: paperOf(id), signals, ...over }
  })
  return { day: DAY, entries }
}

function figuresOf(...given: Parameters<typeof scoreEdition>): Figures {
  const verdict = scoreEdition(...given)
  if (verdict.kind !== 'scored') throw new Error(`unscored: ${verdict.reason}`)
  return verdict.figures
}

const FIVE = [
  ['a', 9],
  ['b', 7],
  ['c', 5],
  ['d', 3],
  ['e', 1],
] as const

describe('an edition against the votes a week later', () => {
  it('has the figures that one can work out by hand', () => {
    // Gains log2(1 + votes): a 1, b 3, c 0, d 0, e 0; in our order a comes first, and best would be b.
    const figures = figuresOf(
      edition(FIVE),
      new Map([
        ['a', 1],
        ['b', 7],
        ['c', 0],
        ['d', 0],
        ['e', 0],
      ]),
    )
    const best = 3 + 1 / Math.log2(3)
    const places = 1 + 1 / Math.log2(3) + 1 / 2 + 1 / Math.log2(5) + 1 / Math.log2(6)
    expect(figures.ndcg.ours).toBeCloseTo((1 + 3 / Math.log2(3)) / best, 12)
    expect(figures.ndcg.votes).toBeCloseTo(figures.ndcg.ours, 12)
    expect(figures.ndcg.chance).toBeCloseTo(((4 / 5) * places) / best, 12)
    expect(figures).toMatchObject({ papers: 5, listed: 5, found: null })
  })

  it('tells our order from that of the votes, where an operator or a formula made it another', () => {
    const later = new Map(FIVE.map(([id, votes]) => [id, votes * 10] as const))
    const figures = figuresOf(edition([...FIVE].reverse()), later)
    expect(figures.ndcg.votes).toBe(1)
    expect(figures.ndcg.ours).toBeLessThan(0.9)
  })

  it('counts what of the later ten was in the first ten, and what could have been', () => {
    // Twelve in the morning, the last two of which rise; three more come later, two of them to the top.
    const morning = Array.from({ length: 12 }, (_, index) => [`m${index}`, 50 - index] as const)
    const later = new Map<string, number>(morning.map(([id, votes]) => [id, votes + 10]))
    later.set('m10', 200).set('m11', 190).set('late1', 300).set('late2', 280).set('late3', 1)
    const { found } = figuresOf(edition(morning), later)
    // The later ten: late1, late2, m10, m11, m0 to m5.
    expect(found).toEqual({ ours: 6, votes: 6, oracle: 8 })
  })

  it('leaves out what came late from other lists, what is gone, and what nobody votes for', () => {
    const later = new Map([...FIVE.map(([id]) => [id, 20] as const), ['x', 99]])
    const { entries } = edition(FIVE)
    const late: Entry = { ...(entries[0] as Entry), paper: paperOf('x'), listedOn: day('2026-11-16') }
    const unvoted = edition([['n', null]]).entries
    expect(figuresOf({ day: DAY, entries: [late, ...entries, ...unvoted] }, later)).toMatchObject({ papers: 5 })
    expect(scoreEdition(edition(FIVE), new Map([...later].slice(0, 4)))).toEqual({ kind: 'unscored', reason: 'gone' })
    const still = new Map(FIVE.map(([id, votes]) => [id, votes] as const))
    expect(scoreEdition(edition(FIVE), still)).toEqual({ kind: 'unscored', reason: 'unmoved' })
  })

  it('is never better than the best, and by votes what ours is when ours is by votes', () => {
    const count = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count), { minLength: 5, maxLength: 40 }), fc.integer(), (papers, salt) => {
        const named = papers.map(([then, rise], index) => ({ id: `p${index}-${salt}`, then, now: then + rise + 1 }))
        const later = new Map(named.map(({ id, now }) => [id, now] as const))
        const { ndcg, found } = figuresOf(edition(named.map(({ id, then }) => [id, then] as const)), later)
        expect(Math.max(ndcg.ours, ndcg.votes, ndcg.chance)).toBeLessThanOrEqual(1 + 1e-12)
        expect(Math.max(found?.ours ?? 0, found?.votes ?? 0)).toBeLessThanOrEqual(found?.oracle ?? 0)
        expect(found === null).toBe(papers.length <= 10)
      }),
      { numRuns: 60 },
    )
  })
})
