import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { addDays, type Day, day, isoWeek } from '../../../src/domain/day.ts'
import { periodsOf } from '../../../src/domain/delivery.ts'
import type { Month } from '../../../src/domain/month.ts'
import type { Frequency } from '../../../src/domain/subscriber.ts'
import { recordEvent } from '../../../src/ledger/deliveries/provider-events.ts'
import { readSent } from '../../../src/ledger/deliveries/sent-digest.ts'
import { writePage } from '../../../src/ledger/dispatch/write-page.ts'
import { saveEdition } from '../../../src/ledger/editions/editions.ts'
import { openMonths, readMonths } from '../../../src/ledger/maintenance/partitions.ts'
import { readEditionFigures } from '../../../src/ledger/reports/figures.ts'
import { readDayFeedback } from '../../../src/ledger/reports/provider-figures.ts'
import { readSendStatus } from '../../../src/ledger/reports/send-status.ts'
import { readDayStatus } from '../../../src/ledger/reports/status.ts'
import { sinceDay } from '../../../src/ledger/schema/periods.ts'
import { maintain } from '../../../src/pipeline/maintenance.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { addSubscriber, aLedger, LEDGERS, openQuickestLedger } from '../../support/ledger.ts'
import { CLAIM_DEFAULTS, claimParcel } from '../../support/sending/claiming.ts'
import { decideOn } from '../../support/sending/deciding.ts'

const OLD = day('2025-10-14') // A Tuesday.
const NOW = new Date('2026-12-01T06:00:00Z') // October 2025 is older than the retention.
const NEW = day('2026-12-01')
const RETENTION_MONTHS = 13

