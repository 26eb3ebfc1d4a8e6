import { CARRIED_DAYS_MAX, EDITION_OPEN_HOURS, WEEK_DAYS } from '../../../config/limits.ts'
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
  /** For a day without a list: when the votes of its week were last read, or null. */
  readonly votesAt: Date | null
  readonly publishedAt: Date
  /** When it became ready to send: published, and approved where approval is required. */
  readonly openedAt: Date
  /** True when the list is late and there is no edition yet. The day counts as a day without a list until it comes. */
  readonly isAwaited?: boolean
}

/**
 * The meaning of an edition for the subscribers of one time zone at one moment. All time-zone arithmetic is done here, with
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
  /** The local end of its day, if it was ready before that. A subscriber without a delivery by then still gets it. */
  readonly lateUntil: Date | null
  /** Whether a weekly digest that is due now uses this edition. */
  readonly weekly: boolean
  /** The end of yesterday, if a weekly digest was ready before that. A subscriber whose weekday was yesterday still gets it. */
  readonly weeklyLateUntil: Date | null
}

/** Returns what an edition means in a zone now, or null if nobody there gets it. `recent` holds the editions around it. */
export function scheduleOf(
  timezone: string,
  of: Day,
  recent: readonly RecentEdition[],
  now: Date,
): ZoneSchedule | null {
  const { day: today, hour } = localTime(timezone, now)
  const edition = recent.find(({ day }) => day === of)
  if (edition === undefined || today < of) return null
  const daily = dailyPart(edition, today, recent)
  const lateUntil = lateSince(timezone, edition, today, now)
  const weekly = newestUpTo(today, recent, isWeekly)?.day === of && addDays(of, WEEK_DAYS) > today
  if (daily === null && lateUntil === null && !weekly) return null
  const weeklyLateUntil = weekly ? weeklyLateSince(timezone, today, recent) : null
  return { timezone, today, hour, daily, lateUntil, weekly, weeklyLateUntil }
}

/** Returns the schedule that includes every subscriber of a zone who gets the edition at any hour of its day. */
export function wholeDay(timezone: string, { day, state }: Pick<RecentEdition, 'day' | 'state'>): ZoneSchedule {
  const daily = state === 'published' ? 'own' : null
  return { timezone, today: day, hour: 24, daily, lateUntil: null, weekly: true, weeklyLateUntil: null }
}

function dailyPart({ day, state }: RecentEdition, today: Day, recent: readonly RecentEdition[]): ZoneSchedule['daily'] {
  if (state !== 'published') return null
  if (today === day) return 'own'
  if (newestUpTo(today, recent, isDaily)?.day !== day) return null
  const noList = recent.some((other) => other.day === today && other.state === 'empty')
  if (noList && addDays(day, CARRIED_DAYS_MAX) >= today) return 'stands-in'
  return addDays(day, 1) === today ? 'late' : null
}

function lateSince(timezone: string, edition: RecentEdition, today: Day, now: Date): Date | null {
  const { day, state, openedAt } = edition
  const isOpen = now.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
  if (state !== 'published' || today === day || !isOpen || dayIn(timezone, openedAt) > day) return null
  return startOfDay(timezone, addDays(day, 1))
}

function weeklyLateSince(timezone: string, today: Day, recent: readonly RecentEdition[]): Date | null {
  const start = startOfDay(timezone, today)
  const wasThere: Kind = (edition) => isWeekly(edition) && edition.openedAt < start
  const newest = newestUpTo(addDays(today, -1), recent, wasThere)
  return newest !== null && addDays(newest.day, WEEK_DAYS) >= today ? start : null
}

type Kind = (edition: RecentEdition) => boolean

function newestUpTo(today: Day, recent: readonly RecentEdition[], isMeant: Kind): RecentEdition | null {
  return recent.reduce<RecentEdition | null>(
    (newest, each) =>
      each.day <= today && isMeant(each) && (newest === null || each.day > newest.day) ? each : newest,
    null,
  )
}

const isDaily: Kind = (edition) => edition.state === 'published' && isOfItsTime(edition)

/** A weekend has no list, but its week has fresh votes, so a weekly digest can be sent on it. */
const isWeekly: Kind = (edition) =>
  isDaily(edition) || (edition.state === 'empty' && edition.votesAt !== null && isOfItsTime(edition))

/** An edition that is published long after its day is sent only when an operator says so. */
function isOfItsTime({ day, publishedAt }: RecentEdition): boolean {
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
export function periodDue(subscriber: DeliveryTimes, turn: ZoneSchedule, of: Day): string | null {
  const { today, hour } = turn
  const isFrom = (day: Day) => subscriber.eligibleFrom === null || subscriber.eligibleFrom <= day
  const day = weekday(today)
  if (subscriber.frequency === 'daily') {
    const itsDay = subscriber.weekdays.includes(weekday(of))
    const meant = turn.daily === 'own' || turn.daily === 'stands-in' || (turn.daily === 'late' && itsDay && isFrom(of))
    if (meant && subscriber.deliveryHour <= hour && subscriber.weekdays.includes(day)) return of
    return turn.lateUntil !== null && itsDay && subscriber.updatedAt < turn.lateUntil ? of : null
  }
  if (!turn.weekly) return null
  const since = lastOwnWeekday(subscriber, today)
  const isOwed =
    turn.weeklyLateUntil !== null && subscriber.updatedAt < turn.weeklyLateUntil && since === addDays(today, -1)
  return (subscriber.deliveryHour <= hour || isOwed) && isFrom(since) ? isoWeek(since) : null
}

/** Returns the newest day, up to and including `today`, that is the subscriber's weekday. */
export function lastOwnWeekday(subscriber: Pick<DeliveryTimes, 'weekday'>, today: Day): Day {
  return addDays(today, -((weekday(today) - subscriber.weekday + WEEK_DAYS) % WEEK_DAYS))
}
