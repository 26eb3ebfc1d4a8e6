import fc from 'fast-check'
import { EDITION_OPEN_HOURS } from '../../../config/limits.ts'
import { addDays, type Day, localTime, weekday } from '../../../src/domain/day.ts'
import type { NextDigest } from '../../../src/domain/schedule/next-digest.ts'
import type { DeliveryTimes, RecentEdition } from '../../../src/domain/schedule/schedule.ts'

/** An edition with papers, made at 06:00 UTC of its day. */
export const edition = (on: Day, more: Partial<RecentEdition> = {}): RecentEdition => {
  const made = new Date(`${on}T06:00:00Z`)
  const votes = { votesAt: made, publishedAt: made, openedAt: made }
  return { day: on, state: 'published', release: 'open', deferredCount: 0, ...votes, ...more }
}

/** Zones whose clocks change, or have changed, at midnight: a day there may begin at 01:00, or have 00:00 twice. */
export const MIDNIGHT_ZONES = [
  'Africa/Cairo',
  'America/Asuncion',
  'America/Havana',
  'America/Nuuk',
  'America/Santiago',
  'Asia/Amman',
  'Asia/Beirut',
  'Asia/Gaza',
  'Atlantic/Azores',
] as const
const ZONE = fc.oneof(
  fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Midway', 'Asia/Kathmandu'),
  fc.constantFrom(...MIDNIGHT_ZONES),
)
const HOUR = fc.oneof(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 8, 23))
export const ANY_SUBSCRIBER = fc.record({
  frequency: fc.constantFrom('daily' as const, 'weekly' as const),
  weekday: fc.integer({ min: 1, max: 7 }),
  weekdays: fc.oneof(
    fc.constant([1, 2, 3, 4, 5, 6, 7]),
    fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    fc.constant([6, 7]),
  ),
  deliveryHour: HOUR,
  timezone: ZONE,
})

export interface PromisedEdition extends RecentEdition {
  /** The moment from which the ledger has it. */
  readonly madeAt: Date
}

/** A weekend is known to be empty at 06:00; a holiday only when the day has ended in every zone. */
export function editionsOf(lists: readonly (number | 'holiday')[], from: Day): PromisedEdition[] {
  return lists.flatMap((list, index): PromisedEdition[] => {
    const day = addDays(from, index - 1)
    const midnight = Date.parse(`${day}T00:00:00Z`)
    const isEmpty = weekday(day) > 5 || list === 'holiday'
    const hour = weekday(day) > 5 ? 6 : list === 'holiday' ? EDITION_OPEN_HOURS : list
    const madeAt = new Date(midnight + hour * 3_600_000)
    const votesAt = weekday(day) > 5 || !isEmpty ? madeAt : null
    return [
      {
        ...edition(day),
        state: isEmpty ? 'empty' : 'published',
        votesAt,
        publishedAt: madeAt,
        openedAt: madeAt,
        madeAt,
      },
    ]
  })
}

/** The editions of a moment. A list of a working day that is late for long counts as a day without one, and is awaited. */
export function shelfAt(editions: readonly PromisedEdition[], now: Date): PromisedEdition[] {
  return editions.flatMap((made): PromisedEdition[] => {
    if (made.madeAt <= now) return [made]
    const hours = (now.getTime() - Date.parse(`${made.day}T00:00:00Z`)) / 3_600_000
    const isAwaited = weekday(made.day) < 6 && hours >= AWAITED_AFTER_HOURS
    return isAwaited ? [{ ...made, state: 'empty', votesAt: null, isAwaited }] : []
  })
}

const AWAITED_AFTER_HOURS = 8

export interface Life {
  readonly subscriber: DeliveryTimes
  readonly promises: readonly { readonly next: NextDigest; readonly tick: number }[]
  /** The tick of the first digest, or −1. */
  readonly first: number
  readonly ticks: readonly Date[]
  readonly editions: readonly PromisedEdition[]
  /** Whether the first digest came by an operator's `run` after they joined. */
  readonly byRun?: boolean
}

/**
 * Returns how a first digest differs from what its subscriber was told before. The promise: the first digest comes on the first day from D on that has papers, not before H, or within minutes. A
 * day has papers for a daily subscriber when it has an edition; for a weekly one, when one of the seven days up to it has.
 * An edition that comes later in the day counts from then on. An operator who sends an edition to everyone after they joined sends
 * it to them too, which may be earlier.
 */
export function brokenPromises({ subscriber, promises, first, ticks, editions, byRun = false }: Life): string[] {
  const { timezone, frequency, weekdays, deliveryHour: hour } = subscriber
  const clock = ticks.map((now) => localTime(timezone, now))
  const came = clock[first] ?? null
  const late = (day: Day, since: number) =>
    ticks.findIndex((now, tick) => {
      if (tick < since) return false
      const local = clock[tick] as (typeof clock)[number]
      if (local.day < day || local.hour < hour) return false
      const there = shelfAt(editions, now).filter((made) => made.state === 'published' && isFresh(made))
      return frequency === 'daily'
        ? weekdays.includes(weekday(local.day)) && there.some((made) => made.day === local.day)
        : there.some((made) => made.day <= local.day && made.day > addDays(local.day, -7))
    })
  return promises.flatMap(({ next, tick }) => {
    const said = `at ${ticks[tick]?.toISOString()} told ${JSON.stringify(next)}; came ${JSON.stringify(came)}`
    if (next.kind === 'soon') return first === tick ? [] : [`not soon: ${said}`]
    if (next.kind !== 'from') return [said]
    const isEarly = came !== null && !byRun && (came.day < next.day || (came.day === next.day && came.hour < next.hour))
    const wrongDay = frequency === 'weekly' && weekday(next.day) !== subscriber.weekday
    const due = late(next.day, tick)
    const isLate = due !== -1 && (first === -1 || first > due)
    return [
      ...(isEarly ? [`too early: ${said}`] : []),
      ...(isLate ? [`too late: ${said}, due ${ticks[due]?.toISOString()}`] : []),
      ...(wrongDay && tick === promises[0]?.tick ? [`wrong weekday: ${said}`] : []),
    ]
  })
}

const isFresh = ({ day, publishedAt }: RecentEdition) =>
  publishedAt.getTime() - Date.parse(`${day}T00:00:00Z`) < EDITION_OPEN_HOURS * 3_600_000