describe.each(LEDGERS)('a ledger that grows, on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const ledger = aLedger(open)
  let ada = ''
  let ben = ''
  let messages: string[] = []
  beforeAll(async () => {
    if (open === null) return
    ada = await subscribe('ada@example.org', 'daily')
    ben = await subscribe('ben@example.org', 'weekly')
    await publish(OLD, 'p1', 'p2')
  })

  const subscribe = (email: string, frequency: Frequency, at = new Date(`${addDays(OLD, -8)}T01:00:00Z`)) =>
    addSubscriber(ledger().db, email, { at, preferences: { frequency } })
  const publish = (on: Day, ...papers: string[]) =>
    saveEdition(ledger().db, aPublishedEdition(on, papers, new Date(`${on}T06:00:00Z`), new Date(`${on}T06:00:00Z`)))
  const dispatch = (on: Day) =>
    writePage(ledger().db, {
      day: on,
      cohort: { kind: 'everyone' },
      after: '0',
      subscribersMax: 500,
      parcelSize: 100,
      newParcelId: randomUUID,
      at: new Date(`${on}T06:00:00Z`),
    })
  const periodsByPartition = async () => {
    const { rows } = await sql<{ partition: string; periods: string[] }>`
      select tableoid::regclass::text as partition, array_agg(period order by period) as periods from deliveries group by 1 order by 1`.execute(
      ledger().db,
    )
    return Object.fromEntries(rows.map(({ partition, periods }) => [partition, periods]))
  }
  const maintenance = () =>
    maintain({ maintenance: ledger().maintenance, retentionMonths: RETENTION_MONTHS, clock: () => NOW })
  const complain = (id: string) =>
    recordEvent(
      ledger().db,
      {
        id: randomUUID(),
        source: 'resend',
        kind: 'complained',
        message: { kind: 'delivery', id },
        providerId: null,
        mayBeOurs: true,
        reason: null,
        occurredAt: NOW,
      },
      { at: NOW, hashOf: () => null },
    )

  test('deliveries of a month without a partition are stored, and move when two processes open the month at once', async () => {
    expect((await dispatch(OLD)).kind).toBe('page')
    expect(await periodsByPartition()).toEqual({ deliveries_other: [OLD, isoWeek(OLD)] })
    const months = ['2025-10', '2025-11'] as Month[]
    const opened = await Promise.all([openMonths(ledger().db, months), openMonths(ledger().db, months)])
    expect(opened.flat().sort()).toEqual(months)
    expect(await periodsByPartition()).toEqual({ deliveries_2025_10: [OLD], deliveries_2025_10_weeks: [isoWeek(OLD)] })
    // The same subscriber and period cannot be written again after the move.
    expect(await dispatch(OLD)).toMatchObject({ kind: 'page', subscribers: 0 })
    await expect(
      sql`insert into deliveries (subscriber_id, period, day, parcel_id, state, queued_at)
        select subscriber_id, period, day, parcel_id, state, queued_at from deliveries`.execute(ledger().db),
    ).rejects.toThrow(/duplicate key/)
  })

  test('an old month is not dropped while one of its deliveries is open, and the next months are opened', async () => {
    const { opened, dropped, held } = await maintenance()
    expect({ dropped, held }).toEqual({ dropped: [], held: [{ month: '2025-10', open: 1 }] })
    expect(opened).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
    const rows = await ledger().db.selectFrom('deliveries').select('id').orderBy('id').execute()
    messages = rows.map(({ id }) => id)
    await sql`update deliveries set settled_at = '2025-10-14T06:01:00Z', address = 'not stored', paper_numbers = array(select number from papers where id = 'p1'),
      state = case subscriber_id when ${ada} then 'delivered' else 'skipped' end,
      reason = case subscriber_id when ${ada} then '250 not stored' else 'paused' end`.execute(ledger().db)
    await sql`update parcels set state = 'settled'`.execute(ledger().db)
    await complain(messages[0] ?? '')
  })

  test('the counts of a dropped month are stored, and add up to the dispatched deliveries', async () => {
    const before = [await readDayStatus(ledger().db, OLD, NOW), await readDayFeedback(ledger().db, OLD)]
    expect((await maintenance()).dropped).toEqual([{ month: '2025-10', deliveries: 2 }])
    expect(await readMonths(ledger().db)).toEqual(['2025-11', '2026-11', '2026-12', '2027-01', '2027-02'])
    expect((await ledger().db.selectFrom('deliveries').select('id').execute()).length).toBe(0)
    expect((await ledger().db.selectFrom('parcels').select('id').execute()).length).toBe(0)
    expect([await readDayStatus(ledger().db, OLD, NOW), await readDayFeedback(ledger().db, OLD)]).toEqual(before)
    expect(before[1]).toMatchObject({ sent: 1, complained: 1 })
    expect(await readSendStatus(ledger().db, OLD, NOW)).toMatchObject({ candidates: 2, addsUp: true })
    expect(await readEditionFigures(ledger().db, null, 1)).toMatchObject([
      { taken: 1, complained: 1, skipped: 1, open: 0 },
    ])
    expect(JSON.stringify(await ledger().db.selectFrom('archived_counts').selectAll().execute())).not.toContain(
      'not stored',
    )
    expect((await maintenance()).dropped).toEqual([])
  })

  test('no subscriber gets a second digest of a dropped period', async () => {
    expect(await dispatch(OLD)).toEqual({ kind: 'held', why: 'forgotten' })
    for (const period of [OLD, isoWeek(OLD)])
      await expect(
        sql`insert into deliveries (subscriber_id, period, day, parcel_id, state, queued_at)
          values (${ada}, ${period}, ${OLD}, ${randomUUID()}, 'queued', ${NOW})`.execute(ledger().db),
      ).rejects.toThrow(/deliveries_other_kept/)
    expect(await openMonths(ledger().db, ['2025-10'] as Month[])).toEqual([])
  })

  test('a paper of a dropped month is not sent again to those who were subscribers then, but to newer ones', async () => {
    await sql`update subscribers set frequency = 'daily', weekdays = '{1,2,3,4,5,6,7}'`.execute(ledger().db)
    const cy = await subscribe('cy@example.org', 'daily', NOW)
    await publish(NEW, 'p1', 'p9')
    const page = await dispatch(NEW)
    const result = await claimParcel(ledger().db, {
      ...CLAIM_DEFAULTS,
      parcelId: page.kind === 'page' ? (page.parcelIds[0] ?? '') : '',
      worker: 'w1',
      at: NOW,
      silentBefore: NOW,
      staleBefore: NOW,
      transport: 'resend',
      keyId: 'k1',
      template: 't1',
      pool: { ids: ['p1', 'p9'], since: OLD },
      decide: decideOn('p1', 'p9'),
    })
    if (result.kind !== 'claimed') throw new Error(result.kind)
    expect(
      Object.fromEntries(result.parcel.members.map(({ subscriberId, paperIds }) => [subscriberId, paperIds])),
    ).toEqual({
      [ada]: ['p9'],
      [ben]: ['p9'],
      [cy]: ['p1', 'p9'],
    })
  })

  test('a report about a dropped delivery is counted, and its link says that the digest is gone', async () => {
    expect(await complain(messages[0] ?? '')).toBe('gone')
    expect(await readSent(ledger().db, messages[0] ?? '')).toEqual({ kind: 'gone' })
    expect(await readSent(ledger().db, '9000000000')).toEqual({ kind: 'unknown' })
  })
})

describe('the periods since a day', () => {
  const ledger = aLedger(openQuickestLedger)
  it('include those of every later day and few others, also at the turn of a year', async () => {
    const firsts = [
      '2026-11-13',
      '2026-12-27',
      '2026-12-28',
      '2026-12-31',
      '2027-01-01',
      '2027-01-03',
      '2024-12-30',
      '2025-01-01',
    ]
    for (const since of firsts.map(day)) {
      const around = Array.from({ length: 800 }, (_, at) => addDays(since, at - 400))
      const { rows } = await sql<{ period: string }>`
          select h.period from (select unnest(${around.flatMap(periodsOf)}::text[]) collate "C" as period) as h
          where ${sinceDay(since)}`.execute(ledger().db)
      const found = new Set(rows.map(({ period }) => period))
      const later = around.filter((date) => date >= since)
      expect(later.flatMap(periodsOf).filter((period) => !found.has(period))).toEqual([])
      expect(around.filter((date) => date < addDays(since, -7) && found.has(date))).toEqual([])
    }
  })
})
