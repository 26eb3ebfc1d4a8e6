import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseMonth, parseSpan, type SpanKind, spanOf } from '../../src/domain/calendar-span.ts'
import { addDays, day } from '../../src/domain/day.ts'

describe('weeks and months of the calendar', () => {
  it.each<[SpanKind, string, string, string, string]>([
    ['week', '2026-11-24', '2026-W48', '2026-11-23', '2026-11-29'],
    ['week', '2026-12-31', '2026-W53', '2026-12-28', '2027-01-03'], // 2026 has 53 weeks.
    ['week', '2027-01-03', '2026-W53', '2026-12-28', '2027-01-03'],
    ['week', '2027-01-04', '2027-W01', '2027-01-04', '2027-01-10'],
    ['week', '2024-12-30', '2025-W01', '2024-12-30', '2025-01-05'], // A week of the next year begins in December.
    ['week', '2028-02-29', '2028-W09', '2028-02-28', '2028-03-05'],
    ['month', '2028-02-29', '2028-02', '2028-02-01', '2028-02-29'],
    ['month', '2026-02-10', '2026-02', '2026-02-01', '2026-02-28'],
    ['month', '2026-12-31', '2026-12', '2026-12-01', '2026-12-31'],
  ])('the %s of %s is %s, from %s to %s', (kind, of, name, from, to) => {
    expect(spanOf(kind, day(of))).toEqual({ kind, name, from, to })
    expect(parseSpan(kind, name)).toEqual({ kind, name, from, to })
  })

  it.each<[SpanKind, string]>([
    ['week', '2025-W53'], // 2025 has 52 weeks.
    ['week', '2026-W00'],
    ['week', '2026-W54'],
    ['week', '2026-w48'],
    ['week', '2026-W4'],
    ['week', '0000-W01'],
    ['week', '9999-W52'],
    ['month', '2026-13'],
    ['month', '2026-00'],
    ['month', '2026-1'],
    ['month', '0001-01'],
    ['month', '9999-12'],
    ['month', '2026-11-24'],
    ['month', ''],
  ])('there is no %s “%s”', (kind, text) => {
    expect(parseSpan(kind, text)).toBeNull()
    if (kind === 'month') expect(parseMonth(text)).toBeNull()
  })

  it('every day is in one week and one month, and the next of each begins on the next day', () => {
    const days = fc.integer({ min: 0, max: 40_000 }).map((count) => addDays(day('1970-01-01'), count))
    fc.assert(
      fc.property(days, fc.constantFrom<SpanKind>('week', 'month'), (of, kind) => {
        const span = spanOf(kind, of)
        expect(span.from <= of && of <= span.to).toBe(true)
        expect(parseSpan(kind, span.name)).toEqual(span)
        expect(spanOf(kind, addDays(span.to, 1)).from).toBe(addDays(span.to, 1))
        expect(spanOf(kind, addDays(span.from, -1)).to).toBe(addDays(span.from, -1))
      }),
    )
  })
})
