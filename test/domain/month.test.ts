import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day, isoWeek } from '../../src/domain/day.ts'
import { periodOf, periodsOf } from '../../src/domain/delivery.ts'
import { addMonths, monthOf, monthOfPeriod, spansOf } from '../../src/domain/month.ts'

const days = fc.integer({ min: 0, max: 60_000 }).map((count) => addDays(day('1990-01-01'), count))

describe('months', () => {
  it('each period lies in the span of its own month and in no other', () => {
    fc.assert(
      fc.property(days, (of) => {
        for (const period of periodsOf(of)) {
          const own = monthOfPeriod(period)
          const around = Array.from({ length: 30 }, (_, at) => addMonths(monthOf(of), at - 15))
          const holding = around.flatMap((month) =>
            Object.values(spansOf(month)).flatMap(({ from, before }) =>
              from <= period && period < before ? [month] : [],
            ),
          )
          expect(holding).toEqual([own])
        }
      }),
    )
  })

  it('a day has no period but those that its deliveries are looked for in', () => {
    fc.assert(
      fc.property(days, fc.constantFrom('daily' as const, 'weekly' as const), (of, frequency) => {
        expect(periodsOf(of)).toContain(periodOf(frequency, of))
      }),
    )
  })

  it('a week is of the month of its Thursday, at the turn of a year too', () => {
    expect(monthOfPeriod(isoWeek(day('2027-01-02')))).toBe('2026-12')
    expect(monthOfPeriod(isoWeek(day('2026-09-30')))).toBe('2026-10')
    expect(spansOf(addMonths(monthOf(day('2027-01-01')), -1))).toEqual({
      days: { from: '2026-12', before: '2026-13' },
      weeks: { from: '2026-W49', before: '2026-X' },
    })
    expect(monthOfPeriod('never')).toBeNull()
  })
})
