import type { CalendarSpan } from '../../../domain/calendar-span.ts'
import type { Month } from '../../../domain/month.ts'
import { language, say } from '../../../language/language.ts'

/** Returns the title of a week’s or month’s page. */
export function spanTitle(span: CalendarSpan): string {
  return span.kind === 'week'
    ? say('best.ofWeek', { week: weekWords(span.name) })
    : say('best.ofMonth', { month: monthWords(span.name as Month) })
}

/** `Week 48, 2026`. The year is that of the week’s Thursday, so it may differ from the year of a day. */
export function spanWords({ kind, name }: CalendarSpan): string {
  const words = kind === 'week' ? weekWords(name) : monthWords(name as Month)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function weekWords(name: string): string {
  const [year = '', week = ''] = name.split('-W')
  return say('best.week', { week: Number(week), year })
}

/** `November 2026`. */
export function monthWords(month: Month): string {
  return language().date(`${month}-01`, 'month')
}

/** `November`. */
export function monthName(month: Month): string {
  return language().date(`${month}-01`, 'monthName')
}
