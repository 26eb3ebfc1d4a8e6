import type { CalendarSpan } from '../../../domain/calendar-span.ts'
import type { Month } from '../../../domain/month.ts'

/** Returns the title of a week’s or month’s page. */
export function spanTitle(span: CalendarSpan): string {
  return span.kind === 'week' ? `Best of ${weekWords(span.name)}` : `Best of ${monthWords(span.name as Month)}`
}

/** `Week 48, 2026`. The year is that of the week’s Thursday, so it may differ from the year of a day. */
export function spanWords({ kind, name }: CalendarSpan): string {
  const words = kind === 'week' ? weekWords(name) : monthWords(name as Month)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function weekWords(name: string): string {
  const [year = '', week = ''] = name.split('-W')
  return `week ${Number(week)}, ${year}`
}

/** `November 2026`. */
export function monthWords(month: Month): string {
  return `${monthName(month)} ${month.slice(0, 4)}`
}

/** `November`. */
export function monthName(month: Month): string {
  return MONTH.format(new Date(`${month}-01T00:00:00Z`))
}

const MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long' })
