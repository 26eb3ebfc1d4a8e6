import { WARM_UP_DAYS, WARM_UP_GROWTH } from '../../config/limits.ts'
import { type Day, dayIn } from './day.ts'

/** How a sending domain that nobody knows yet is brought up: so many digests on its first day, and more each day. */
export interface WarmUp {
  readonly start: Day
  readonly firstDay: number
}

/**
 * How many digests may go out on a day, or null once the warm-up is over. Half as many again each day: Gmail warns that
 * volumes doubled at once lead to rate limits and drops of reputation (“Email sender guidelines”, Increase sending volume
 * slowly), and from 150 on it stays below the table for a new domain that Resend gives for the first week, 150 to 2,000
 * (“Domain and/or IP Warm-up Guide”). A day before the first counts as the first: a domain is not warmer for that.
 */
export function allowanceOn(day: Day, { start, firstDay }: WarmUp): number | null {
  const days = daysSince(start, day)
  return days >= WARM_UP_DAYS ? null : Math.floor(firstDay * WARM_UP_GROWTH ** Math.max(0, days))
}

/** Which day of the warm-up it is, from 1 on. */
export function dayOfWarmUp(day: Day, { start }: WarmUp): number {
  return Math.max(0, daysSince(start, day)) + 1
}

/** The day as providers count it, in UTC: all workers must mean the same one, wherever readers live. */
export function sendingDay(at: Date): Day {
  return dayIn('UTC', at)
}

function daysSince(start: Day, day: Day): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000)
}
