import { describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../src/domain/day.ts'
import { explainCarried, explainLate } from '../../src/ranking/explain.ts'

const MONDAY = day('2026-11-23')
const signals = (upvotes: number | null) => ({ upvotes, comments: null, stars: null })

describe('the day that an earlier list is named by', () => {
  it.each([
    [1, 'yesterday', 'yesterday’s list'],
    [2, 'Saturday', 'the list of Saturday'],
    [5, 'Wednesday', 'the list of Wednesday'],
    [6, '17 November', 'the list of 17 November'],
    [7, '16 November', 'the list of 16 November'],
    [10, '13 November', 'the list of 13 November'],
  ])('is clear %d days later', (ago, since, list) => {
    const listedOn = addDays(MONDAY, -ago)
    const carried = (back: number, before: number, now: number) =>
      explainCarried({ votes: { before, now }, back, editionDay: listedOn, listedOn }, MONDAY)
    expect(carried(3, 40, 41)).toBe(`41 votes, on the list since ${since}`)
    expect(carried(3, 3, 58)).toBe(`Up from 3 to 58 votes since ${since}`)
    expect(carried(5, 5, 210)).toBe(`Rising again: 5 → 210 votes since ${since}`)
    expect(explainLate(signals(3), listedOn, MONDAY)).toBe(`3 votes, came late to ${list}`)
    expect(explainLate(signals(58), listedOn, MONDAY, signals(3))).toBe(`Up from 3 to 58 votes since ${since}`)
  })

  it('of a rise is the day when the first votes were read, which for a late paper is a day after its list', () => {
    const votes = { before: 30, now: 58 }
    const [editionDay, listedOn] = [addDays(MONDAY, -3), addDays(MONDAY, -4)]
    expect(explainCarried({ votes, back: 1, editionDay, listedOn }, MONDAY)).toBe('Up from 30 to 58 votes since Friday')
  })
})
