import { EDITION_OPEN_HOURS, STAND_IN_DAYS_MAX, WEEK_DAYS } from '../../../config/limits.ts'
import { addDays, type Day, dayIn, isoWeek, localTime, startOfDay, weekday } from '../day.ts'
import type { EditionState } from '../edition.ts'
import type { Preferences } from '../subscriber.ts'

/** The facts of an edition that decide who gets it. */
export interface RecentEdition {
  readonly day: Day
  readonly state: EditionState
  /** `held`: it waits for an operator or for the canary. */
  readonly release: 'open' | 'held' | 'cancelled'
  /** Subscribers that the warm-up of the sending domain postponed. */
  readonly deferredCount: number
  /** When the votes were read. On a day without a list: when those of its week were read, or null. */
  readonly votesAt: Date | null
  readonly publishedAt: Date
  /** When it became ready to send: published, and approved where approval is required. */
  readonly openedAt: Date
  /** True when the list is late and there is no edition yet. The day counts as a day without a list until it comes. */
  readonly isAwaited?: boolean
}

/**
 * Which subscribers of one time zone get an edition at one moment. All time-zone arithmetic is done here, with
 * the data of Node. The database receives the result for each zone and computes no local times.
 */
export interface ZoneSchedule {
  readonly timezone: string
  readonly today: Day
  /** The local hour, or 24 when the whole day counts. */
  readonly hour: number
  /**
   * For daily subscribers. `own`: today’s edition. `stands-in`: the newest edition, on a day without a list. `late`:
   * yesterday’s edition, for those who missed it, until today’s is published.
   */
  readonly daily: 'own' | 'stands-in' | 'late' | null
  /**
   * When the edition’s day ended in this zone; null if the edition was not ready by then. A subscriber who got nothing that day
   * still gets it.
   */
  readonly dayEndedAt: Date | null
  /** Whether a weekly digest that is due now uses this edition. */
  readonly weekly: boolean
  /**
   * When yesterday ended in this zone; null if no weekly digest was ready by then. A subscriber whose weekday was yesterday
   * still gets it.
   */
  readonly weekdayEndedAt: Date | null
}

/** Returns the schedule of an edition in a zone now, or null if nobody there gets it. `recent` contains the editions around it. */
export function scheduleOf(
  timezone: string,
  editionDay: Day,
  recent: readonly RecentEdition[],
  now: Date,
): ZoneSchedule | null {
  const { day: today, hour } = localTime(timezone, now)
  const edition = recent.find(({ day }) => day === editionDay)
  if (edition === undefined || today < editionDay) return null
  const daily = dailyPart(edition, today, recent)
  const dayEndedAt = endOfMissedDay(timezone, edition, today, now)
  const weekly = newestUpTo(today, recent, isWeekly)?.day === editionDay && addDays(editionDay, WEEK_DAYS) > today
  if (daily === null && dayEndedAt === null && !weekly) return null
  const weekdayEndedAt = weekly ? endOfMissedWeekday(timezone, today, recent) : null
  return { timezone, today, hour, daily, dayEndedAt, weekly, weekdayEndedAt }
}

/** Returns the schedule that includes every subscriber of a zone who gets the edition at any hour of its day. */
export function wholeDay(timezone: string, { day, state }: Pick<RecentEdition, 'day' | 'state'>): ZoneSchedule {
  const daily = state === 'published' ? 'own' : null
  return { timezone, today: day, hour: 24, daily, dayEndedAt: null, weekly: true, weekdayEndedAt: null }
}

function dailyPart({ day, state }: RecentEdition, today: Day, recent: readonly RecentEdition[]): ZoneSchedule['daily'] {
  if (state !== 'published') return null
  if (today === day) return 'own'
  if (newestUpTo(today, recent, isDaily)?.day !== day) return null
  const noList = recent.some((other) => other.day === today && other.state === 'empty')
  if (noList && addDays(day, STAND_IN_DAYS_MAX) >= today) return 'stands-in'
  return addDays(day, 1) === today ? 'late' : null
}

