import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Config } from '../../../config/config.ts'
import { day } from '../../../src/domain/day.ts'
import { writeTransactionals } from '../../../src/ledger/deliveries/transactional.ts'
import { forgetPause, pauseTransport, readActivePauses, readPauses } from '../../../src/ledger/dispatch/open-work.ts'
import type { Outcome } from '../../../src/mail/outcome.ts'
import { resendTransport } from '../../../src/mail/resend/transport.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Parcel, Transport } from '../../../src/mail/transport.ts'
import { createLogger } from '../../../src/platform/log.ts'
import type { App } from '../../../workers/app/app.ts'
import { openApp } from '../../../workers/app/wiring.ts'
import { addSubscribersFor, openInstallation, QUICKEST, type TestInstallation } from '../../support/app.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { dispatchDay, sendUntil } from '../../support/sending/sending.ts'
import { startResendServer } from '../../support/servers/resend/server.ts'
import { type SmtpServerInput, startSmtpServer, type TestSmtpServer } from '../../support/servers/smtp-server.ts'

const DAY = day('2026-11-24') // A Tuesday.
const MORNING = new Date('2026-11-24T06:00:00Z')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const at = (hours: number) => new Date(MORNING.getTime() + hours * HOUR_MS)

let place: TestInstallation
let smtp: TestSmtpServer
let app: App
const clock = { now: MORNING }
/** The server's reply to each RCPT; undefined: it takes the message. */
let atRcpt: (address: string) => { readonly code: number; readonly text: string } | undefined

const server: SmtpServerInput = {
  lean: true,
  options: {
    onRcptTo: ({ address }, _session, done) => {
      const reply = atRcpt(address)
      done(reply === undefined ? undefined : Object.assign(new Error(reply.text), { responseCode: reply.code }))
    },
  },
}

beforeAll(async () => {
  smtp = await startSmtpServer(server)
  place = await openInstallation(QUICKEST, {
    mail: { transports: ['smtp'] },
    smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
  })
})
afterAll(async () => {
  await place.close()
  await smtp.close()
})
beforeEach(() => {
  clock.now = MORNING
  atRcpt = () => undefined
  ;(smtp.received as unknown[]).length = 0
})
afterEach(async () => {
  await emptyTables(
    app.ledger.pool,
    'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, workers, transactional_emails, transport_pauses',
  )
  await app.close()
})

const open = async (config: Partial<Config> = {}, transports?: readonly Transport[]) => {
  app = await openApp(
    { ...place.config, ...config },
    { clock: () => clock.now, random: () => 0.5, log: createLogger('silent'), ...(transports && { transports }) },
  )
}

const subscribe = (count: number, over = {}) =>
  addSubscribersFor(
    app,
    Array.from({ length: count }, (_, n) => ({ email: `r${n}@example.org`, ...over })),
  )

const states = async () => {
  const { rows } = await app.ledger.pool.query<{ state: string; reason: string | null; count: number }>(
    'select state, reason, count(*)::int as count from deliveries group by 1, 2 order by 1, 2',
  )
  return rows
}

const mailed = () => smtp.received.flatMap(({ to }) => to).sort()

