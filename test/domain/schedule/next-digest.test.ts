import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day as asDay, dayIn } from '../../../src/domain/day.ts'
import { type NextDigest, nextDigest } from '../../../src/domain/schedule/next-digest.ts'
import { type DeliveryTimes, periodDue, type RecentEdition, scheduleOf } from '../../../src/domain/schedule/schedule.ts'
import { describeNextDigest } from '../../../src/rendering/next-digest-words.ts'
import { ANY_SUBSCRIBER, brokenPromises, edition, editionsOf, shelfAt } from '../../support/sending/promises.ts'

const TUESDAY = asDay('2026-11-24')
const at = (time: string, on = '2026-11-24') => new Date(`${on}T${time}:00Z`)
const NOBODY: ReadonlySet<string> = new Set()

const DAILY: DeliveryTimes = {
  frequency: 'daily',
  weekday: 1,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  deliveryHour: 8,
  timezone: 'UTC',
  eligibleFrom: TUESDAY,
  updatedAt: at('06:30'),
}

/** The answer for Ada, who subscribes on Tuesday, 24 November 2026, at a time of UTC. */
const told = (subscriber: DeliveryTimes, recent: readonly RecentEdition[], time: string, had = NOBODY) =>
  nextDigest({ subscriber, had, recent, now: at(time) })

describe('a new subscriber is told that the next digest comes', () => {
  it('within minutes, when today’s edition is there and their hour has passed', () => {
    expect(told(DAILY, [edition(TUESDAY)], '10:00')).toEqual({ kind: 'soon' })
  })

  it('today at their hour, when that has not come yet', () => {
    expect(told(DAILY, [edition(TUESDAY)], '07:00')).toEqual({ kind: 'from', day: TUESDAY, hour: 8 })
  })

  it('today, when their hour has passed and the edition of today may still come', () => {
    expect(told(DAILY, [], '10:00')).toEqual({ kind: 'from', day: TUESDAY, hour: 8 })
    expect(told(DAILY, [edition(TUESDAY, { state: 'failed' })], '10:00')).toMatchObject({ day: TUESDAY })
    const late = edition(TUESDAY, { state: 'empty', votesAt: null, isAwaited: true })
    expect(told(DAILY, [late], '10:00')).toMatchObject({ day: TUESDAY })
  })

  it('tomorrow, when nothing more comes today', () => {
    // Ada left and came back on one day, and has had today's digest.
    expect(told(DAILY, [edition(TUESDAY)], '10:00', new Set(['2026-11-24']))).toMatchObject({ day: '2026-11-25' })
    expect(told(DAILY, [edition(TUESDAY, { release: 'cancelled' })], '10:00')).toMatchObject({ day: '2026-11-25' })
  })

  it('not from an edition of a day before they came', () => {
    expect(told(DAILY, [edition(addDays(TUESDAY, -1))], '07:00')).toEqual({ kind: 'from', day: TUESDAY, hour: 8 })
  })

  it('when it is released, when an operator or the canary still holds it', () => {
    expect(told(DAILY, [edition(TUESDAY, { release: 'held' })], '10:00')).toEqual({ kind: 'held' })
  })

  it('when there is room, while the warm-up of the sending domain leaves subscribers out', () => {
    expect(told(DAILY, [edition(TUESDAY, { deferredCount: 3 })], '07:00')).toEqual({ kind: 'queued' })
  })

  it('on a weekday that they chose, by the clock of their own zone', () => {
    expect(told({ ...DAILY, weekdays: [1, 5] }, [], '09:00')).toMatchObject({ day: '2026-11-27' })
    const wednesday = asDay('2026-11-25')
    const auckland = { ...DAILY, timezone: 'Pacific/Auckland', eligibleFrom: wednesday, updatedAt: at('20:00') }
    expect(told(auckland, [edition(TUESDAY)], '20:00')).toEqual({ kind: 'from', day: wednesday, hour: 8 })
  })

  it('on a Saturday without a list with the papers of Friday', () => {
    const recent = [edition(asDay('2026-11-27')), edition(asDay('2026-11-28'), { state: 'empty' })]
    const subscriber = { ...DAILY, eligibleFrom: asDay('2026-11-28') }
    const now = at('10:00', '2026-11-28')
    expect(nextDigest({ subscriber, had: NOBODY, recent, now })).toEqual({ kind: 'soon' })
  })

  it.each([
    [1, '2026-11-30'],
    [3, '2026-11-25'],
    [5, '2026-11-27'],
  ])('weekly, on weekday %i: on %s', (own, day) => {
    const weekly = { ...DAILY, frequency: 'weekly', weekday: own } as const
    expect(told(weekly, [edition(TUESDAY)], '09:00')).toEqual({ kind: 'from', day: asDay(day), hour: 8 })
  })
})

