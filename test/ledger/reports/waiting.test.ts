import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { day } from '../../../src/domain/day.ts'
import { pauseTransport } from '../../../src/ledger/dispatch/open-work.ts'
import { readWaiting } from '../../../src/ledger/reports/waiting.ts'
import type { PauseKind } from '../../../src/mail/outcome.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { openQuickestLedger, type TestLedger } from '../../support/ledger.ts'
import {
  WAITING_AT as AT,
  minutesFrom as at,
  type ParcelInput,
  type TransactionalInput,
  writeWaitingParcel,
  writeWaitingTransactional,
} from '../../support/sending/waiting.ts'

const DAY = day('2026-11-24')
const HOUR = 3_600_000

let ledger: TestLedger
beforeAll(async () => {
  ledger = await openQuickestLedger()
  for (const [on, sending] of [
    [DAY, 'running'],
    ['2026-11-23', 'paused'],
  ])
    await sql`insert into editions (day, state, reports, published_at, sending) values (${on}, 'published', '[]', ${AT}, ${sending})`.execute(
      ledger.db,
    )
})
afterAll(() => ledger?.close())
beforeEach(() => emptyTables(ledger.pool, 'deliveries, parcels, transactional_emails, transport_pauses'))

const writeParcel = (input?: ParcelInput) => writeWaitingParcel(ledger.db, input)
const writeTransactional = (input?: TransactionalInput) => writeWaitingTransactional(ledger.db, input)
const pause = (transport: string, kind: PauseKind, until = at(30)) =>
  pauseTransport(ledger.db, { transport, kind, until, reason: `${transport} says ${kind}`, at: at(-5) })

const transportsOf = (...names: string[]) =>
  names.map((name) => ({ name, keyLifeMs: name === 'resend' ? 23 * HOUR : 0 }))
const read = (transports = transportsOf('resend', 'smtp'), of: typeof DAY | null = DAY) =>
  readWaiting(ledger.db, { day: of, at: AT, transports, giveUpHours: 22, transactional: true })
/** Reads the fields that most tests compare. */
const brief = async (...args: Parameters<typeof read>) =>
  (await read(...args)).map(({ why, mail, count, transport, reason }) => [why, mail, count, transport, reason])