describe('a mail server that defers', () => {
  it('by 300 seconds of greylisting costs nobody a digest, and nobody gets two', async () => {
    await open()
    await subscribe(12)
    const seen = new Map<string, number>()
    const tries: number[] = []
    atRcpt = (address) => {
      tries.push((clock.now.getTime() - MORNING.getTime()) / MINUTE_MS)
      const first = seen.get(address) ?? clock.now.getTime()
      seen.set(address, first)
      return clock.now.getTime() - first >= 300_000 ? undefined : { code: 450, text: '4.2.0 Greylisted, see postgrey' }
    }
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, at(24))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 12 }])
    expect(mailed()).toEqual(Array.from({ length: 12 }, (_, n) => `r${n}@example.org`).sort())
    expect(Math.max(...tries)).toBeLessThan(10)
  })

  it('is asked after about 1, 6, 15, 30 and 60 minutes, then hourly, and given up with its words but no suppression', async () => {
    await open({ mail: { ...place.config.mail, giveUpHours: 6 } })
    await subscribe(1)
    const tries: number[] = []
    atRcpt = () => {
      tries.push(Math.round((clock.now.getTime() - MORNING.getTime()) / MINUTE_MS))
      return { code: 451, text: '4.3.0 Try again later' }
    }
    await dispatchDay(app, DAY)
    // Every attempt is made by another process: the ledger alone knows the age and the tries.
    for (const hours of [1, 2, 3, 4, 5, 6, 7]) {
      await sendUntil(app, clock, at(hours))
      await app.close()
      await open({ mail: { ...place.config.mail, giveUpHours: 6 } })
    }
    expect(tries).toEqual([0, 1, 7, 23, 55, 118, 181, 244, 307])
    expect(await states()).toEqual([
      {
        state: 'refused',
        reason: expect.stringMatching(/^gave up after 5 hours: .*451 4\.3\.0 Try again later/),
        count: 1,
      },
    ])
    const { rows } = await app.ledger.pool.query('select state from subscribers')
    expect(rows).toEqual([{ state: 'active' }])
  })

  it('keeps a weekly digest five times as long, because it is still read days later', async () => {
    await open({ mail: { ...place.config.mail, giveUpHours: 6 } })
    await subscribe(1, { frequency: 'weekly', weekday: 2 })
    atRcpt = () => (clock.now < at(25) ? { code: 451, text: '4.3.0 Try again later' } : undefined)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, at(30))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 1 }])
  })

  it('does not get yesterday’s digest when today’s is there', async () => {
    await open({ mail: { ...place.config.mail, giveUpHours: 48 } })
    await subscribe(1)
    atRcpt = () => (clock.now < at(25) ? { code: 451, text: '4.3.0 Try again later' } : undefined)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, at(24))
    clock.now = at(24)
    await dispatchDay(app, day('2026-11-25'))
    await sendUntil(app, clock, at(30))
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

  it('puts off one member of a parcel, and the others go at once; those with the same next try stay together', async () => {
    await open({ mail: { ...place.config.mail, parcelSize: 10 } })
    await subscribe(10)
    atRcpt = (address) =>
      /r[37]@/.test(address) && clock.now < at(0.1) ? { code: 450, text: '4.2.2 Mailbox full' } : undefined
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(mailed()).toHaveLength(8)
    const parcels = await app.ledger.db.selectFrom('parcels').selectAll().where('state', '=', 'queued').execute()
    expect(parcels).toMatchObject([{ next_try_at: new Date(MORNING.getTime() + 1.05 * MINUTE_MS) }])
    await sendUntil(app, clock, at(1))
    expect(mailed()).toHaveLength(10)
  })

  it('defers a confirmation by the same schedule', async () => {
    await open()
    const [id = ''] = await subscribe(1)
    await writeTransactionals(
      app.ledger.db,
      [{ id: randomUUID(), kind: 'welcome', subscriberId: id, address: 'r0@example.org' }],
      clock.now,
    )
    atRcpt = () => (clock.now < at(0.5) ? { code: 450, text: '4.2.0 Greylisted' } : undefined)
    await sendUntil(app, clock, at(2))
    expect(await app.ledger.db.selectFrom('transactional_emails').select(['state', 'deferrals']).execute()).toEqual([
      { state: 'sent', deferrals: 4 },
    ])
    expect(clock.now.getTime()).toBe(at(0.9).getTime() + 0.6 * MINUTE_MS)
  })
})

