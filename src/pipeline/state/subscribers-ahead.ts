import { addDays, type Day, localTime, startOfDay } from '../../domain/day.ts'

/**
 * Subscribers of one time zone with the same delivery hour who get an edition and have no delivery yet. `hour` null: they are
 * due at any hour, because an operator opened the edition to everyone.
 */
export interface SubscriberGroup {
  readonly timezone: string
  readonly hour: number | null
  readonly count: number
}

/** The subscribers who have no delivery yet, at one moment. */
export interface Ahead {
  /** Their hour has come. */
  readonly due: number
  /** Their hour comes later. `next` of them are due first, at `nextAt`. */
  readonly later: number
  readonly nextAt: Date | null
  readonly next: number
  /** When the edition’s day ends for the first of them; null: there are none. */
  readonly firstDayEndsAt: Date | null
}

/** Returns who is due now and who later. Groups whose day is over get nothing more of it, and do not count. */
export function aheadOf(
  groups: readonly SubscriberGroup[],
  { day, at }: { readonly day: Day; readonly at: Date },
): Ahead {
  let due = 0
  let later = 0
  let next = 0
  let nextAt: Date | null = null
  let firstDayEndsAt: Date | null = null
  for (const { timezone, hour, count } of groups) {
    const ends = startOfDay(timezone, addDays(day, 1))
    if (ends <= at) continue
    if (firstDayEndsAt === null || ends < firstDayEndsAt) firstDayEndsAt = ends
    const begins = hour === null ? at : momentOf(timezone, day, hour)
    if (begins <= at) {
      due += count
      continue
    }
    later += count
    if (nextAt === null || begins < nextAt) {
      nextAt = begins
      next = 0
    }
    if (begins.getTime() === nextAt.getTime()) next += count
  }
  return { due, later, nextAt, next, firstDayEndsAt }
}

/** Returns when an hour of a day begins in a zone. An hour that a change of clocks skips begins with the next one. */
function momentOf(timezone: string, day: Day, hour: number): Date {
  const start = startOfDay(timezone, day)
  const guess = new Date(start.getTime() + (hour - localTime(timezone, start).hour) * 3_600_000)
  const shift = localTime(timezone, guess).hour - hour
  const moment = new Date(guess.getTime() - shift * 3_600_000)
  return localTime(timezone, moment).hour < hour ? guess : moment
}
