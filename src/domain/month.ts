import { addDays, type Day, day, isoWeek, weekday } from './day.ts'
import { periodsOf } from './delivery.ts'

declare const monthBrand: unique symbol

/** A calendar month as `YYYY-MM`. A week belongs to the month of its Thursday, as its year does (ISO 8601). */
export type Month = string & { readonly [monthBrand]: true }

/** A run of periods as text, from the first to before the last; compared byte by byte, as the ledger does. */
export interface PeriodSpan {
  readonly from: string
  readonly before: string
}

export function monthOf(of: Day): Month {
  return of.slice(0, 7) as Month
}

/** The month of a period: a day’s own, or that of a week’s Thursday; null for a text that is no period. */
export function monthOfPeriod(period: string): Month | null {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(period) ?? []
  if (year !== undefined) return monthOf(addDays(firstThursday(`${year}-01` as Month), 7 * (Number(week) - 1)))
  return /^\d{4}-\d{2}-\d{2}$/.test(period) ? (period.slice(0, 7) as Month) : null
}

/** The months of all periods that a day’s deliveries may have. */
export function monthsOf(of: Day): Month[] {
  return [
    ...new Set(
      periodsOf(of)
        .map(monthOfPeriod)
        .filter((month) => month !== null),
    ),
  ]
}

/** `count` months later, or earlier when negative. */
export function addMonths(from: Month, count: number): Month {
  const [year = 0, month = 0] = from.split('-').map(Number)
  const months = year * 12 + month - 1 + count
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}` as Month
}

export function firstDay(of: Month): Day {
  return day(`${of}-01`)
}

/**
 * The periods of a month: its days, and its weeks. As texts the weeks of a year stand behind its days (`2026-W01` after
 * `2026-12-31`) and before the next year’s, so neither December may end where January begins.
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
