import { describe, expect, it } from '@jest/globals'
import { addDays } from '../../../src/domain/day.ts'
import { closeEmptyParcels, heartbeat, readIdleParcels } from '../../../src/ledger/dispatch/open-work.ts'
import { countOpen } from '../../../src/ledger/dispatch/write-page.ts'
import { suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, aParcelLedger, D, minutesLater } from '../../support/sending/parcel-ledger.ts'

describe.each(LEDGERS)('dispatch on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, publish, subscribe, dispatch, claim, counts } = aParcelLedger(open)

  test('two dispatchers at once write one delivery for each subscriber', async () => {
    await publish(D, ['p1'])
    for (let n = 0; n < 25; n += 1) await subscribe(`r${n}@example.org`)
    await Promise.all([dispatch({ parcelSize: 4 }), dispatch({ parcelSize: 4 })])
    expect((await counts()).queued).toBe(25)
    expect(await countOpen(ledger().db, D, AT)).toEqual({ due: 25, deferred: 0 })
  })

  test('a subscriber is due from the delivery hour in their own time zone', async () => {
    await publish(D, ['p1'])
    await subscribe('tokyo@example.org', { timezone: 'Asia/Tokyo', deliveryHour: 15 }) // 15:00 there is 06:00 UTC.
    await subscribe('berlin@example.org', { timezone: 'Europe/Berlin', deliveryHour: 9 }) // 08:00 there.
    await subscribe('samoa@example.org', { timezone: 'Pacific/Pago_Pago', deliveryHour: 0 }) // Still the day before.
    const due = async (now: Date) => {
      await dispatch({ parcelSize: 1, cohort: { kind: 'hour', now } })
      return Number((await counts()).queued)
    }
    expect(await due(AT)).toBe(1)
    expect(await due(minutesLater(60))).toBe(2)
    expect(await due(minutesLater(5 * 60))).toBe(3)
  })

  test('a weekly subscriber is due once in an ISO week, from the chosen weekday on', async () => {
    const next = addDays(D, 1)
    await publish(D, ['p1'])
    await publish(next, ['p2'])
    await subscribe('monday@example.org', { frequency: 'weekly', weekday: 1 })
    await subscribe('wednesday@example.org', { frequency: 'weekly', weekday: 3 })
    expect((await dispatch({ parcelSize: 1 })).length).toBe(1)
    expect((await dispatch({ parcelSize: 1, on: next })).length).toBe(1)
    expect((await dispatch({ parcelSize: 1, on: next })).length).toBe(0)
  })

  test('an inactive subscriber gets no delivery, so their period stays free', async () => {
    await publish(D, ['p1'])
    for (const state of ['paused', 'unsubscribed', 'pending', 'suppressed']) {
      const id = await subscribe(`${state}@example.org`)
      await ledger().pool.query('update subscribers set state = $1 where id = $2', [state, id])
    }
    await dispatch()
    expect((await ledger().pool.query('select from deliveries')).rowCount).toBe(0)
    await ledger().pool.query("update subscribers set state = 'active' where state = 'paused'")
    expect(await dispatch()).toHaveLength(1)
  })

  test('a suppressed address cannot be added again', async () => {
    await suppress(ledger().db, 'hash of no@example.org', 'complaint', AT)
    await expect(subscribe('no@example.org')).rejects.toThrow('not added')
  })

  test('finds open parcels that have no job, but not those of a live worker', async () => {
    await publish(D, ['p1', 'p2'])
    for (const name of ['a', 'b', 'c']) await subscribe(`${name}@example.org`)
    const [claimed = '', abandoned = '', waiting = ''] = await dispatch({ parcelSize: 1 })
    await heartbeat(ledger().db, { id: 'w1', host: 'h', pid: 1 }, AT)
    await claim(claimed)
    await claim(abandoned, { worker: 'dead' })
    const idle = await readIdleParcels(ledger().db, {
      after: '00000000-0000-0000-0000-000000000000',
      limit: 10,
      silentBefore: minutesLater(-1),
      staleBefore: minutesLater(-15),
    })
    expect(idle.map((parcel) => parcel.id).sort()).toEqual([abandoned, waiting].sort())
    expect(await closeEmptyParcels(ledger().db)).toBe(0)
  })
})