describe('why deliveries wait', () => {
  it('lists no mail that is due, being sent or settled', async () => {
    await writeParcel()
    await writeParcel({ state: 'sending', claimedBy: 'a worker', transport: 'smtp' })
    await writeTransactional()
    expect(await read()).toEqual([])
  })

  it('groups deferred mail by the reply of the server, without addresses and ids, the largest group first', async () => {
    await writeParcel({ reason: 'SMTP: 452 4.2.2 full', nextTryAt: at(3), digests: 2 })
    for (const name of ['ada', 'kofi', 'mei'])
      await writeParcel({
        reason: `SMTP: 450 4.2.0 <${name}@example.org>: greylisted`,
        nextTryAt: at(name === 'ada' ? 5 : 15),
        queuedAt: at(name === 'mei' ? -90 : -60),
      })
    expect(await read()).toMatchObject([
      {
        why: 'deferred',
        mail: 'digest',
        count: 3,
        reason: 'SMTP: 450 4.2.0 …: greylisted',
        since: at(-90),
        nextTryAt: at(5),
      },
      { why: 'deferred', count: 2, reason: 'SMTP: 452 4.2.2 full', nextTryAt: at(3) },
    ])
  })

  it('shows when retries end, which is later for a weekly digest', async () => {
    await writeParcel({ reason: 'SMTP: 450 later', nextTryAt: at(5) })
    expect(await read()).toMatchObject([{ since: at(-60), until: at(-60 + 22 * 60) }])
    await writeParcel({ reason: 'SMTP: 450 later', nextTryAt: at(5), period: '2026-W48' })
    expect(await read()).toMatchObject([{ count: 2, until: at(-60 + 5 * 22 * 60) }])
    await writeTransactional({ reason: 'SMTP: 450 later', next: at(5) })
    expect((await read())[1]).toMatchObject({ mail: 'transactional', until: at(-20 + 22 * 60) })
  })

  it('shows why mail is late when its retry is due, but lists no mail that only changes its transport', async () => {
    await writeParcel({ reason: 'SMTP: 450 later', attempts: 1 })
    await writeParcel({ reason: 'Resend: daily_quota_exceeded 429' })
    expect(await brief()).toEqual([['deferred', 'digest', 1, null, 'SMTP: 450 later']])
  })

  it('shows how many digests wait for a paused transport, except those that another transport may send', async () => {
    await writeParcel({ digests: 3 })
    await pause('resend', 'quota')
    expect(await read()).toMatchObject([
      { why: 'transport-paused', kind: 'quota', transport: 'resend', count: 0, takenOverBy: 'smtp', since: at(-5) },
    ])
    expect(await read(transportsOf('resend'))).toMatchObject([
      { why: 'transport-paused', count: 3, takenOverBy: null, reason: 'resend says quota', nextTryAt: at(30) },
    ])
  })

  it('shows no address in the reason of a pause', async () => {
    const reason = 'SMTP: 550 5.7.1 <ada@example.org>: relay access denied'
    await pauseTransport(ledger.db, { transport: 'smtp', kind: 'sender', until: at(5), reason, at: AT })
    expect(await read(transportsOf('smtp'))).toMatchObject([{ reason: 'SMTP: 550 5.7.1 …: relay access denied' }])
  })

  it('counts each digest once, under the pause that ends first, and a rate limit lets no other transport take over', async () => {
    await writeParcel({ digests: 3 })
    await writeParcel({ reason: 'SMTP: 450 later', nextTryAt: at(60) })
    await pause('resend', 'quota', at(40))
    await pause('smtp', 'down', at(1))
    expect(await brief()).toEqual([
      ['transport-paused', 'digest', 0, 'resend', 'resend says quota'],
      ['transport-paused', 'digest', 3, 'smtp', 'smtp says down'],
      ['deferred', 'digest', 1, null, 'SMTP: 450 later'],
    ])
    await emptyTables(ledger.pool, 'transport_pauses')
    await pause('resend', 'rate', at(1))
    expect(await brief()).toEqual([
      ['transport-paused', 'digest', 3, 'resend', 'resend says rate'],
      ['deferred', 'digest', 1, null, 'SMTP: 450 later'],
    ])
  })

  it('shows until when an unanswered call is repeated, also while its transport is paused', async () => {
    await writeParcel({
      state: 'sending',
      transport: 'resend',
      reason: 'Resend: socket hang up',
      nextTryAt: at(2),
      digests: 4,
    })
    const unanswered = { why: 'unanswered', count: 4, transport: 'resend', since: at(-30), until: at(-30 + 23 * 60) }
    expect(await read()).toMatchObject([{ ...unanswered, nextTryAt: at(2) }])
    await pause('resend', 'down', at(10))
    expect((await read())[1]).toMatchObject({ ...unanswered, nextTryAt: at(10) })
  })

  it('counts the digests of a paused edition, and transactional emails separately', async () => {
    await writeParcel({ day: '2026-11-23', digests: 2 })
    await writeTransactional({ reason: 'SMTP: 450 greylisted', next: at(3) })
    await writeTransactional({ state: 'sending', reason: 'SMTP: no answer' })
    const transactional = [
      ['deferred', 'transactional', 1, null, 'SMTP: 450 greylisted'],
      ['unanswered', 'transactional', 1, null, 'SMTP: no answer'],
    ]
    expect(await brief()).toEqual(transactional)
    expect(await brief(transportsOf('smtp'), null)).toEqual([
      ['edition-paused', 'digest', 2, null, null],
      ...transactional,
    ])
    await pause('smtp', 'sender')
    expect(await brief(transportsOf('smtp'))).toEqual([
      ['transport-paused', 'digest', 0, 'smtp', 'smtp says sender'],
      ['transport-paused', 'transactional', 1, 'smtp', 'smtp says sender'],
      transactional[1],
    ])
  })

  it('lists a limited number of reasons, and counts the rest together', async () => {
    for (let n = 0; n < 14; n += 1)
      await writeParcel({ reason: `SMTP: 450 reason ${String.fromCharCode(97 + n)}`, nextTryAt: at(5) })
    const groups = await read()
    expect(groups).toHaveLength(11)
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(14)
    expect(groups.filter(({ reason }) => reason === null)).toMatchObject([{ count: 4 }])
  })
})
