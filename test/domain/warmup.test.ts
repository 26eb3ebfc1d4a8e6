import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day } from '../../src/domain/day.ts'
import { allowanceOn, dayOfWarmUp } from '../../src/domain/schedule/warmup.ts'

const START = day('2026-11-24')
const WARM_UP = { start: START, firstDay: 150 }

describe('the allowance of a new sending domain', () => {
  // Resend, “Domain and/or IP Warm-up Guide”, new domain: at most so many on each of the first seven days.
  it.each([
    [0, 150, 150],
    [1, 225, 250],
    [2, 337, 400],
    [3, 506, 700],
    [4, 759, 1000],
    [5, 1139, 1500],
    [6, 1708, 2000],
  ])('after %d days is %d, and not over what Resend advises (%d)', (days, allowance, advised) => {
    expect(allowanceOn(addDays(START, days), WARM_UP)).toBe(allowance)
    expect(allowance).toBeLessThanOrEqual(advised)
  })

  it('before the first day is that of the first, and has no limit after thirty', () => {
    expect(allowanceOn(addDays(START, -40), WARM_UP)).toBe(150)
    expect(allowanceOn(addDays(START, 29), WARM_UP)).toBeGreaterThan(1_000_000)
    expect(allowanceOn(addDays(START, 30), WARM_UP)).toBeNull()
    expect([-3, 0, 29].map((days) => dayOfWarmUp(addDays(START, days), WARM_UP))).toEqual([1, 1, 30])
  })

  it('never doubles from one day to the next, and never falls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100_000 }), fc.integer({ min: -5, max: 28 }), (firstDay, days) => {
        const on = (after: number) => allowanceOn(addDays(START, after), { start: START, firstDay }) ?? 0
        expect(on(days + 1)).toBeLessThan(on(days) * 2)
        expect(on(days + 1)).toBeGreaterThanOrEqual(on(days))
      }),
    )
  })
})
