import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day, dayIn, earliest, hourIn, isoWeek, isTimezone, parseDay, weekday } from '../../src/domain/day.ts'

describe('day', () => {
  it('refuses a year from which nobody can count on in four digits', () => {
    expect([parseDay('0000-01-01'), parseDay('0999-12-31'), parseDay('9999-12-31')]).toEqual([null, null, null])
    expect([parseDay('1000-01-01'), parseDay('9998-12-31')]).toEqual(['1000-01-01', '9998-12-31'])
    expect(addDays(day('1000-01-01'), -7)).toBe('0999-12-25')
  })

  it.each([['2026-02-29'], ['2026-13-01'], ['2026-00-10'], ['26-01-01'], ['2026-1-1'], ['2026-01-01T00:00'], ['']])(
    'refuses %p',
    (text) => {
      expect(parseDay(text)).toBeNull()
    },
  )

  it.each([
    ['2026-11-24', 2, '2026-W48'],
    ['2026-01-01', 4, '2026-W01'],
    ['2027-01-01', 5, '2026-W53'],
    ['2024-12-30', 1, '2025-W01'],
    ['2021-01-03', 7, '2020-W53'],
  ])('%s is weekday %i of %s', (text, ordinal, week) => {
    expect([weekday(day(text)), isoWeek(day(text))]).toEqual([ordinal, week])
  })

  it('gives the seven days of an ISO week the same week, and the next Monday another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (offset) => {
        const any = addDays(day('2000-01-03'), offset)
        const monday = addDays(any, 1 - weekday(any))
        const weeks = new Set(Array.from({ length: 7 }, (_, i) => isoWeek(addDays(monday, i))))
        expect(weeks.size).toBe(1)
        expect(weeks.has(isoWeek(addDays(monday, 7)))).toBe(false)
      }),
    )
  })

  it('reads day and hour off a clock in the reader’s zone', () => {
    const instant = new Date('2026-11-24T23:30:00Z')
    expect([dayIn('Asia/Tokyo', instant), hourIn('Asia/Tokyo', instant)]).toEqual(['2026-11-25', 8])
    expect([dayIn('America/Los_Angeles', instant), hourIn('America/Los_Angeles', instant)]).toEqual(['2026-11-24', 15])
    expect([dayIn('UTC', new Date('2026-11-24T00:00:00Z')), hourIn('UTC', new Date('2026-11-24T00:00:00Z'))]).toEqual([
      '2026-11-24',
      0,
    ])
  })

  it('knows IANA zones from invented ones', () => {
    expect([isTimezone('Europe/Berlin'), isTimezone('Mars/Olympus')]).toEqual([true, false])
  })

  it('finds the earliest day', () => {
    expect(earliest([day('2026-02-01'), day('2025-12-31'), day('2026-01-01')])).toBe('2025-12-31')
  })
})
