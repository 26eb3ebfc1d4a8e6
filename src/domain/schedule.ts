import { CARRIED_DAYS_MAX, EDITION_OPEN_HOURS, WEEK_DAYS } from '../../config/limits.ts'
import { addDays, type Day, dayIn, isoWeek, localTime, startOfDay, weekday } from './day.ts'
import type { EditionState } from './edition.ts'
import type { Preferences } from './subscriber.ts'

/** What must be known of an edition to say whose turn it is. */
export interface RecentEdition {
  readonly day: Day
  readonly state: EditionState
  /** Whether it may be sent now, waits for an operator or the canary, or never goes out. */
  readonly release: 'open' | 'held' | 'cancelled'
  /** How many subscribers the warm-up of the sending domain had no room for. */
  readonly deferredCount: number
  /** Of a day without a list: when the votes of its week were read again, or null. */
  readonly votesAt: Date | null
  readonly publishedAt: Date
  /** When it might go out: made, and approved of where that is asked for. */
  readonly openedAt: Date
  /** Whether there is no edition yet, but a list that is late: it counts as a day without one, and may still come. */
  readonly isAwaited?: boolean
}

/**
 * What an edition is to the readers of one time zone at one moment. This is the one place where hours and zones are
 * reckoned, with the time-zone data of Node: the database is given the answers, zone by zone, and asked for none.
 */
export interface ZoneSchedule {
  readonly timezone: string
  readonly today: Day
  /** Of the reader’s clock; 24 once the whole day counts. */
  readonly hour: number
  /**
   * To daily readers. `own`: today’s edition. `stands-in`: the newest, on a day that has no list. `late`: yesterday’s, which
   * came too late for some, as long as today’s is not there.
   */
  readonly daily: 'own' | 'stands-in' | 'late' | null
  /** Its day ended here then, while it was there to be had: whoever had no delivery by then was kept waiting by us. */
  readonly lateUntil: Date | null
  /** Whether a weekly digest of now would be made of it. */
  readonly weekly: boolean
  /** The end of yesterday, when a weekly digest could be made before it: a subscriber of that weekday was kept waiting by us. */
  readonly weeklyLateUntil: Date | null
}

/** What an edition is in a zone now, or null: nothing. `shelf` has the editions of the days about it. */
export function scheduleOf(timezone: string, of: Day, shelf: readonly RecentEdition[], now: Date): ZoneSchedule | null {
  const { day: today, hour } = localTime(timezone, now)
  const edition = shelf.find(({ day }) => day === of)
  if (edition === undefined || today < of) return null
  const daily = dailyTurn(edition, today, shelf)
  const lateUntil = owedSince(timezone, edition, today, now)
  const weekly = newestUpTo(today, shelf, isWeekly)?.day === of && addDays(of, WEEK_DAYS) > today
  if (daily === null && lateUntil === null && !weekly) return null
  const weeklyLateUntil = weekly ? weeklyOwedSince(timezone, today, shelf) : null
  return { timezone, today, hour, daily, lateUntil: lateUntil, weekly, weeklyLateUntil: weeklyLateUntil }
}

/** Every reader of a zone for whom an edition is meant in the course of its day, whatever the hour is now. */
export function wholeDay(timezone: string, { day, state }: Pick<RecentEdition, 'day' | 'state'>): ZoneSchedule {
  const daily = state === 'published' ? 'own' : null
  return { timezone, today: day, hour: 24, daily, lateUntil: null, weekly: true, weeklyLateUntil: null }
}

function dailyTurn({ day, state }: RecentEdition, today: Day, shelf: readonly RecentEdition[]): ZoneSchedule['daily'] {
  if (state !== 'published') return null
  if (today === day) return 'own'
  if (newestUpTo(today, shelf, isDaily)?.day !== day) return null
  const noList = shelf.some((other) => other.day === today && other.state === 'empty')
  if (noList && addDays(day, CARRIED_DAYS_MAX) >= today) return 'stands-in'
  return addDays(day, 1) === today ? 'late' : null
}

function owedSince(timezone: string, edition: RecentEdition, today: Day, now: Date): Date | null {
  const { day, state, openedAt } = edition
  const isOpen = now.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
  if (state !== 'published' || today === day || !isOpen || dayIn(timezone, openedAt) > day) return null
  return startOfDay(timezone, addDays(day, 1))
}

function weeklyOwedSince(timezone: string, today: Day, shelf: readonly RecentEdition[]): Date | null {
  const start = startOfDay(timezone, today)
  const wasThere: Kind = (edition) => isWeekly(edition) && edition.openedAt < start
  const newest = newestUpTo(addDays(today, -1), shelf, wasThere)
  return newest !== null && addDays(newest.day, WEEK_DAYS) >= today ? start : null
}

type Kind = (edition: RecentEdition) => boolean

function newestUpTo(today: Day, shelf: readonly RecentEdition[], isMeant: Kind): RecentEdition | null {
  return shelf.reduce<RecentEdition | null>(
    (newest, each) =>
      each.day <= today && isMeant(each) && (newest === null || each.day > newest.day) ? each : newest,
    null,
  )
}

const isDaily: Kind = (edition) => edition.state === 'published' && isOfItsTime(edition)

/** A weekend has no list, but a week with the votes of then: who chose its day gets the week’s digest on it. */
const isWeekly: Kind = (edition) =>
  isDaily(edition) || (edition.state === 'empty' && edition.votesAt !== null && isOfItsTime(edition))

/** An edition of an older day, made later, waits for an operator’s word. */
function isOfItsTime({ day, publishedAt }: RecentEdition): boolean {
  return publishedAt.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
}

/** What of a reader decides whether it is their turn. */
export interface DeliveryTimes
  extends Pick<Preferences, 'frequency' | 'weekday' | 'weekdays' | 'deliveryHour' | 'timezone'> {
  /** The first day for which they are owed a digest; null: since ever. */
  readonly eligibleFrom: Day | null
  /** When anything about them last changed. */
  readonly updatedAt: Date
}

/**
 * The period for which a subscriber gets an edition now, or null. `dueFor` in the ledger says the same in SQL for many
 * subscribers, and a property test holds the two together. A weekly period is the week of the subscriber's weekday. A
 * weekday before `eligibleFrom` gives no digest, so the first weekly digest comes on the weekday too.
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

/** The newest day up to `today`, it included, that is the subscriber's weekday. */
export function lastOwnWeekday(subscriber: Pick<DeliveryTimes, 'weekday'>, today: Day): Day {
  return addDays(today, -((weekday(today) - subscriber.weekday + WEEK_DAYS) % WEEK_DAYS))
}
