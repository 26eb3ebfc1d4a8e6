import { describe, expect, it } from '@jest/globals'
import { addDays, type Day } from '../../../src/domain/day.ts'
import { readAhead } from '../../../src/ledger/dispatch/ahead.ts'
import { openToEveryone } from '../../../src/ledger/dispatch/write-page.ts'
import { aheadOf, laterOf, recipientsOf } from '../../../src/pipeline/state/subscribers-ahead.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, aParcelLedger, D, minutesLater } from '../../support/sending/parcel-ledger.ts'

describe.each(LEDGERS)('who is still due, on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, publish, subscribe, dispatch } = aParcelLedger(open)
  const ahead = async (at: Date, on: Day = D) => aheadOf(await readAhead(ledger().db, on, at), { day: on, at })
  const dispatchHour = (now: Date, on: Day = D) => dispatch({ parcelSize: 1, cohort: { kind: 'hour', now }, on })

  test('is what dispatch then writes, hour after hour, also for those whose day ended before they got it', async () => {
    await publish(D, ['p1'])
    await subscribe('kiritimati@example.org', { timezone: 'Pacific/Kiritimati', deliveryHour: 0 })
    await subscribe('tokyo@example.org', { timezone: 'Asia/Tokyo', deliveryHour: 16 })
    await subscribe('samoa@example.org', { timezone: 'Pacific/Pago_Pago', deliveryHour: 0 })
    await subscribe('weekly@example.org', { frequency: 'weekly', weekday: 1, timezone: 'UTC', deliveryHour: 20 })
    const seen: [now: number, later: number][] = []
    // In Kiritimati, the day of the edition ended half an hour before the first dispatch.
    for (const hours of [4.5, 5, 14, 40]) {
      const at = minutesLater(hours * 60)
      const { now, later } = await ahead(at)
      seen.push([now.subscribers, laterOf({ later })])
      expect(await dispatchHour(at)).toHaveLength(now.subscribers)
    }
    expect(seen).toEqual([
      [2, 2],
      [1, 1],
      [1, 0],
      [0, 0],
    ])
  })

  test('contains those who joined after it was opened to everyone, at their own hour', async () => {
    await publish(D, ['p1'])
    await subscribe('early@example.org', { deliveryHour: 23 })
    await openToEveryone(ledger().db, D, AT)
    const late = await subscribe('late@example.org', { deliveryHour: 23 })
    await ledger().pool.query('update subscribers set eligible_from_at = $1 where id = $2', [minutesLater(5), late])
    const { now, later } = await ahead(minutesLater(10))
    expect([now.subscribers, later.map(({ subscribers }) => subscribers)]).toEqual([1, [1]])
  })

  test('is nobody on a day without papers and votes, and before the edition exists', async () => {
    await subscribe('weekly@example.org', { frequency: 'weekly', weekday: 1 })
    expect(recipientsOf(await ahead(AT, addDays(D, 1)))).toBe(0)
    await publish(D, [])
    await ledger().pool.query('update editions set state = $1, votes_at = null', ['empty'])
    expect(recipientsOf(await ahead(AT))).toBe(0)
  })
})
