import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day as asDay, type Day, isoWeek, weekday } from '../src/domain/day.ts'
import type { Preferences } from '../src/domain/subscriber.ts'
import { seeded } from '../src/ranking/eval/statistics.ts'
import { type ListOf, type Stand, Year, type YearAction, type YearSubscriber } from './support/sending/year.ts'
import { TEST_DATABASE_URL } from './support/servers/services.ts'

/**
 * Random readers in the days at which something can go wrong: clocks put forward and back in the north and in the south, the turn
 * of an ISO year of 53 weeks over the holidays, weekends, sources that are down for hours or for the day. In between they move,
 * pause, come back, and change hours, days and rhythm. `YEAR_DAYS=365 YEAR_TICK_MINUTES=30` walks through the whole
 * year; `YEAR_SEED` chooses another.
 */
const SEED = Number(process.env.YEAR_SEED ?? 1)
const TICK_MINUTES = Number(process.env.YEAR_TICK_MINUTES ?? 60)
const SUBSCRIBERS = Number(process.env.YEAR_SUBSCRIBERS ?? 25)
const SPANS: readonly (readonly [string, number])[] =
  process.env.YEAR_DAYS === undefined
    ? [
        ['2026-03-27', 4], // Greenland loses Saturday's last hour, Europe an hour of Sunday.
        ['2026-10-31', 2], // America has an hour of Sunday twice.
        ['2026-12-31', 6], // Holidays, and 2026-W53 until 3 January.
      ]
    : [['2026-03-01', Number(process.env.YEAR_DAYS)]]
const HOLIDAYS = ['2026-04-03', '2026-04-06', '2026-12-25', '2026-12-31', '2027-01-04']

const test = TEST_DATABASE_URL === null ? it.skip : it

describe(`readers through a year, seed ${SEED}`, () => {
  let year: Year | null = null
  afterAll(() => year?.close())
  const ticks: Date[] = []

  test(
    'get each paper once, one digest for each period, at their own hour, and none while they pause',
    async () => {
      const random = seeded(SEED)
      year = await Year.open(new Date(`${SPANS[0]?.[0]}T00:00:00Z`), listsOf(random))
      await year.subscribe(
        fc
          .sample(SUBSCRIBER, { numRuns: SUBSCRIBERS, seed: SEED })
          .map((subscriber, index) => named(subscriber, index)),
      )
      for (const [from, days] of SPANS) await walk(year, asDay(from), days, random)
      const deliveries = await readDeliveries(year)
      expect(deliveries.length).toBeGreaterThan(SUBSCRIBERS)
      expect(faultsOf(year, ticks, deliveries)).toEqual([])
    },
    24 * 3_600_000,
  )

  async function walk(of: Year, from: Day, days: number, random: () => number): Promise<void> {
    const start = Date.parse(`${from}T00:00:00Z`)
    for (let minutes = 0; minutes < days * 1440; minutes += TICK_MINUTES) {
      const now = new Date(start + minutes * 60_000)
      // Subscribers act between two rounds.
      of.now = new Date(now.getTime() - (TICK_MINUTES / 2) * 60_000)
      for (const subscriber of of.subscribers)
        if (random() < TICK_MINUTES / (60 * 48))
          await of.act(subscriber, fc.sample(ACT, { numRuns: 1, seed: seedOf(random) })[0] as YearAction)
      await of.tick(now)
      ticks.push(now)
    }
  }
})

const ZONE = fc.oneof(
  fc.constantFrom(
    'America/Nuuk',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
    'Europe/Berlin',
    'America/New_York',
    'UTC',
  ),
  fc.constantFrom('Pacific/Auckland', 'Asia/Tokyo', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Casablanca'),
  fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
)
const HOUR = fc.oneof(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 2, 8, 23))
const WEEKDAYS = fc.oneof(
  fc.constant([1, 2, 3, 4, 5, 6, 7]),
  fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
  fc.constantFrom([1, 2, 3, 4, 5], [6, 7]),
)
const SUBSCRIBER = fc.record({
  frequency: fc.constantFrom('daily', 'daily', 'weekly') as fc.Arbitrary<Preferences['frequency']>,
  deliveryHour: HOUR,
  timezone: ZONE,
  weekday: fc.integer({ min: 1, max: 7 }),
  weekdays: WEEKDAYS,
  includeOtherTitles: fc.boolean(),
  featuredCount: fc.integer({ min: 1, max: 5 }),
})
const ACT: fc.Arbitrary<YearAction> = fc.oneof(
  fc.record({
    kind: fc.constant('prefer' as const),
    wanted: fc.oneof(
      fc.record({ timezone: ZONE }),
      fc.record({ deliveryHour: HOUR }),
      fc.record({ frequency: fc.constantFrom('daily' as const, 'weekly' as const) }),
      fc.record({ weekdays: WEEKDAYS }),
      fc.record({ weekday: fc.integer({ min: 1, max: 7 }) }),
    ),
  }),
  fc.record({ kind: fc.constant('pause' as const), days: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(null)) }),
  fc.constant({ kind: 'resume' as const }),
  fc.constant({ kind: 'resume' as const }),
)

function named(subscriber: Partial<Preferences>, index: number) {
  return { ...subscriber, email: `reader${index}@example.org` }
}

function seedOf(random: () => number): number {
  return Math.floor(random() * 2 ** 31)
}

/** Six to nine papers on each working day, some of them from the list of the day before. */
function listsOf(random: () => number): (day: Day) => ListOf {
  const lists = new Map<Day, ListOf>()
  return (day) => {
    const known = lists.get(day)
    if (known !== undefined) return known
    const papers = Array.from({ length: 6 + Math.floor(random() * 4) }, (_, n) =>
      random() < 0.1 ? `${addDays(day, -1)}.${n}` : `${day}.${n}`,
    )
    const none = weekday(day) > 5 || HOLIDAYS.includes(day)
    const luck = random()
    const list = { papers: none ? [] : papers, downHours: luck < 0.1 ? 24 : luck < 0.3 ? Math.ceil(random() * 17) : 0 }
    lists.set(day, list)
    return list
  }
}

interface Delivered {
  readonly subscriber: YearSubscriber
  readonly day: Day
  readonly period: string
  readonly state: string
  readonly queuedAt: Date
  readonly papers: readonly string[]
}

async function readDeliveries(year: Year): Promise<Delivered[]> {
  const rows = await year.ledger.db
    .selectFrom('deliveries')
    .select(['subscriber_id', 'day', 'period', 'state', 'queued_at', 'paper_ids'])
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

/** Every way in which the year was not as it should have been, each in words. */
function faultsOf(year: Year, ticks: readonly Date[], deliveries: readonly Delivered[]): string[] {
  return year.subscribers.flatMap((subscriber) => {
    const own = deliveries.filter((each) => each.subscriber === subscriber)
    return [
      ...repeatsOf(subscriber, own),
      ...mailsWhilePausing(subscriber, year),
      ...own.flatMap((each) => untimely(each)),
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
function untimely(delivered: Delivered): string[] {
  const faults = untimelyAt(delivered, delivered.queuedAt)
  const acted = new Date(delivered.queuedAt.getTime() - (TICK_MINUTES / 2) * 60_000)
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
