import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import { allowanceOn, sendingDay, type WarmUp } from '../../../src/domain/schedule/warmup.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../src/domain/subscriber.ts'
import { saveEdition } from '../../../src/ledger/editions/editions.ts'
import { readDayStatus } from '../../../src/ledger/reports/status.ts'
import { addSubscribers } from '../../../src/ledger/subscribers/subscribers.ts'
import { type Cohort, type DispatchPages, dispatch } from '../../../src/pipeline/dispatch.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { openQuickestLedger, type TestLedger } from '../../support/ledger.ts'
import { aDispatch } from '../../support/pipeline/dispatching.ts'

const START = day('2026-11-24')
const EVERYONE = { kind: 'everyone' } as const

let ledger: TestLedger
beforeAll(async () => {
  ledger = await openQuickestLedger()
}, 300_000)
afterAll(() => ledger?.close())
const empty = async () => {
  await emptyTables(
    ledger.pool,
    'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, warm_up_days',
  )
  // The tests refer to subscribers by number.
  await ledger.pool.query("select setval(pg_get_serial_sequence('subscribers', 'id'), 1, false)")
}
beforeEach(empty)

async function publish(on: Day): Promise<void> {
  await saveEdition(ledger.db, aPublishedEdition(on, ['p1'], new Date(`${on}T00:00:00Z`)))
}

async function addSubscribersFor(subscribers: readonly Partial<Preferences>[]): Promise<void> {
  const at = new Date('2026-11-01T00:00:00Z')
  await addSubscribers(
    ledger.db,
    subscribers.map((preferences, index) => ({
      email: `r${index + 1}@example.org`,
      emailKey: `r${index + 1}@example.org`,
      addressHash: `h${index + 1}`,
      state: 'active',
      preferences: { ...DEFAULT_PREFERENCES, ...preferences },
      consent: { by: 'operator', note: 'a test', at: at.toISOString() },
    })),
    at,
  )
}

/** Dispatches pages of two subscribers, so that the pages of several dispatchers alternate. */
function dispatchOnce(on: Day, cohort: Cohort, at: Date, warmUp: WarmUp) {
  const dispatches: DispatchPages = {
    ...ledger.dispatches,
    writePage: (options) => ledger.dispatches.writePage({ ...options, subscribersMax: 2 }),
    countOpen: async () => ({ due: 0, deferred: 0 }),
  }
  return dispatch(
    on,
    cohort,
    aDispatch({ dispatches, warmUp, parcelSize: 1, newParcelId: randomUUID, clock: () => at }),
  )
}

/** Marks every queued delivery as sent. */
const send = (at: Date) =>
  ledger.pool.query("update deliveries set state = 'sent', settled_at = $1 where state = 'queued'", [at])

/** Returns the ids of the subscribers who get an edition, in order. */
async function served(on: Day): Promise<number[]> {
  const { rows } = await ledger.pool.query('select subscriber_id from deliveries where day = $1 order by 1', [on])
  return rows.map((row) => Number(row.subscriber_id))
}

const ZONES = ['Pacific/Auckland', 'Asia/Kolkata', 'Europe/Berlin', 'America/Los_Angeles']
const aSubscriber = fc.record({
  timezone: fc.constantFrom(...ZONES),
  deliveryHour: fc.integer({ min: 0, max: 23 }),
  frequency: fc.constantFrom('daily' as const, 'daily' as const, 'weekly' as const),
})
const aStep = fc.record({
  hours: fc.integer({ min: 1, max: 14 }),
  dispatchers: fc.integer({ min: 1, max: 3 }),
  cohort: fc.constantFrom('hour' as const, 'hour' as const, 'everyone' as const),
  back: fc.constantFrom(0, 0, 0, 1, 2),
  sends: fc.boolean(),
})

