import { EDITION_OPEN_HOURS, WEEK_DAYS } from '../../../config/limits.ts'
import { addDays, type Day, isoWeek, localTime, weekday } from '../day.ts'
import { type DeliveryTimes, lastOwnWeekday, periodDue, type RecentEdition, scheduleOf } from './schedule.ts'

/** When a subscriber's next digest comes, unless an operator sends an edition to everyone earlier. */
export type NextDigest =
  /** An edition is ready, so the digest is sent within minutes. */
  | { readonly kind: 'soon' }
  /** An edition is ready, but waits for an operator or for the canary. */
  | { readonly kind: 'held' }
  /** The warm-up of the sending domain postpones subscribers, so the day is unknown. */
  | { readonly kind: 'queued' }
  /** On the first day with papers, not before `day` and `hour`, both in the subscriber’s zone. */
  | { readonly kind: 'from'; readonly day: Day; readonly hour: number }

export interface NextDigestInput {
  readonly subscriber: DeliveryTimes
  /** The periods for which the subscriber already has a delivery. */
  readonly had: ReadonlySet<string>
  readonly recent: readonly RecentEdition[]
  readonly now: Date
}

/**
 * Returns when a subscriber's next digest comes, as far as it is known. It applies the same rule as dispatch, for one
 * subscriber and for the days ahead.
 */
export function nextDigest({ subscriber, had, recent, now }: NextDigestInput): NextDigest {
  const due = recent.filter(({ day }) => {
    const schedule = scheduleOf(subscriber.timezone, day, recent, now)
    const period = schedule === null ? null : periodDue(subscriber, schedule, day)
    return period !== null && !had.has(period)
  })
  if ((newestWithPapers(recent)?.deferredCount ?? 0) > 0) return { kind: 'queued' }
  if (due.some(({ release }) => release === 'open')) return { kind: 'soon' }
  if (due.some(({ release }) => release === 'held')) return { kind: 'held' }
  const { day: today, hour } = localTime(subscriber.timezone, now)
  const isTodayPossible = hour < subscriber.deliveryHour || mayStillCome(today, recent, now)
  let day = isTodayPossible ? today : addDays(today, 1)
  // Two weeks are enough: a week contains each weekday, and at most one week already has its digest.
  for (let days = 0; days < 2 * WEEK_DAYS && !canBringDigest(subscriber, day, had); days += 1) day = addDays(day, 1)
  return { kind: 'from', day, hour: subscriber.deliveryHour }
}

/** Returns whether a day can bring a digest: the subscriber chose it and has no delivery for it. */
function canBringDigest(subscriber: DeliveryTimes, day: Day, had: ReadonlySet<string>): boolean {
  if (subscriber.frequency === 'daily') return subscriber.weekdays.includes(weekday(day)) && !had.has(day)
  const lastWeekday = lastOwnWeekday(subscriber, day)
  return (subscriber.eligibleFrom === null || subscriber.eligibleFrom <= lastWeekday) && !had.has(isoWeek(lastWeekday))
}

/** Returns whether today's edition may still be published. */
function mayStillCome(today: Day, recent: readonly RecentEdition[], now: Date): boolean {
  const newest = newestWithPapers(recent.filter(({ day }) => day <= today))?.day ?? ''
  return [today, addDays(today, -1), addDays(today, -2)].some((day) => {
    const isDecided = recent.some(
      (edition) => edition.day === day && edition.state !== 'failed' && edition.isAwaited !== true,
    )
    return day > newest && !isDecided && now.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
  })
}

function newestWithPapers(recent: readonly RecentEdition[]): RecentEdition | null {
  const published = recent.filter(({ state }) => state === 'published')
  return published.reduce<RecentEdition | null>(
    (newest, each) => (each.day > (newest?.day ?? '') ? each : newest),
    null,
  )
}
