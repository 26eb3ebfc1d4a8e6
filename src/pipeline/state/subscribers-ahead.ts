import { addDays, type Day, localTime, startOfDay } from '../../domain/day.ts'

/**
 * Subscribers of one time zone with the same delivery hour who get an edition and have no delivery yet. `hour` null: they are
 * due at any hour, for example because an operator opened the edition to everyone.
 */
export interface SubscriberGroup {
  readonly timezone: string
  readonly hour: number | null
  readonly count: number
  /** How many of them are in the canary’s share. */
  readonly canary: number
}

/** Subscribers who get an edition at one moment. `canary`: those of them who are in the canary’s share. */
export interface Cohort {
  readonly at: Date
  readonly subscribers: number
  readonly canary: number
}

/** The subscribers who get an edition and have no delivery yet, at one moment. */
export interface Ahead {
  /** The ones who are due now. */
  readonly now: Cohort
  /** The ones whose hour comes later on the edition’s day, first to last. */
  readonly later: readonly Cohort[]
  /** When the edition’s day ends for the first of them; null: it is over for all of them. */
  readonly firstDayEndsAt: Date | null
}

/**
 * Returns who is due now and who later. The state of an edition and the forecast before an approval both come from here. Groups
 * whose day ended before their hour do not count.
 */
export function aheadOf(
  groups: readonly SubscriberGroup[],
  { day, at }: { readonly day: Day; readonly at: Date },
): Ahead {
  const cohorts = new Map([[at.getTime(), { at, subscribers: 0, canary: 0 }]])
  let firstDayEndsAt: Date | null = null
  for (const { timezone, hour, count, canary } of groups) {
    const ends = startOfDay(timezone, addDays(day, 1))
    if (ends <= at && hour !== null) continue
    if (ends > at && (firstDayEndsAt === null || ends < firstDayEndsAt)) firstDayEndsAt = ends
    const begins = hour === null ? at.getTime() : Math.max(at.getTime(), momentOf(timezone, day, hour).getTime())
    const cohort = cohorts.get(begins) ?? { at: new Date(begins), subscribers: 0, canary: 0 }
    cohorts.set(begins, { at: cohort.at, subscribers: cohort.subscribers + count, canary: cohort.canary + canary })
  }
  const [now = { at, subscribers: 0, canary: 0 }, ...later] = [...cohorts.values()].sort(
    (one, other) => one.at.getTime() - other.at.getTime(),
  )
  return { now, later, firstDayEndsAt }
}

/** Returns how many people get an edition, now or later. */
export function recipientsOf({ now, later }: Ahead): number {
  return now.subscribers + laterOf({ later })
}

/** Returns how many people wait for their hour, and how many of them get it first, and when; or null if nobody waits. */
export function nextOf({ later }: Ahead): { nextAt: Date; next: number; later: number } | null {
  const [first] = later
  return first === undefined ? null : { nextAt: first.at, next: first.subscribers, later: laterOf({ later }) }
}

/** Returns how many people wait for their hour. */
export function laterOf({ later }: Pick<Ahead, 'later'>): number {
  return later.reduce((sum, { subscribers }) => sum + subscribers, 0)
}

/** Returns when an hour of a day begins in a zone. An hour that a change of clocks skips begins with the next one. */
function momentOf(timezone: string, day: Day, hour: number): Date {
  const start = startOfDay(timezone, day)
  const guess = new Date(start.getTime() + (hour - localTime(timezone, start).hour) * 3_600_000)
  const shift = localTime(timezone, guess).hour - hour
  const moment = new Date(guess.getTime() - shift * 3_600_000)
  return localTime(timezone, moment).hour < hour ? guess : moment
}
