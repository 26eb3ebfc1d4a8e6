import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { day } from '../../../src/domain/day.ts'
import type { Outcome } from '../../../src/mail/outcome.ts'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Parcel, Transport } from '../../../src/mail/transport.ts'
import {
  aMailServerInstallation,
  at,
  HOUR_MS,
  MINUTE_MS,
  MORNING,
} from '../../support/sending/mail-server-installation.ts'
import { dispatchDay, sendUntil } from '../../support/sending/sending.ts'
import { startResendServer } from '../../support/servers/resend/server.ts'

const DAY = day('2026-11-24')
const { clock, app, smtpUrl, open, reply, subscribe, states, mailed } = aMailServerInstallation()

describe('a paused transport', () => {
  /** A provider with keys that gives these outcomes in turn, and then accepts everything. */
  const scripted = (...script: Outcome[]) => {
    const calls: Parcel[] = []
    const transport: Transport = {
      name: 'resend',
      parcelSize: 2,
      keyLifeMs: 23 * HOUR_MS,
      keyCovers: 'parcel',
      send: async (parcel) => {
        calls.push(parcel)
        const outcome = script.shift() ?? { kind: 'accepted', providerId: 'x' }
        return parcel.messages.map(() => outcome)
      },
      check: async () => ({ ok: true, note: '' }),
      close: async () => {},
    }
    return { transport, calls }
  }

  const openBoth = async (...script: Outcome[]) => {
    const resend = scripted(...script)
    await open({}, [resend.transport, smtpTransport({ url: smtpUrl(), dkim: null })])
    return resend
  }

  it.each<['quota' | 'down' | 'sender', string]>([
    ['quota', 'a quota that is used up'],
    ['down', 'an outage'],
    ['sender', 'a fault of the sender'],
  ])('for %s (%s) hands over to the next one at once, and no message loses an attempt', async (pause) => {
    const { calls } = await openBoth({ kind: 'deferred', pause, reason: 'no' })
    await subscribe(6)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(mailed()).toHaveLength(6)
    expect(calls).toHaveLength(1)
    const { rows } = await app().ledger.pool.query('select max(attempts) as attempts from deliveries')
    expect(rows).toEqual([{ attempts: 0 }])
  })

  it('for a rate limit does not hand over: all messages wait as long as the provider says', async () => {
    const { calls } = await openBoth({ kind: 'deferred', pause: 'rate', retryMs: 20_000, reason: '429' })
    await subscribe(6)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(calls).toHaveLength(1)
    await sendUntil(app(), clock, at(1))
    expect(clock.now.getTime() - MORNING.getTime()).toBe(20_000)
    expect(calls).toHaveLength(4)
    expect(mailed()).toEqual([])
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 6 }])
  })

  it('keeps the messages of a call whose answer was lost, and the next transport sends all others', async () => {
    const lost: Outcome = { kind: 'unknown', pause: 'down', reason: 'the line was cut' }
    const { calls } = await openBoth(lost)
    await subscribe(8)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(mailed()).toHaveLength(6)
    expect(await states()).toMatchObject([
      { state: 'sending', count: 2 },
      { state: 'sent', count: 6 },
    ])
    await sendUntil(app(), clock, at(1))
    expect(mailed()).toHaveLength(6)
    expect(calls.map(({ key }) => key)).toEqual([calls[0]?.key, calls[0]?.key])
    expect(clock.now.getTime() - MORNING.getTime()).toBe(5_000)
  })

  it('releases a parcel that was claimed but not sent before the pause', async () => {
    const { transport, calls } = scripted()
    await open({}, [transport, smtpTransport({ url: smtpUrl(), dkim: null })])
    await subscribe(2)
    await dispatchDay(app(), DAY)
    // Another worker pauses the transport while this one claims.
    await app().ledger.pool.query(`create function pause_resend() returns trigger language plpgsql as $$ begin
      insert into transport_pauses (name, paused_until, reason, kind, since) values ('resend', '2026-11-24T07:00:00Z', 'down', 'down', now())
        on conflict do nothing; return null; end $$`)
    await app().ledger.pool.query(`create trigger paused after update on parcels for each row
      when (new.state = 'sending' and old.state = 'queued') execute function pause_resend()`)
    try {
      await sendUntil(app(), clock, MORNING)
    } finally {
      await app().ledger.pool.query('drop function pause_resend cascade')
    }
    expect(calls).toEqual([])
    expect(mailed()).toHaveLength(2)
  })

  it('that refuses connections keeps no message: SMTP sends them all', async () => {
    const gone = await startResendServer()
    await gone.close()
    const resend = resendTransport({ apiKey: 're_a_key', baseUrl: gone.url })
    await open({}, [resend, smtpTransport({ url: smtpUrl(), dkim: null })])
    await subscribe(45)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 45 }])
    expect(new Set(mailed()).size).toBe(45)
    expect(await app().ledger.dispatches.readActivePauses(clock.now)).toMatchObject([
      { transport: 'resend', kind: 'down' },
    ])
  })

  it('splits a parcel for a next transport that sends one message per call', async () => {
    await openBoth({ kind: 'deferred', pause: 'quota', reason: 'no' })
    await subscribe(2)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    const { rows } = await app().ledger.pool.query<{ members: number }>(
      "select count(*)::int as members from deliveries where state = 'sent' group by parcel_id",
    )
    expect(rows).toEqual([{ members: 1 }, { members: 1 }])
    expect(mailed()).toHaveLength(2)
  })

  it('pauses longer after each failure, up to a limit, and its pause is deleted after it has sent', async () => {
    const down: Outcome = { kind: 'deferred', pause: 'down', reason: 'no' }
    const resend = scripted(...Array.from({ length: 7 }, () => down))
    await open({}, [resend.transport])
    await subscribe(1)
    await dispatchDay(app(), DAY)
    const pauses: number[] = []
    for (let n = 0; n < 7; n += 1) {
      await sendUntil(app(), clock, clock.now)
      const [pause] = await app().ledger.dispatches.readActivePauses(clock.now)
      expect(pause).toMatchObject({ since: MORNING, repeats: n })
      pauses.push(((pause?.until.getTime() ?? 0) - clock.now.getTime()) / MINUTE_MS)
      clock.now = pause?.until ?? clock.now
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 16, 16])
    await sendUntil(app(), clock, clock.now)
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 1 }])
    expect(await app().ledger.dispatches.readPauses()).toEqual([])
  })

  it('keeps messages queued while all recipients are refused with the same words, and sends them after the fault is fixed', async () => {
    await open()
    const [first = ''] = await subscribe(12)
    let isFixed = false
    reply(() => (isFixed ? undefined : { code: 550, text: '5.0.0 Zebra crossing ahead' }))
    await app().ledger.deliveries.writeTransactionals(
      [{ id: randomUUID(), kind: 'welcome', subscriberId: first, address: 'r0@example.org' }],
      clock.now,
    )
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, at(0.1))
    expect((await states()).filter(({ state }) => state !== 'queued')).toEqual([])
    expect(await app().ledger.dispatches.readActivePauses(clock.now)).toMatchObject([
      { transport: 'smtp', kind: 'sender' },
    ])
    isFixed = true
    await sendUntil(app(), clock, at(0.4))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 12 }])
    expect(mailed()).toHaveLength(13)
  })

  it('pauses as long as the provider says', async () => {
    await openBoth({ kind: 'deferred', pause: 'down', reason: 'no', retryMs: 300_000 })
    await subscribe(1)
    await dispatchDay(app(), DAY)
    await sendUntil(app(), clock, MORNING)
    expect(await app().ledger.dispatches.readActivePauses(clock.now)).toMatchObject([
      { until: new Date(MORNING.getTime() + 300_000) },
    ])
  })

  it('starts a new failure if the last pause is long ago, and a pause is only deleted when it is over', async () => {
    await open()
    const pause = { transport: 'smtp', kind: 'down' as const, reason: 'no' }
    const { dispatches } = app().ledger
    await dispatches.pauseTransport({ ...pause, until: at(1), at: at(0) })
    await dispatches.forgetPause('smtp', at(0.5))
    expect(await dispatches.readActivePauses(at(0.5))).toMatchObject([{ until: at(1), since: at(0), repeats: 0 }])
    await dispatches.pauseTransport({ ...pause, until: at(3), at: at(2.5) })
    expect(await dispatches.readPauses()).toMatchObject([{ until: at(3), since: at(2.5), repeats: 0 }])
  })
})