describe('the warm-up of a domain', () => {
  it('never sends more on a day than it allows, with any dispatchers, editions and times', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSubscriber, { minLength: 5, maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(aStep, { minLength: 4, maxLength: 14 }),
        async (subscribers, firstDay, steps) => {
          await empty()
          await addSubscribersFor(subscribers)
          const warmUp = { start: START, firstDay }
          let at = new Date(`${START}T05:00:00Z`)
          for (const { hours, dispatchers, cohort, back, sends } of steps) {
            at = new Date(at.getTime() + hours * 3_600_000)
            const days = [0, 0, 1].slice(0, dispatchers).map((more) => addDays(sendingDay(at), -back - more))
            for (const on of days) await publish(on)
            const who: Cohort = cohort === 'hour' ? { kind: 'hour', now: at } : EVERYONE
            await Promise.all(days.map((on) => dispatchOnce(on, who, at, warmUp)))
            if (sends) await send(at)
          }
          const { rows } = await ledger.pool.query<{ day: string; queued: string; sent: string }>(`
            select day, sum(queued) as queued, sum(sent) as sent from (
              select to_char(queued_at at time zone 'UTC', 'YYYY-MM-DD') as day, 1 as queued, 0 as sent from deliveries
              union all select to_char(settled_at at time zone 'UTC', 'YYYY-MM-DD'), 0, 1 from deliveries where settled_at is not null
            ) as each group by day`)
          for (const { day: on, queued, sent } of rows) {
            expect(Number(queued)).toBeLessThanOrEqual(allowanceOn(day(on), warmUp) ?? 0)
            expect(Number(sent)).toBeLessThanOrEqual(allowanceOn(day(on), warmUp) ?? 0)
          }
        },
      ),
      { numRuns: 15 },
    )
  }, 300_000)

  it('takes turns: subscribers who were left out come first the next day, before anybody gets a second digest', async () => {
    await addSubscribersFor(Array.from({ length: 12 }, () => ({})))
    const warmUp = { start: START, firstDay: 3 }
    const servedByDay: number[][] = []
    for (let days = 0; days < 4; days += 1) {
      const on = addDays(START, days)
      await publish(on)
      const at = new Date(`${on}T06:00:00Z`)
      const result = await dispatchOnce(on, EVERYONE, at, warmUp)
      await send(at)
      servedByDay.push(await served(on))
      expect(result).toEqual({ kind: 'done', subscribers: servedByDay.at(-1)?.length, leftOut: [9, 8, 6, 2][days] })
      expect((await readDayStatus(ledger.db, on, at)).leftOut).toBe([9, 8, 6, 2][days])
    }
    expect(servedByDay).toEqual([
      [1, 2, 3],
      [4, 5, 6, 7],
      [1, 8, 9, 10, 11, 12],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ])
  })

  it('reserves places for time zones whose morning comes last, and sends no digest of yesterday at night', async () => {
    const [auckland, angeles] = ['Pacific/Auckland', 'America/Los_Angeles']
    await addSubscribersFor(
      [auckland, auckland, angeles, angeles].map((timezone = '') => ({ timezone, deliveryHour: 8 })),
    )
    const warmUp = { start: START, firstDay: 2 }
    const dispatchHourly = async (on: Day, from: string, hours: number) => {
      await publish(on)
      for (let hour = 0; hour < hours; hour += 1) {
        const now = new Date(Date.parse(from) + hour * 3_600_000)
        await dispatchOnce(on, { kind: 'hour', now }, now, warmUp)
        await send(now)
      }
    }
    await dispatchHourly(START, '2026-11-23T18:00:00Z', 54)
    expect(await served(START)).toEqual([1, 2])
    // Morning comes first in Auckland, but the subscribers in Los Angeles have waited longer.
    await dispatchHourly(addDays(START, 1), '2026-11-24T18:00:00Z', 24)
    expect(await served(addDays(START, 1))).toEqual([1, 3, 4])
  })

  it('reserves no place for a subscriber whose day ended before the edition was published', async () => {
    await addSubscribersFor(
      ['Pacific/Auckland', 'America/Los_Angeles'].map((timezone) => ({ timezone, deliveryHour: 8 })),
    )
    await publish(START)
    const now = new Date(`${START}T20:00:00Z`)
    await dispatchOnce(START, { kind: 'hour', now }, now, { start: START, firstDay: 1 })
    expect(await served(START)).toEqual([2])
  })

  it('sends to a subscriber chosen by an operator only while places are left', async () => {
    await addSubscribersFor([{}, {}])
    const warmUp = { start: START, firstDay: 1 }
    const at = new Date(`${START}T06:00:00Z`)
    await publish(START)
    const only = (subscriberId: string) => dispatchOnce(START, { kind: 'only', subscriberId }, at, warmUp)
    expect(await only('2')).toMatchObject({ subscribers: 1, leftOut: 0 })
    expect(await only('1')).toMatchObject({ subscribers: 0, leftOut: 1 })
  })

  it('counts the digests of a paused edition on the day when they are sent', async () => {
    await addSubscribersFor(Array.from({ length: 12 }, () => ({})))
    const warmUp = { start: START, firstDay: 4 }
    const next = addDays(START, 1)
    for (const on of [START, next]) await publish(on)
    await dispatchOnce(START, EVERYONE, new Date(`${START}T06:00:00Z`), warmUp)
    const late = new Date(`${next}T06:00:00Z`)
    await send(new Date(`${next}T01:00:00Z`))
    expect(await dispatchOnce(next, EVERYONE, late, warmUp)).toMatchObject({ subscribers: 2 })
  })
})
