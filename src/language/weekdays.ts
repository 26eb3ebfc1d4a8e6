import { language } from './language.ts'

/** Returns the name of an ISO weekday: 1 is Monday. */
export function weekdayName(weekday: number, style: 'weekday' | 'shortWeekday' = 'weekday'): string {
  // 1 January 2024 was a Monday.
  return language().date(`2024-01-0${weekday}`, style)
}