describe('a transport that pauses', () => {
  /** A provider with keys that answers by a script, and takes everything once it is over. */
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
    await open({}, [resend.transport, smtpTransport({ url: smtp.url, dkim: null })])
    return resend
  }

  it.each<['quota' | 'down' | 'sender', string]>([
    ['quota', 'a quota that is used up'],
    ['down', 'an outage'],
    ['sender', 'a fault of the sender'],
  ])('for %s (%s) spills to the next at once, and costs nobody a try', async (hold) => {
    const { calls } = await openBoth({ kind: 'deferred', pause: hold, reason: 'no' })
    await subscribe(6)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(mailed()).toHaveLength(6)
    expect(calls).toHaveLength(1)
    const { rows } = await app.ledger.pool.query('select max(attempts) as attempts from deliveries')
    expect(rows).toEqual([{ attempts: 0 }])
  })

  it('for a rate limit does not spill: everybody waits as told', async () => {
    const { calls } = await openBoth({ kind: 'deferred', pause: 'rate', retryMs: 20_000, reason: '429' })
    await subscribe(6)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(calls).toHaveLength(1)
    await sendUntil(app, clock, at(1))
    expect(clock.now.getTime() - MORNING.getTime()).toBe(20_000)
    expect(calls).toHaveLength(4)
    expect(mailed()).toEqual([])
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 6 }])
  })

  it('in an outage keeps what it was called with, and everything else goes over the next', async () => {
    const lost: Outcome = { kind: 'unknown', pause: 'down', reason: 'the line was cut' }
    const { calls } = await openBoth(lost)
    await subscribe(8)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(mailed()).toHaveLength(6)
    expect(await states()).toMatchObject([
      { state: 'sending', count: 2 },
      { state: 'sent', count: 6 },
    ])
    await sendUntil(app, clock, at(1))
    expect(mailed()).toHaveLength(6)
    expect(calls.map(({ key }) => key)).toEqual([calls[0]?.key, calls[0]?.key])
    expect(clock.now.getTime() - MORNING.getTime()).toBe(5_000)
  })

  it('lets go of a parcel that was claimed and not called before the pause', async () => {
    const { transport, calls } = scripted()
    await open({}, [transport, smtpTransport({ url: smtp.url, dkim: null })])
    await subscribe(2)
    await dispatchDay(app, DAY)
    // The clock is read right before the claim: another worker pauses the transport while this one claims.
    await app.ledger.pool.query(`create function pause_resend() returns trigger language plpgsql as $$ begin
      insert into transport_pauses (name, paused_until, reason, kind, since) values ('resend', '2026-11-24T07:00:00Z', 'down', 'down', now())
        on conflict do nothing; return null; end $$`)
    await app.ledger.pool.query(`create trigger paused after update on parcels for each row
      when (new.state = 'sending' and old.state = 'queued') execute function pause_resend()`)
    try {
      await sendUntil(app, clock, MORNING)
    } finally {
      await app.ledger.pool.query('drop function pause_resend cascade')
    }
    expect(calls).toEqual([])
    expect(mailed()).toHaveLength(2)
  })

  it('because nobody listens at Resend leaves nothing bound: everything goes over SMTP', async () => {
    const gone = await startResendServer()
    await gone.close()
    const resend = resendTransport({ apiKey: 're_a_key', baseUrl: gone.url })
    await open({}, [resend, smtpTransport({ url: smtp.url, dkim: null })])
    await subscribe(45)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 45 }])
    expect(new Set(mailed()).size).toBe(45)
    expect(await readActivePauses(app.ledger.db, clock.now)).toMatchObject([{ transport: 'resend', kind: 'down' }])
  })

  it('splits a parcel for the next transport, which carries one message in a call', async () => {
    await openBoth({ kind: 'deferred', pause: 'quota', reason: 'no' })
    await subscribe(2)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    const { rows } = await app.ledger.pool.query<{ members: number }>(
      "select (data->>'members')::int as members from events where kind = 'parcel.settled' order by id",
    )
    expect(rows.map(({ members }) => members)).toEqual([2, 1, 1])
    expect(mailed()).toHaveLength(2)
  })

  it('pauses longer each time that it fails again, to a bound, and shortly again after it has sent', async () => {
    const down: Outcome = { kind: 'deferred', pause: 'down', reason: 'no' }
    const resend = scripted(...Array.from({ length: 7 }, () => down))
    await open({}, [resend.transport])
    await subscribe(1)
    await dispatchDay(app, DAY)
    const pauses: number[] = []
    for (let n = 0; n < 7; n += 1) {
      await sendUntil(app, clock, clock.now)
      const [pause] = await readActivePauses(app.ledger.db, clock.now)
      expect(pause).toMatchObject({ since: MORNING, repeats: n })
      pauses.push(((pause?.until.getTime() ?? 0) - clock.now.getTime()) / MINUTE_MS)
      clock.now = pause?.until ?? clock.now
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 16, 16])
    await sendUntil(app, clock, clock.now)
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 1 }])
    expect(await readPauses(app.ledger.db)).toEqual([])
  })

  it('because everybody is refused in the same words refuses nobody, and goes on when the fault is mended', async () => {
    await open()
    const [first = ''] = await subscribe(12)
    let mended = false
    atRcpt = () => (mended ? undefined : { code: 550, text: '5.0.0 Zebra crossing ahead' })
    await writeTransactionals(
      app.ledger.db,
      [{ id: randomUUID(), kind: 'welcome', subscriberId: first, address: 'r0@example.org' }],
      clock.now,
    )
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, at(0.1))
    expect((await states()).filter(({ state }) => state !== 'queued')).toEqual([])
    expect(await readActivePauses(app.ledger.db, clock.now)).toMatchObject([{ transport: 'smtp', kind: 'sender' }])
    mended = true
    await sendUntil(app, clock, at(0.4))
    expect(await states()).toEqual([{ state: 'sent', reason: null, count: 12 }])
    expect(mailed()).toHaveLength(13)
  })

  it('is as long as the provider says', async () => {
    await openBoth({ kind: 'deferred', pause: 'down', reason: 'no', retryMs: 300_000 })
    await subscribe(1)
    await dispatchDay(app, DAY)
    await sendUntil(app, clock, MORNING)
    expect(await readActivePauses(app.ledger.db, clock.now)).toMatchObject([
      { until: new Date(MORNING.getTime() + 300_000) },
    ])
  })

  it('begins anew when the one before is long past, and is only forgotten when it is over', async () => {
    await open()
    const order = { transport: 'smtp', kind: 'down' as const, reason: 'no' }
    const { db } = app.ledger
    await pauseTransport(db, { ...order, until: at(1), at: at(0) })
    await forgetPause(db, 'smtp', at(0.5))
    expect(await readActivePauses(db, at(0.5))).toMatchObject([{ until: at(1), since: at(0), repeats: 0 }])
    await pauseTransport(db, { ...order, until: at(3), at: at(2.5) })
    expect(await readPauses(db)).toMatchObject([{ until: at(3), since: at(2.5), repeats: 0 }])
  })
})
