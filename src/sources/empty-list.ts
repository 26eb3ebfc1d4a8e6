import { type Day, isOverEverywhere, weekday } from '../domain/day.ts'
import type { EmptyReason } from './source.ts'

/**
 * Returns why the list of a day is empty. On a weekday it may only be late, so it counts as a holiday's list after the day
 * has ended in every time zone.
 */
export function whyEmpty(day: Day, now: Date): EmptyReason {
  if (weekday(day) > 5) return 'weekend'
  return isOverEverywhere(day, now) ? 'holiday' : 'not-open'
}
