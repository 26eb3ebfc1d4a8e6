import { EDITION_OPEN_HOURS, WEEK_DAYS } from '../../config/limits.ts'
import { addDays, type Day, isoWeek, localTime, weekday } from './day.ts'
import { type DeliveryTimes, lastOwnWeekday, periodDue, type RecentEdition, scheduleOf } from './schedule.ts'

/** When a subscriber's next digest comes, unless an operator sends an edition to everyone before that. */
export type NextDigest =
  /** An edition is open to them: its digest is sent within minutes. */
  | { readonly kind: 'soon' }
  /** An edition is theirs, but waits for an operator or for the canary. */
  | { readonly kind: 'held' }
  /** The warm-up of the sending domain leaves subscribers out, so no day can be named. */
  | { readonly kind: 'queued' }
  /** On the first day from `day` on that has papers for them, and not before `hour`, both in their own zone. */
  | { readonly kind: 'from'; readonly day: Day; readonly hour: number }

export interface NextDigestInput {
  readonly subscriber: DeliveryTimes
  /** The periods for which they have a delivery already. */
  readonly had: ReadonlySet<string>
  readonly shelf: readonly RecentEdition[]
  readonly now: Date
}

/**
 * Returns when a subscriber's next digest comes, as far as it is known. It is the rule by which dispatch chooses who is due, asked
 * for one subscriber and looking ahead, so what it promises comes true.
 */
export function nextDigest({ subscriber, had, shelf, now }: NextDigestInput): NextDigest {
  const due = shelf.filter(({ day }) => {
    const turn = scheduleOf(subscriber.timezone, day, shelf, now)
    const period = turn === null ? null : periodDue(subscriber, turn, day)
    return period !== null && !had.has(period)
  })
  if ((newestWithPapers(shelf)?.deferredCount ?? 0) > 0) return { kind: 'queued' }
  if (due.some(({ release }) => release === 'open')) return { kind: 'soon' }
  if (due.some(({ release }) => release === 'held')) return { kind: 'held' }
  const { day: today, hour } = localTime(subscriber.timezone, now)
  const isTodayPossible = hour < subscriber.deliveryHour || mayStillCome(today, shelf, now)
  let day = isTodayPossible ? today : addDays(today, 1)
  // Two weeks at most: each weekday is among the days of a week, and one week may be served already.
  for (let days = 0; days < 2 * WEEK_DAYS && !isOwn(subscriber, day, had); days += 1) day = addDays(day, 1)
  return { kind: 'from', day, hour: subscriber.deliveryHour }
}

/** Whether a day may bring the subscriber a digest: they chose it, and have not had its digest. */
function isOwn(subscriber: DeliveryTimes, day: Day, had: ReadonlySet<string>): boolean {
  if (subscriber.frequency === 'daily') return subscriber.weekdays.includes(weekday(day)) && !had.has(day)
  const since = lastOwnWeekday(subscriber, day)
  return (subscriber.eligibleFrom === null || subscriber.eligibleFrom <= since) && !had.has(isoWeek(since))
}

/** Whether an edition newer than those on the shelf may still come and be today's. */
function mayStillCome(today: Day, shelf: readonly RecentEdition[], now: Date): boolean {
  const newest = newestWithPapers(shelf.filter(({ day }) => day <= today))?.day ?? ''
  return [today, addDays(today, -1), addDays(today, -2)].some((day) => {
    const isMade = shelf.some((made) => made.day === day && made.state !== 'failed' && made.isAwaited !== true)
    return day > newest && !isMade && now.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
  })
}

function newestWithPapers(shelf: readonly RecentEdition[]): RecentEdition | null {
  const published = shelf.filter(({ state }) => state === 'published')
  return published.reduce<RecentEdition | null>(
    (newest, each) => (each.day > (newest?.day ?? '') ? each : newest),
    null,
  )
}
