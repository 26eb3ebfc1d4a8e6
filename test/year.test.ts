import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day as asDay, type Day, weekday } from '../src/domain/day.ts'
import type { Preferences } from '../src/domain/subscriber.ts'
import { seeded } from '../src/ranking/eval/statistics.ts'
import { TEST_DATABASE_URL } from './support/servers/services.ts'
import { type ListOf, Year, type YearAction } from './support/year/year.ts'
import { faultsOf, readDeliveries } from './support/year/year-faults.ts'

/**
 * Random subscribers on the critical days of a year: clock changes on both hemispheres, the end of an ISO year of 53 weeks,
 * holidays, weekends, and sources that are down for hours or a day. The subscribers move, pause, return, and change hours, days
 * and frequency. `YEAR_DAYS=365 YEAR_TICK_MINUTES=30` walks through the whole year, and `YEAR_SEED` chooses another one.
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
      expect(faultsOf(year, { ticks, tickMinutes: TICK_MINUTES }, deliveries)).toEqual([])
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
