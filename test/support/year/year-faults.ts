import { addDays, day as asDay, type Day, isoWeek, weekday } from '../../../src/domain/day.ts'
import { paperIdsIn } from '../../../src/ledger/deliveries/paper-numbers.ts'
import type { Stand, Year, YearSubscriber } from './year.ts'

/** A delivery of the year, with its subscriber. */
export interface Delivered {
  readonly subscriber: YearSubscriber
  readonly day: Day
  readonly period: string
  readonly state: string
  readonly queuedAt: Date
  readonly papers: readonly string[]
}

/** Reads all deliveries of a year, in the order of their creation. */
export async function readDeliveries(year: Year): Promise<Delivered[]> {
  const rows = await year.ledger.db
    .selectFrom('deliveries')
    .select(['subscriber_id', 'day', 'period', 'state', 'queued_at', paperIdsIn('paper_numbers').as('paper_ids')])
    .orderBy('id')
    .execute()
  return rows.flatMap((row) => {
    const subscriber = year.subscribers.find(({ id }) => id === row.subscriber_id)
    return subscriber === undefined
      ? []
      : [
          {
            subscriber,
            day: asDay(row.day),
            period: row.period,
            state: row.state,
            queuedAt: row.queued_at,
            papers: row.paper_ids ?? [],
          },
        ]
  })
}

/** Returns the broken promises of a year, as sentences. */
export function faultsOf(
  year: Year,
  { ticks, tickMinutes }: { readonly ticks: readonly Date[]; readonly tickMinutes: number },
  deliveries: readonly Delivered[],
): string[] {
  return year.subscribers.flatMap((subscriber) => {
    const own = deliveries.filter((each) => each.subscriber === subscriber)
    return [
      ...repeatsOf(subscriber, own),
      ...mailsWhilePausing(subscriber, year),
      ...own.flatMap((each) => untimely(each, tickMinutes)),
      ...ticks.flatMap((tick) => missing(subscriber, tick, own, year)),
    ]
  })
}

function repeatsOf(subscriber: YearSubscriber, own: readonly Delivered[]): string[] {
  const papers = own.filter(({ state }) => state === 'sent').flatMap((each) => each.papers)
  return [
    ...twice(papers).map((id) => `${subscriber.email} had paper ${id} twice`),
    ...twice(own.map(({ period }) => period)).map((period) => `${subscriber.email} had two digests of ${period}`),
  ]
}

function twice(all: readonly string[]): string[] {
  return all.filter((each, index) => all.indexOf(each) < index)
}

function mailsWhilePausing(subscriber: YearSubscriber, { mails }: Year): string[] {
  return mails
    .filter(({ to, at }) => to === subscriber.email && !(standAt(subscriber, at)?.active ?? false))
    .map(({ at }) => `${subscriber.email} was mailed at ${at.toISOString()}, in a pause`)
}

/**
 * Checks that a digest never comes before the hour, on a day that was not chosen, or for a future day. A digest that became due
 * by a change half a round earlier is also on time, even across midnight.
 */
function untimely(delivered: Delivered, tickMinutes: number): string[] {
  const faults = untimelyAt(delivered, delivered.queuedAt)
  const acted = new Date(delivered.queuedAt.getTime() - (tickMinutes / 2) * 60_000)
  const justActed = delivered.subscriber.stands.some(({ at }) => at.getTime() === acted.getTime())
  return faults.length > 0 && justActed && untimelyAt(delivered, acted).length === 0 ? [] : faults
}

function untimelyAt({ subscriber, day, period, queuedAt }: Delivered, moment: Date): string[] {
  const stand = standAt(subscriber, queuedAt)
  if (stand === undefined) return [`${subscriber.email} got a digest before they were there`]
  const local = wallOf(stand.timezone, moment)
  const said = `${subscriber.email} (${stand.frequency} from ${stand.deliveryHour} ${stand.timezone}) was given ${day} for ${period} at ${local.day} ${local.hour} h`
  const early = local.hour < stand.deliveryHour && !skipped(stand, moment)
  const chosen = stand.frequency === 'weekly' || skipped(stand, moment) || stand.weekdays.includes(weekday(local.day))
  const weeks = [isoWeek(local.day), isoWeek(addDays(local.day, -7))]
  const named = stand.frequency === 'weekly' ? weeks.includes(period) : period === day
  return [
    ...(early ? [`${said}: too early`] : []),
    ...(chosen ? [] : [`${said}: not on that day`]),
    ...(local.day < day ? [`${said}: that day has not come`] : []),
    ...(named ? [] : [`${said}: of another period`]),
  ]
}

/** Whether the reader's hour did not exist on the day before, so that it came with midnight. */
function skipped(stand: Stand, at: Date): boolean {
  const hours = Array.from({ length: 48 }, (_, n) => wallOf(stand.timezone, new Date(at.getTime() - n * 1_800_000)))
  const yesterday = addDays(wallOf(stand.timezone, at).day, -1)
  return (
    hours.some(({ day }) => day === yesterday) &&
    !hours.some(({ day, hour }) => day === yesterday && hour >= stand.deliveryHour)
  )
}

/** Checks that every due subscriber has a digest: the hour has passed on a chosen day with an edition, or on the weekday of a weekly digest. */
function missing(subscriber: YearSubscriber, tick: Date, own: readonly Delivered[], year: Year): string[] {
  const stand = standAt(subscriber, tick)
  if (stand === undefined || !stand.active) return []
  const { day, hour } = wallOf(stand.timezone, tick)
  if (hour < stand.deliveryHour) return []
  const there = [...year.published]
    .filter(([of, at]) => at <= tick && of <= day && year.hasPapers(of))
    .map(([of]) => of)
  const period =
    stand.frequency === 'daily'
      ? there.includes(day) && stand.weekdays.includes(weekday(day))
        ? day
        : null
      : stand.weekday === weekday(day) && there.some((of) => of > addDays(day, -7))
        ? isoWeek(day)
        : null
  if (period === null || own.some((each) => each.period === period && each.queuedAt <= tick)) return []
  return [
    `${subscriber.email} (${stand.frequency} from ${stand.deliveryHour} ${stand.timezone}) has no digest of ${period} at ${day} ${hour} h`,
  ]
}

function standAt(subscriber: YearSubscriber, at: Date): Stand | undefined {
  return subscriber.stands.findLast((stand) => stand.at <= at)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** The wall clock, read in another way than the program reads it. */
function wallOf(timeZone: string, at: Date): { day: Day; hour: number } {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  clocks.set(timeZone, clock)
  const [day = '', time = ''] = clock.format(at).split(' ')
  return { day: asDay(day), hour: Number(time.slice(0, 2)) }
}
