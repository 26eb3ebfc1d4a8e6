import { addDays, type Day, isoWeek, parseDay, weekday } from './day.ts'
import { addMonths, firstDay, type Month, monthOf } from './month.ts'

export type SpanKind = 'week' | 'month'

/** A calendar week (ISO 8601, from Monday) or a calendar month, with its first and last day. */
export interface CalendarSpan {
  readonly kind: SpanKind
  /** `2026-W48` or `2026-11`. */
  readonly name: string
  readonly from: Day
  readonly to: Day
}

/** Returns the week or month that a day belongs to. */
export function spanOf(kind: SpanKind, of: Day): CalendarSpan {
  if (kind === 'week') {
    const from = addDays(of, 1 - weekday(of))
    return { kind, name: isoWeek(of), from, to: addDays(from, 6) }
  }
  const month = monthOf(of)
  return { kind, name: month, from: firstDay(month), to: addDays(firstDay(addMonths(month, 1)), -1) }
}

/** Parses the name of a week or month, and returns null for anything else, such as week 53 of a year with 52. */
export function parseSpan(kind: SpanKind, text: string): CalendarSpan | null {
  const start = kind === 'week' ? mondayOf(text) : parseDay(`${text}-01`)
  // The week before year 1000 and the month after 9998 would have days that are refused.
  if (start === null || start < '1001' || start >= '9998') return null
  const span = spanOf(kind, start)
  return span.name === text ? span : null
}

/** Parses `YYYY-MM`, and returns null for anything else. */
export function parseMonth(text: string): Month | null {
  return (parseSpan('month', text)?.name ?? null) as Month | null
}

/** The week with 4 January is the first of its year (ISO 8601). */
function mondayOf(week: string): Day | null {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? []
  const fourth = year === undefined ? null : parseDay(`${year}-01-04`)
  return fourth === null ? null : addDays(fourth, 1 - weekday(fourth) + 7 * (Number(number) - 1))
}
