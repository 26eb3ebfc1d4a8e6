import type { Day } from '../../domain/day.ts'

/** Returns a day as `24 Nov`. */
export function shortDay(day: Day): string {
  return SHORT.format(new Date(`${day}T00:00:00Z`))
}

/** Returns a day as `24 Nov 2026`. */
export function shortDate(day: Day): string {
  return SHORT_WITH_YEAR.format(new Date(`${day}T00:00:00Z`))
}

/** Returns a day as `24 November 2026`. */
export function dateWords(day: Day): string {
  return LONG.format(new Date(`${day}T00:00:00Z`))
}

const IN_UTC = { timeZone: 'UTC', day: 'numeric' } as const
const SHORT = new Intl.DateTimeFormat('en-GB', { ...IN_UTC, month: 'short' })
const SHORT_WITH_YEAR = new Intl.DateTimeFormat('en-GB', { ...IN_UTC, month: 'short', year: 'numeric' })
const LONG = new Intl.DateTimeFormat('en-GB', { ...IN_UTC, month: 'long', year: 'numeric' })
