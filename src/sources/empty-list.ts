import { type Day, isOverEverywhere, weekday } from '../domain/day.ts'
import type { EmptyReason } from './source.ts'

/**
 * Why a source that answers well has no paper of a day. Lists are made on working days, so an empty one is a
 * holiday's; but lists come late, too, and until the day has ended in every time zone it may still be one of those.
 */
export function whyEmpty(day: Day, now: Date): EmptyReason {
  if (weekday(day) > 5) return 'weekend'
  return isOverEverywhere(day, now) ? 'holiday' : 'not-open'
}