function endOfMissedDay(timezone: string, edition: RecentEdition, today: Day, now: Date): Date | null {
  const { day, state, openedAt } = edition
  const isOpen = now.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
  if (state !== 'published' || today === day || !isOpen || dayIn(timezone, openedAt) > day) return null
  return startOfDay(timezone, addDays(day, 1))
}

function endOfMissedWeekday(timezone: string, today: Day, recent: readonly RecentEdition[]): Date | null {
  const start = startOfDay(timezone, today)
  const wasReady: EditionTest = (edition) => isWeekly(edition) && edition.openedAt < start
  const newest = newestUpTo(addDays(today, -1), recent, wasReady)
  return newest !== null && addDays(newest.day, WEEK_DAYS) >= today ? start : null
}

type EditionTest = (edition: RecentEdition) => boolean

function newestUpTo(today: Day, recent: readonly RecentEdition[], matches: EditionTest): RecentEdition | null {
  return recent.reduce<RecentEdition | null>(
    (newest, each) =>
      each.day <= today && matches(each) && (newest === null || each.day > newest.day) ? each : newest,
    null,
  )
}

const isDaily: EditionTest = (edition) => edition.state === 'published' && isOnTime(edition)

/** A weekend has no list, but its week has fresh votes, so a weekly digest can be sent on it. */
const isWeekly: EditionTest = (edition) =>
  isDaily(edition) || (edition.state === 'empty' && edition.votesAt !== null && isOnTime(edition))

/** An edition that is published long after its day is sent only if an operator sends it. */
function isOnTime({ day, publishedAt }: RecentEdition): boolean {
  return publishedAt.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
}

/** The preferences and dates of a subscriber that decide when a digest is due. */
export interface DeliveryTimes
  extends Pick<Preferences, 'frequency' | 'weekday' | 'weekdays' | 'deliveryHour' | 'timezone'> {
  /** The first day for which the subscriber may get a digest; null means any day. */
  readonly eligibleFrom: Day | null
  /** When the subscriber’s row last changed. */
  readonly updatedAt: Date
}

/**
 * Returns the period for which a subscriber gets an edition now, or null. `dueFor` in the ledger is the same rule in SQL,
 * and a property test compares the two. A weekly period is the week of the subscriber's weekday. A weekday before
 * `eligibleFrom` is skipped, so the first weekly digest also comes on the chosen weekday.
 */
export function periodDue(subscriber: DeliveryTimes, schedule: ZoneSchedule, editionDay: Day): string | null {
  const { today, hour } = schedule
  const isEligibleOn = (day: Day) => subscriber.eligibleFrom === null || subscriber.eligibleFrom <= day
  if (subscriber.frequency === 'daily') {
    const includesWeekday = subscriber.weekdays.includes(weekday(editionDay))
    const isUsed =
      schedule.daily === 'own' ||
      schedule.daily === 'stands-in' ||
      (schedule.daily === 'late' && includesWeekday && isEligibleOn(editionDay))
    if (isUsed && subscriber.deliveryHour <= hour && subscriber.weekdays.includes(weekday(today))) return editionDay
    const hasMissedDay = schedule.dayEndedAt !== null && includesWeekday && subscriber.updatedAt < schedule.dayEndedAt
    return hasMissedDay ? editionDay : null
  }
  if (!schedule.weekly) return null
  const lastWeekday = lastOwnWeekday(subscriber, today)
  const hasMissedWeekday =
    schedule.weekdayEndedAt !== null &&
    subscriber.updatedAt < schedule.weekdayEndedAt &&
    lastWeekday === addDays(today, -1)
  return (subscriber.deliveryHour <= hour || hasMissedWeekday) && isEligibleOn(lastWeekday)
    ? isoWeek(lastWeekday)
    : null
}

/** Returns the newest day, up to and including `today`, that is the subscriber's weekday. */
export function lastOwnWeekday(subscriber: Pick<DeliveryTimes, 'weekday'>, today: Day): Day {
  return addDays(today, -((weekday(today) - subscriber.weekday + WEEK_DAYS) % WEEK_DAYS))
}
