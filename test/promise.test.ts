import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, day as asDay, type Day } from '../src/domain/day.ts'
import { type NextDigest, nextDigest } from '../src/domain/schedule/next-digest.ts'
import type { RecentEdition } from '../src/domain/schedule/schedule.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../src/domain/subscriber.ts'
import { readRecentEditions } from '../src/ledger/dispatch/due-subscribers.ts'
import { openToEveryone, readOpenEditions, writePage } from '../src/ledger/dispatch/write-page.ts'
import { addSubscribers, moveSubscriber, readSubscriber } from '../src/ledger/subscribers/subscribers.ts'
import type { Cohort } from '../src/pipeline/dispatch.ts'
import { seeded } from '../src/ranking/eval/statistics.ts'
import { postgresLedger, type TestLedger } from './support/ledger.ts'
import {
  ANY_SUBSCRIBER,
  brokenPromises,
  edition,
  editionsOf,
  type PromisedEdition,
} from './support/sending/promises.ts'
import { TEST_DATABASE_URL } from './support/servers/services.ts'

const SEED = Number(process.env.PROMISE_SEED ?? 1)
const SUBSCRIBERS = Number(process.env.PROMISE_SUBSCRIBERS ?? 150)
/** Clocks change in Europe on 25 October, in Cairo at the midnight before 30 October, in Havana on 1 November. */
const START = asDay('2026-10-24')
const DAYS = 11
const JOINING_DAYS = 5

const test = TEST_DATABASE_URL === null ? it.skip : it

describe(`what new subscribers are told, on a real ledger, seed ${SEED}`, () => {
  let ledger: TestLedger
  beforeAll(async () => {
    if (TEST_DATABASE_URL !== null) ledger = await postgresLedger(TEST_DATABASE_URL)
  })
  afterAll(() => ledger?.close())

  const random = seeded(SEED)
  const below = (count: number) => Math.floor(random() * count)
  const lists = Array.from({ length: DAYS + 2 }, () => {
    const luck = random()
    return luck < 0.15 ? ('holiday' as const) : luck < 0.5 ? below(40) : 6
  })
  const editions: PromisedEdition[] = editionsOf(lists, START)
  const ticks = Array.from({ length: DAYS * 24 }, (_, n) => new Date(Date.parse(`${START}T00:00:00Z`) + n * 3_600_000))

  test('comes true with late lists, holidays, and editions of today and of past days that an operator sends to everyone', async () => {
    const joined: Joined[] = []
    const wanted = fc.sample(ANY_SUBSCRIBER, { numRuns: SUBSCRIBERS, seed: SEED })
    const joiningTicks = wanted.map(() => below(JOINING_DAYS * 24))
    const runs = new Set<number>()
    for (const [tick, now] of ticks.entries()) {
      for (const made of editions.filter((each) => each.madeAt <= now)) await put(made)
      for (const [index, preferences] of wanted.entries())
        if (joiningTicks[index] === tick) joined.push(await join(index, preferences, tick))
      if (tick % 7 === 3 && tick < 6 * 24) {
        runs.add(tick)
        // Today, or a past day: the day before START has an edition from the start.
        await run(addDays(asDay(now.toISOString().slice(0, 10)), -below(4)), now)
      }
      for (const { day, cohort } of await readOpenEditions(ledger.db, now))
        await dispatch(day, cohort === 'hour' ? { kind: 'hour', now } : { kind: 'everyone' }, now)
    }
    const firsts = await readFirsts()
    const faults = joined.flatMap(({ id, subscriber, tick, next }) => {
      const first = firsts.get(id) ?? -1
      const life = { subscriber, promises: [{ next, tick }], first, ticks, editions, byRun: runs.has(first) }
      return brokenPromises(life).map((fault) => `${JSON.stringify(subscriber)} ${fault}`)
    })
    expect(faults.slice(0, 3)).toEqual([])
    expect(joined.filter(({ id }) => firsts.has(id)).length).toBeGreaterThan(SUBSCRIBERS / 2)
  }, 120_000)

  /** Half of them confirm a mail, and half are added by the operator. */
  async function join(index: number, wanted: Partial<Preferences>, tick: number): Promise<Joined> {
    const at = ticks[tick] as Date
    const email = `${index}@example.org`
    const state = index % 2 === 0 ? ('active' as const) : ('pending' as const)
    const consent = { by: 'operator' as const, note: 'a test', at: at.toISOString() }
    const preferences = { ...DEFAULT_PREFERENCES, ...wanted }
    const fresh = { email, emailKey: email, addressHash: `hash of ${email}`, state, preferences, consent }
    const [added] = await addSubscribers(
      ledger.db,
      [fresh],
      new Date(at.getTime() - (state === 'active' ? 0 : 7_200_000)),
    )
    const id = added !== undefined && 'id' in added ? added.id : ''
    if (state === 'pending') await moveSubscriber(ledger.db, id, 'active', at, 'confirmed by mail', 'pending')
    const subscriber = await readSubscriber(ledger.db, id)
    if (subscriber === null) throw new Error('a subscriber of the test is gone')
    const next = nextDigest({ subscriber, had: new Set(), recent: await readRecentEditions(ledger.db, at), now: at })
    return { id, subscriber, tick, next }
  }

  /** Does with an edition the same as `paperround run --date`, and sends nothing. */
  async function run(day: Day, now: Date): Promise<void> {
    let made = editions.find((each) => each.day === day)
    if (made === undefined || made.madeAt > now) {
      made = { ...edition(day), votesAt: now, publishedAt: now, openedAt: now, madeAt: now }
      editions.splice(0, editions.length, ...editions.filter((each) => each.day !== day), made)
      await put(made)
    }
    await openToEveryone(ledger.db, day, now)
    await dispatch(day, { kind: 'everyone' }, now)
  }

  async function put({ day, state, votesAt, publishedAt }: RecentEdition): Promise<void> {
    await ledger.db
      .insertInto('editions')
      .values({ day, state, reports: '[]', votes_at: votesAt, published_at: publishedAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  async function dispatch(day: Day, cohort: Cohort, at: Date): Promise<void> {
    await writePage(ledger.db, {
      day,
      cohort,
      after: '0',
      subscribersMax: 1_000,
      parcelSize: 1_000,
      newParcelId: randomUUID,
      at,
    })
  }

  async function readFirsts(): Promise<Map<string, number>> {
    const rows = await ledger.db
      .selectFrom('deliveries')
      .select(['subscriber_id', ({ fn }) => fn.min('queued_at').as('at')])
      .groupBy('subscriber_id')
      .execute()
    return new Map(rows.map((row) => [row.subscriber_id, ticks.findIndex((now) => now.getTime() === row.at.getTime())]))
  }
})

interface Joined {
  readonly id: string
  readonly subscriber: NonNullable<Awaited<ReturnType<typeof readSubscriber>>>
  readonly tick: number
  readonly next: NextDigest
}
