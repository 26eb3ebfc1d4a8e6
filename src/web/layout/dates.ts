import type { Day } from '../../domain/day.ts'
import { language } from '../../language/language.ts'

/** Returns a day as `24 Nov`. */
export function shortDay(day: Day): string {
  return language().date(day, 'short')
}

/** Returns a day as `24 Nov 2026`. */
export function shortDate(day: Day): string {
  return language().date(day, 'medium')
}

/** Returns a day as `24 November 2026`. */
export function dateWords(day: Day): string {
  return language().date(day, 'long')
}