describe('the words for the next digest', () => {
  it.each<[NextDigest, RegExp]>([
    [{ kind: 'soon' }, /within minutes/],
    [{ kind: 'held' }, /as soon as it is released/],
    [{ kind: 'queued' }, /in a queue: our sending domain is new/],
    [
      { kind: 'from', day: asDay('2026-11-30'), hour: 8 },
      /on Monday, 30 November 2026, after 08:00 \(Europe\/Vienna\), or on the next day that has papers/,
    ],
  ])('%j', (next, words) => expect(describeNextDigest(next, 'Europe/Vienna')).toMatch(words))
})

describe('what a new subscriber is told comes true', () => {
  const TICKS = 10 * 24

  it('at each moment before the first digest, in any zone, at any hour, with late, missing and empty editions', () => {
    fc.assert(
      fc.property(
        ANY_SUBSCRIBER,
        LISTS,
        START,
        fc.integer({ min: 0, max: 3 * 24 }),
        (wanted, lists, start, confirmTick) => {
          const ticks = Array.from({ length: TICKS }, (_, n) => new Date(start.getTime() + n * 3_600_000))
          const editions = editionsOf(lists, dayIn('UTC', start))
          const confirmed = ticks[confirmTick] ?? start
          const subscriber = { ...wanted, eligibleFrom: dayIn(wanted.timezone, confirmed), updatedAt: confirmed }
          const promises: { readonly next: NextDigest; readonly tick: number }[] = []
          const first = ticks.findIndex((now, tick) => {
            if (tick < confirmTick) return false
            const recent = shelfAt(editions, now)
            if ((tick - confirmTick) % 5 === 0)
              promises.push({ next: nextDigest({ subscriber, had: NOBODY, recent, now }), tick })
            return isServed(subscriber, recent, now)
          })
          expect(brokenPromises({ subscriber, promises, first, ticks, editions })).toEqual([])
        },
      ),
      { numRuns: Number(process.env.PROMISE_RUNS ?? 120) },
    )
  })

  const isServed = (subscriber: DeliveryTimes, recent: readonly RecentEdition[], now: Date) =>
    recent.some(({ day, release }) => {
      const turn = scheduleOf(subscriber.timezone, day, recent, now)
      return release === 'open' && turn !== null && periodDue(subscriber, turn, day) !== null
    })
})

/** In the days after each, clocks change at midnight somewhere, weekends and holidays come, or a year ends. */
const START = fc
  .constantFrom(
    ...['2021-03-20', '2021-09-29', '2026-03-05', '2026-03-25', '2026-04-02', '2026-04-21', '2026-09-02'],
    ...['2026-10-22', '2026-10-28', '2026-11-19', '2026-12-22'],
  )
  .map((on) => new Date(`${on}T00:00:00Z`))
/** For each day the hour of UTC at which its list can be read, or that it is a holiday. Weekends have no list. */
const LISTS = fc.array(fc.oneof(fc.constant(6), fc.integer({ min: 0, max: 40 }), fc.constant('holiday' as const)), {
  minLength: 14,
  maxLength: 14,
})
