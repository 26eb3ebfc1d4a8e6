import { addDays, type Day, day, isoWeek, weekday } from './day.ts'
import { periodsOf } from './delivery.ts'

declare const monthBrand: unique symbol

/** A calendar month as `YYYY-MM`. A week belongs to the month of its Thursday, as its year does (ISO 8601). */
export type Month = string & { readonly [monthBrand]: true }

/** A range of periods as text, `to` excluded. Compared byte by byte, as in the ledger. */
export interface PeriodSpan {
  readonly from: string
  readonly before: string
}

export function monthOf(of: Day): Month {
  return of.slice(0, 7) as Month
}

/** Returns the month of a day, or of a week’s Thursday. Returns null for any other text. */
export function monthOfPeriod(period: string): Month | null {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(period) ?? []
  if (year !== undefined) return monthOf(addDays(firstThursday(`${year}-01` as Month), 7 * (Number(week) - 1)))
  return /^\d{4}-\d{2}-\d{2}$/.test(period) ? (period.slice(0, 7) as Month) : null
}

/** Returns the months of all periods that the deliveries of a day may have. */
export function monthsOf(of: Day): Month[] {
  return [
    ...new Set(
      periodsOf(of)
        .map(monthOfPeriod)
        .filter((month) => month !== null),
    ),
  ]
}

/** Returns the month `count` months later, or earlier if negative. */
export function addMonths(from: Month, count: number): Month {
  const [year = 0, month = 0] = from.split('-').map(Number)
  const months = year * 12 + month - 1 + count
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}` as Month
}

export function firstDay(of: Month): Day {
  return day(`${of}-01`)
}

/**
 * Returns the periods of a month: its days and its weeks. As text, the weeks of a year sort after all its days
 * (`2026-W01` after `2026-12-31`), so days and weeks are separate ranges.
 */
export function spansOf(month: Month): { readonly days: PeriodSpan; readonly weeks: PeriodSpan } {
  const next = addMonths(month, 1)
  const year = month.slice(0, 4)
  const isLast = month.endsWith('-12')
  return {
    days: { from: month, before: isLast ? `${year}-13` : next },
    weeks: {
      from: isoWeek(firstThursday(month)),
      before: isLast ? `${year}-X` : isoWeek(firstThursday(next)),
    },
  }
}

function firstThursday(of: Month): Day {
  const first = firstDay(of)
  return addDays(first, (4 - weekday(first) + 7) % 7)
}
