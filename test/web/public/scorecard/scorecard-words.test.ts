import { describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../../../src/domain/day.ts'
import type { Scorecard } from '../../../../src/domain/scorecard.ts'
import {
  againstWords,
  ceilingWords,
  foundWords,
  summarise,
} from '../../../../src/web/public/scorecard/scorecard-words.ts'

const FOUND = { ours: 8, votes: 8, oracle: 9 }

/** Returns scored editions whose ranking is better than the votes by these differences. */
function cards(differences: readonly number[], found: typeof FOUND | null = FOUND): Scorecard[] {
  return differences.map((difference, index) => ({
    day: addDays(day('2026-10-01'), index),
    kind: 'scored',
    figures: { papers: 20, listed: 30, ndcg: { ours: 0.95 + difference, votes: 0.95, chance: 0.7 }, found },
  }))
}

const summaryOf = (given: readonly Scorecard[]) => {
  const summary = summarise(given)
  if (summary === null) throw new Error('nothing was summed up')
  return summary
}

describe('the scorecard in plain words', () => {
  it.each([
    ['the same on every day', Array(20).fill(0), 'same', /exactly the same ranking/],
    ['now better, now worse', [0.02, -0.02, 0.01, -0.01, 0.015, -0.015, 0, 0], 'tie', /does equally well/],
    ['better nearly always', [0.02, 0.03, 0.01, 0.02, 0.02, 0.01, 0, 0.03], 'better', /slightly worse/],
    ['worse nearly always', [-0.02, -0.03, -0.01, -0.02, -0.02, -0.01, 0, -0.03], 'worse', /our fault/],
    ['better on the only two days', [0.02, 0.03], 'too-few', /too few editions/],
  ])('says of an order that is %s what that is worth', (_how, differences, against, words) => {
    const summary = summaryOf(cards(differences as number[]))
    expect(summary.against).toBe(against)
    expect(againstWords(summary)).toMatch(words as RegExp)
  })

  it('is silent where nothing was judged, and speaks of one edition as of one', () => {
    expect(summarise([{ day: day('2026-10-01'), kind: 'unscored', reason: 'gone' }])).toBeNull()
    const one = summaryOf(cards([0]))
    expect(foundWords(one)).toBe(
      'In the one edition scored so far, our top ten included 8 of the ten papers with the most votes a week later.',
    )
    expect(foundWords(summaryOf(cards([0, 0])))).toMatch(
      /^Over 2 editions, our top ten included 8\.0 .*, on average\.$/,
    )
  })

  it('says what was possible, and gives shares alone where every list was short', () => {
    expect(ceilingWords(summaryOf(cards([0, 0])))).toMatch(
      /would have included 9\.0; .* scored 95\.0 % .* scores 70\.0 %/,
    )
    expect(ceilingWords(summaryOf(cards([0], { ...FOUND, oracle: 10 })))).toMatch(
      /^All ten were on the list in the morning/,
    )
    const short = summaryOf(cards([0, 0, 0], null))
    expect(`${foundWords(short)} ${ceilingWords(short)}`).toMatch(/scored 95\.0 % of the best .* ten papers or fewer/)
  })
})
