import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { run } from '../../src/cli/day/run.ts'
import { addDays, type Day, day } from '../../src/domain/day.ts'
import type { Preferences } from '../../src/domain/subscriber.ts'
import { openToEveryone } from '../../src/ledger/dispatch/write-page.ts'
import { eraseSubscriber } from '../../src/ledger/subscribers/erase.ts'
import { pauseSubscriber, resumeSubscriber } from '../../src/ledger/subscribers/pauses.ts'
import { savePreferences } from '../../src/ledger/subscribers/preferences.ts'
import { readSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { undoUnsubscribe, unsubscribe } from '../../src/ledger/subscribers/unsubscribe.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import { startDispatching } from '../../workers/dispatch.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { until } from '../support/until.ts'
import { openWebsite, type Website } from '../support/web/website.ts'

const TUESDAY = day('2026-11-24')
const MINUTE = 60_000
const LONG_AGO = day('2026-11-12')

/** An installation on Tuesday, 24 November 2026, 09:30 UTC. */
let site: Website
beforeAll(async () => {
  site = await openWebsite(QUICKEST, {}, { workers: false })
  await publish(LONG_AGO)
}, 120_000)
afterAll(() => site.close())

const join = async (email: string, preferences: Partial<Preferences> = {}) => {
  site.pass(MINUTE)
  const [id = ''] = await addSubscribersFor(site.app, [{ email, ...preferences }])
  return id
}
const db = () => site.app.ledger.db
const subscriber = async (id: string) => {
  const row = await readSubscriber(db(), id)
  if (row === null) throw new Error('a subscriber of the test is gone')
  return row
}
const publish = (on: Day) => site.app.publish(on, [sampleSource({ clock: site.app.clock, last: on })])
/** Time passes while the command runs. */
const call = (date: string, more: { only?: string } = {}) => {
  let asked = 0
  const clock = () => new Date(site.app.clock().getTime() + asked++)
  return run({ date, source: ['sample'], ...more }, commandContext(site.place, clock))
}

/** Does the same as a worker within a minute: each open edition is dispatched to the cohorts that it is open to. */
const work = async () => {
  const dispatching = await startDispatching(site.app)
  await site.app.reconcile({ editions: true })
  await until('all editions dispatched', async () => {
    const { waiting, active } = await site.app.queues.depth('dispatch')
    return waiting + active === 0
  })
  await dispatching.close()
}

const daysOf = async (id: string) => {
  const rows = await db()
    .selectFrom('deliveries')
    .select('day')
    .where('subscriber_id', '=', id)
    .orderBy('day')
    .execute()
  return rows.map((row) => row.day)
}

describe('an edition that an operator sends with `run`', () => {
  it('goes to the subscribers who are on the list then, and to no one who comes later', async () => {
    const kofi = await join('kofi@example.org')
    for (const date of ['2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24']) expect(await call(date)).toBe(0)
    site.pass(MINUTE)
    const ada = await join('ada@example.org', { deliveryHour: 12 })
    await work()
    expect(await daysOf(kofi)).toEqual(['2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24'])
    expect(await daysOf(ada)).toEqual([])

    site.pass(3 * 60 * MINUTE)
    await work()
    expect(await daysOf(ada)).toEqual(['2026-11-24'])

    expect(await call('2026-11-23')).toBe(0)
    expect(await daysOf(ada)).toEqual(['2026-11-23', '2026-11-24'])
  })

  it('goes to the same subscribers when the dispatch is repeated after a crash', async () => {
    const on = addDays(TUESDAY, -8)
    await publish(on)
    const [left, paused, erased, changed, stays] = await Promise.all(
      ['left', 'paused', 'erased', 'changed', 'stays'].map((name) => join(`${name}@example.org`)),
    )
    site.pass(MINUTE)
    await openToEveryone(db(), on, site.app.clock())
    // The process dies here. Before a worker takes over, the list changes.
    site.pass(MINUTE)
    const comes = await join('comes@example.org')
    await unsubscribe(db(), { subscriberId: left ?? '', by: 'page', at: site.app.clock() })
    await undoUnsubscribe(db(), left ?? '', site.app.clock())
    await pauseSubscriber(db(), await subscriber(paused ?? ''), null, site.app.clock())
    await resumeSubscriber(db(), await subscriber(paused ?? ''), site.app.clock())
    const { email } = await subscriber(erased ?? '')
    await eraseSubscriber(db(), erased ?? '', site.app.clock())
    await db().deleteFrom('suppressions').execute()
    const back = await join(email)
    await savePreferences(db(), changed ?? '', { weekdays: [1, 2, 3, 4, 5] }, site.app.clock())
    await savePreferences(db(), stays ?? '', { deliveryHour: 20, timezone: 'Asia/Tokyo' }, site.app.clock())
    await work()
    expect(await daysOf(stays ?? '')).toContain(on)
    for (const id of [comes, left, paused, back, changed]) expect(await daysOf(id ?? '')).not.toContain(on)
  })

  it('goes to a subscriber whose pause ends on the day of the call', async () => {
    const ines = await join('ines@example.org')
    await pauseSubscriber(db(), await subscriber(ines), addDays(TUESDAY, 1), site.app.clock())
    site.pass(24 * 60 * MINUTE)
    expect(await call('2026-11-25')).toBe(0)
    expect(await daysOf(ines)).toEqual(['2026-11-25'])
  })

  it('waits for approval with the list of the call', async () => {
    const on = addDays(TUESDAY, -9)
    await publish(on)
    await db().updateTable('editions').set({ needs_approval: true }).where('day', '=', on).execute()
    const before = await join('before@example.org')
    await openToEveryone(db(), on, site.app.clock())
    await work()
    expect(await daysOf(before)).not.toContain(on)
    const after = await join('after@example.org')
    await db().updateTable('editions').set({ approved_at: site.app.clock() }).where('day', '=', on).execute()
    await work()
    expect([await daysOf(before), await daysOf(after)]).toEqual([
      expect.arrayContaining([on]),
      expect.not.arrayContaining([on]),
    ])
  })

  it('goes to one subscriber with --only, and stays closed to the others', async () => {
    const one = await join('one@example.org', { frequency: 'weekly' })
    const other = await join('other@example.org')
    expect(await call('2026-11-17', { only: 'one@example.org' })).toBe(0)
    await work()
    expect([await daysOf(one), await daysOf(other)]).toEqual([
      [TUESDAY_BEFORE],
      expect.not.arrayContaining([TUESDAY_BEFORE]),
    ])
  })
})

const TUESDAY_BEFORE = '2026-11-17'

describe('a weekly subscriber whom the operator adds on a Wednesday', () => {
  it('gets the first digest on their weekday, whether a worker or `run` sends it', async () => {
    const monday = await join('monday@example.org', { frequency: 'weekly', weekday: 1 })
    const wednesday = await join('wednesday@example.org', { frequency: 'weekly', weekday: 3 })
    await work()
    expect(await call('2026-11-25')).toBe(0)
    expect(await daysOf(monday)).toEqual([])
    expect(await daysOf(wednesday)).toEqual(['2026-11-25'])
    site.pass(5 * 24 * 60 * MINUTE)
    await publish(day('2026-11-30'))
    await work()
    expect(await daysOf(monday)).toEqual(['2026-11-30'])
  })
})

describe('an edition that was made days before an operator sends it', () => {
  it('is sent by a worker to those whom the command left for it', async () => {
    const ada = await join('late-ada@example.org')
    expect(await daysOf(ada)).toEqual([])
    // The list did not fit into the window of the command.
    await openToEveryone(db(), LONG_AGO, site.app.clock())
    await work()
    expect(await daysOf(ada)).toContain(LONG_AGO)
  })
})
