import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { day } from '../../../src/domain/day.ts'
import { pauseTransport } from '../../../src/ledger/dispatch/open-work.ts'
import { plainReason } from '../../../src/ledger/reports/plain-reason.ts'
import { readSendStatus } from '../../../src/ledger/reports/send-status.ts'
import { readWaiting } from '../../../src/ledger/reports/waiting.ts'
import type { PauseKind } from '../../../src/mail/outcome.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const DAY = day('2026-11-24')
const AT = new Date('2026-11-24T08:00:00Z')
const HOUR = 3_600_000
const at = (minutes: number) => new Date(AT.getTime() + minutes * 60_000)

let ledger: TestLedger
beforeAll(async () => {
  ledger = TEST_DATABASE_URL === null ? await embeddedLedger() : await postgresLedger(TEST_DATABASE_URL)
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

let subscriber = 0
interface ParcelInput {
  readonly state?: 'queued' | 'sending'
  readonly digests?: number
  readonly reason?: string | null
  readonly nextTryAt?: Date
  readonly queuedAt?: Date
  readonly transport?: string
  readonly claimedBy?: string
  readonly day?: string
  readonly period?: string
  /** How often servers deferred its digests. */
  readonly tries?: number
}

async function writeParcel(input: ParcelInput = {}): Promise<void> {
  const { db } = ledger
  const id = randomUUID()
  const { state = 'queued', queuedAt = at(-60), nextTryAt = at(-60), reason = null } = input
  const on = input.day ?? DAY
  const firstCallAt = state === 'sending' ? at(-30) : null
  await db
    .insertInto('parcels')
    .values({
      id,
      day: on,
      state,
      reason,
      transport: input.transport ?? null,
      claimed_by: input.claimedBy ?? null,
      first_call_at: firstCallAt,
      next_try_at: nextTryAt,
      created_at: queuedAt,
    })
    .execute()
  for (let count = 0; count < (input.digests ?? 1); count += 1) {
    subscriber += 1
    await db
      .insertInto('deliveries')
      .values({
        subscriber_id: String(subscriber),
        period: input.period ?? on,
        day: on,
        parcel_id: id,
        state,
        reason,
        attempts: input.tries ?? 0,
        queued_at: queuedAt,
      })
      .execute()
  }
}

async function writeTransactional(
  over: { state?: 'queued' | 'sending'; reason?: string; next?: Date } = {},
): Promise<void> {
  await ledger.db
    .insertInto('transactional_emails')
    .values({
      id: randomUUID(),
      kind: 'confirm',
      subscriber_id: '1',
      address: 'ada@example.org',
      state: over.state ?? 'queued',
      reason: over.reason ?? null,
      next_try_at: over.next ?? at(-20),
      created_at: at(-20),
    })
    .execute()
}

const pause = (transport: string, kind: PauseKind, until = at(30)) =>
  pauseTransport(ledger.db, { transport, kind, until, reason: `${transport} says ${kind}`, at: at(-5) })

const transportsOf = (...names: string[]) =>
  names.map((name) => ({ name, keyLifeMs: name === 'resend' ? 23 * HOUR : 0 }))
const read = (transports = transportsOf('resend', 'smtp'), of: typeof DAY | null = DAY) =>
  readWaiting(ledger.db, { day: of, at: AT, transports, giveUpHours: 22, transactional: true })
/** The parts that a test compares. */
const brief = async (...order: Parameters<typeof read>) =>
  (await read(...order)).map(({ why, mail, count, transport, reason }) => [why, mail, count, transport, reason])

describe('why deliveries wait', () => {
  it('says nothing of those that are due, in hand or settled', async () => {
    await writeParcel()
    await writeParcel({ state: 'sending', claimedBy: 'a worker', transport: 'smtp' })
    await writeTransactional()
    expect(await read()).toEqual([])
  })

  it('groups those that a server deferred by its words, without addresses and ids, the largest group first', async () => {
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

  it('tells until when it is tried at the latest: longer for a weekly digest', async () => {
    await writeParcel({ reason: 'SMTP: 450 later', nextTryAt: at(5) })
    expect(await read()).toMatchObject([{ since: at(-60), until: at(-60 + 22 * 60) }])
    await writeParcel({ reason: 'SMTP: 450 later', nextTryAt: at(5), period: '2026-W48' })
    expect(await read()).toMatchObject([{ count: 2, until: at(-60 + 5 * 22 * 60) }])
    await writeTransactional({ reason: 'SMTP: 450 later', next: at(5) })
    expect((await read())[1]).toMatchObject({ mail: 'transactional', until: at(-20 + 22 * 60) })
  })

  it('still says why one is late whose next try is due, and nothing of what only changes its transport', async () => {
    await writeParcel({ reason: 'SMTP: 450 later', tries: 1 })
    await writeParcel({ reason: 'Resend: daily_quota_exceeded 429' })
    expect(await brief()).toEqual([['deferred', 'digest', 1, null, 'SMTP: 450 later']])
  })

  it('names a paused transport with what waits for it, and not what another may take', async () => {
    await writeParcel({ digests: 3 })
    await pause('resend', 'quota')
    expect(await read()).toMatchObject([
      { why: 'transport-paused', kind: 'quota', transport: 'resend', count: 0, takenOverBy: 'smtp', since: at(-5) },
    ])
    expect(await read(transportsOf('resend'))).toMatchObject([
      { why: 'transport-paused', count: 3, takenOverBy: null, reason: 'resend says quota', nextTryAt: at(30) },
    ])
  })

  it('shows no address in a pause’s reason', async () => {
    const reason = 'SMTP: 550 5.7.1 <ada@example.org>: relay access denied'
    await pauseTransport(ledger.db, { transport: 'smtp', kind: 'sender', until: at(5), reason, at: AT })
    expect(await read(transportsOf('smtp'))).toMatchObject([{ reason: 'SMTP: 550 5.7.1 …: relay access denied' }])
  })

  it('counts what waits once, by the pause that ends first, and a mere rate limit lets no other take over', async () => {
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

  it('tells until when a call without an answer is repeated, and that its transport is paused meanwhile', async () => {
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

  it('counts those of a paused edition, and transactional emails apart', async () => {
    await writeParcel({ day: '2026-11-23', digests: 2 })
    await writeTransactional({ reason: 'SMTP: 450 greylisted', next: at(3) })
    await writeTransactional({ state: 'sending', reason: 'SMTP: no answer' })
    const notices = [
      ['deferred', 'transactional', 1, null, 'SMTP: 450 greylisted'],
      ['unanswered', 'transactional', 1, null, 'SMTP: no answer'],
    ]
    expect(await brief()).toEqual(notices)
    expect(await brief(transportsOf('smtp'), null)).toEqual([['edition-paused', 'digest', 2, null, null], ...notices])
    await pause('smtp', 'sender')
    expect(await brief(transportsOf('smtp'))).toEqual([
      ['transport-paused', 'digest', 0, 'smtp', 'smtp says sender'],
      ['transport-paused', 'transactional', 1, 'smtp', 'smtp says sender'],
      notices[1],
    ])
  })

  it('tells a bounded number of reasons, and counts all', async () => {
    for (let n = 0; n < 14; n += 1)
      await writeParcel({ reason: `SMTP: 450 reason ${String.fromCharCode(97 + n)}`, nextTryAt: at(5) })
    const groups = await read()
    expect(groups).toHaveLength(11)
    expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(14)
    expect(groups.filter(({ reason }) => reason === null)).toMatchObject([{ count: 4 }])
  })
})

describe('a server’s words', () => {
  it.each([
    ['550 5.1.1 <Ada.L+x@mail.example.org>: unknown', '550 5.1.1 …: unknown'],
    ['RCPT TO ada@example.org: 450 4.7.1', 'RCPT TO …: 450 4.7.1'],
    ['421 4.7.0 try later d2e1a72fcca58-7aa123si12345.17 - gsmtp', '421 4.7.0 try later … - gsmtp'],
    ['451 4.7.500 busy [AM7PR04CA0012.eurprd04.prod.outlook.com 2026-11-24T08:01:02.123Z]', '451 4.7.500 busy [… …]'],
    ['451 please come back in 00:04:37', '451 please come back in …'],
    ['450 4.2.0 greylisted for 287 seconds', '450 4.2.0 greylisted for … seconds'],
    ['554 5.7.1 blocked [192.0.2.1] by zen.spamhaus.org', '554 5.7.1 blocked [192.0.2.1] by zen.spamhaus.org'],
    ['Resend: daily_quota_exceeded 429: You have reached your daily quota of 100 emails', null],
    ['gave up after 22 hours: SMTP: 450 4.2.0 busy', null],
  ])('%s', async (words, plain) => {
    expect(plainReason(words)).toBe(plain ?? words)
    await sql`delete from deliveries`.execute(ledger.db)
    await writeParcel({ reason: words })
    await sql`update deliveries set state = 'refused', settled_at = ${AT}`.execute(ledger.db)
    expect((await readSendStatus(ledger.db, DAY, AT))?.reasons).toEqual([
      { state: 'refused', reason: plain ?? words, count: 1 },
    ])
  })
})
