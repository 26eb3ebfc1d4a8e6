import { WARM_UP_DAYS, WARM_UP_GROWTH } from '../../../config/limits.ts'
import { type Day, dayIn } from '../day.ts'

/** The warm-up of a new sending domain: digests on its first day, and growth per day. */
export interface WarmUp {
  readonly start: Day
  readonly firstDay: number
}

/**
 * Returns how many digests may be sent on a day, or null when the warm-up is over. The volume grows by half each day.
 * Gmail warns that doubling it at once leads to rate limits and a drop in reputation (“Email sender guidelines”, Increase
 * sending volume slowly). Starting at 150 it stays below Resend's table for the first week of a new domain, 150 to 2,000
 * (“Domain and/or IP Warm-up Guide”). A day before the first counts as the first.
 */
export function allowanceOn(day: Day, { start, firstDay }: WarmUp): number | null {
  const days = daysSince(start, day)
  return days >= WARM_UP_DAYS ? null : Math.floor(firstDay * WARM_UP_GROWTH ** Math.max(0, days))
}

/** Returns the number of the warm-up day, from 1. */
export function dayOfWarmUp(day: Day, { start }: WarmUp): number {
  return Math.max(0, daysSince(start, day)) + 1
}

/** Returns the UTC day, as providers count it, so that all workers use the same one. */
export function sendingDay(at: Date): Day {
  return dayIn('UTC', at)
}

function daysSince(start: Day, day: Day): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000)
}
