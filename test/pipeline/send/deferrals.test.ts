import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { day } from '../../../src/domain/day.ts'
import { aMailServerInstallation, at, MINUTE_MS, MORNING } from '../../support/sending/mail-server-installation.ts'
import { dispatchDay, sendUntil } from '../../support/sending/sending.ts'

const DAY = day('2026-11-24')
const { clock, app, open, reply, subscribe, states, mailed } = aMailServerInstallation()

describe('a message that a mail server defers', () => {
  it('arrives once after 300 seconds of greylisting', async () => {
    await open()
    await subscribe(12)
    const seen = new Map<string, number>()
    const tries: number[] = []
    reply((address) => {
      tries.push((clock.now.getTime() - MORNING.getTime()) / MINUTE_MS)
      const first = seen.get(address) ?? clock.now.getTime()
      seen.set(address, first)
      return clock.now.getTime() - first >= 300_000 ? undefined : { code: 450, text: '4.2.0 Greylisted, see postgrey' }
    })
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, at(24))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 12 }])
    expect(mailed()).toEqual(Array.from({ length: 12 }, (_, n) => `r${n}@example.org`).sort())
    expect(Math.max(...tries)).toBeLessThan(10)
  })

  it('is retried after about 1, 6, 15, 30 and 60 minutes, then hourly, and is given up without a suppression', async () => {
    await open({ giveUpHours: 6 })
    await subscribe(1)
    const tries: number[] = []
    reply(() => {
      tries.push(Math.round((clock.now.getTime() - MORNING.getTime()) / MINUTE_MS))
      return { code: 451, text: '4.3.0 Try again later' }
    })
    await dispatchDay(app(), DAY)
    // Each attempt runs in another process, so the age and the attempts must come from the ledger.
    for (const hours of [1, 2, 3, 4, 5, 6, 7]) {
      await sendUntil(app(), clock, at(hours))
      await app().close()
      await open({ giveUpHours: 6 })
    }
    expect(tries).toEqual([0, 1, 7, 23, 55, 118, 181, 244, 307])
    expect(await states()).toEqual([
      {
        state: 'refused',
        reason: expect.stringMatching(/^gave up after 5 hours: .*451 4\.3\.0 Try again later/),
        count: 1,
      },
    ])
    const { rows } = await app().ledger.pool.query('select state from subscribers')
    expect(rows).toEqual([{ state: 'active' }])
  })

  it('is retried five times as long if it is a weekly digest, because that is still useful days later', async () => {
    await open({ giveUpHours: 6 })
    await subscribe(1, { frequency: 'weekly', weekday: 2 })
    reply(() => (clock.now < at(25) ? { code: 451, text: '4.3.0 Try again later' } : undefined))
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, at(30))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 1 }])
  })

  it('is given up when the digest of the next day exists', async () => {
    await open({ giveUpHours: 48 })
    await subscribe(1)
    reply(() => (clock.now < at(25) ? { code: 451, text: '4.3.0 Try again later' } : undefined))
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, at(24))
    clock.now = at(24)
    await dispatchDay(app(), day('2026-11-25'))
    await sendUntil(app(), clock, at(30))
    expect(await states()).toEqual([
      {
        state: 'refused',
        reason: expect.stringMatching(/^superseded by the digest of 2026-11-25: .*Try again later/),
        count: 1,
      },
      { state: 'sent', reason: null, count: 1 },
    ])
    expect(mailed()).toHaveLength(1)
  })

  it('does not delay the other members of its parcel, and shares a new parcel with those of the same retry time', async () => {
    await open({ parcelSize: 10 })
    await subscribe(10)
    reply((address) =>
      /r[37]@/.test(address) && clock.now < at(0.1) ? { code: 450, text: '4.2.2 Mailbox full' } : undefined,
    )
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(mailed()).toHaveLength(8)
    const parcels = await app().ledger.db.selectFrom('parcels').selectAll().where('state', '=', 'queued').execute()
    expect(parcels).toMatchObject([{ next_try_at: new Date(MORNING.getTime() + 1.05 * MINUTE_MS) }])
    await sendUntil(app(), clock, at(1))
    expect(mailed()).toHaveLength(10)
  })

  it('is retried by the same schedule if it is a transactional email', async () => {
    await open()
    const [id = ''] = await subscribe(1)
    await app().ledger.deliveries.writeTransactionals(
      [{ id: randomUUID(), kind: 'welcome', subscriberId: id, address: 'r0@example.org' }],
      clock.now,
    )
    reply(() => (clock.now < at(0.5) ? { code: 450, text: '4.2.0 Greylisted' } : undefined))
    await sendUntil(app(), clock, at(2))
    expect(await app().ledger.db.selectFrom('transactional_emails').select(['state', 'deferrals']).execute()).toEqual([
      { state: 'sent', deferrals: 4 },
    ])
    expect(clock.now.getTime()).toBe(at(0.9).getTime() + 0.6 * MINUTE_MS)
  })
})
