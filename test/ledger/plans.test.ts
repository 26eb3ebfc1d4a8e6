import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../src/domain/day.ts'
import type { Month } from '../../src/domain/month.ts'
import type { ClaimedParcel } from '../../src/domain/parcel.ts'
import { readFilter } from '../../src/domain/segments/filter.ts'
import { findParcels } from '../../src/ledger/deliveries/claim/claim.ts'
import { applyWaiting, recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import { readReceivedDigests } from '../../src/ledger/deliveries/received-digests.ts'
import { recordCalls } from '../../src/ledger/deliveries/record-calls.ts'
import { readSent } from '../../src/ledger/deliveries/sent-digest.ts'
import { settleParcel } from '../../src/ledger/deliveries/settle.ts'
import { closeEmptyParcels, readIdleParcels } from '../../src/ledger/dispatch/open-work.ts'
import { countAllOpen, countOpen, writePage } from '../../src/ledger/dispatch/write-page.ts'
import { openMonths } from '../../src/ledger/maintenance/partitions.ts'
import { listDeliveries } from '../../src/ledger/reports/delivery-list.ts'
import { readSendingSpans } from '../../src/ledger/reports/figures.ts'
import { readProgress } from '../../src/ledger/reports/progress.ts'
import { countRecentReports, readDayFeedback } from '../../src/ledger/reports/provider-figures.ts'
import { readSendStatus } from '../../src/ledger/reports/send-status.ts'
import { readDayStatus, readHistory } from '../../src/ledger/reports/status.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import { searchSubscribers } from '../../src/ledger/segments/find.ts'
import { countSavedPapers, readSavedPapers } from '../../src/ledger/subscribers/saved-papers.ts'
import { explained, type PlanQuery } from '../support/databases/plans.ts'
import { postgresLedger, type TestLedger } from '../support/ledger.ts'
import { CLAIM_DEFAULTS, claimParcel } from '../support/sending/claiming.ts'
import { decideOn } from '../support/sending/deciding.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'

const TODAY = day('2026-11-20')
const AT = new Date('2026-11-20T07:00:00Z')
const MONTHS = ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12'] as Month[]
const REJECTED = { day: TODAY, states: ['refused'] as const }
const PROVIDER_ID = 'mail of 40017'

// 50,000 deliveries of twenty days in four months, and 25,000 subscribers, so that every table is large.
const FILL = `
  insert into subscribers (email, email_key, address_hash, state, delivery_hour, created_at, updated_at)
    select n || '@example.org', n || '@example.org', md5(n::text), 'active', n % 24, '2026-01-01', '2026-01-01' from generate_series(1, 25000) as n;
  insert into editions (day, state, reports, published_at, dispatched_at, delivery_count, cohort)
    select '2026-11-19'::date - n * 5, 'published', '[]'::jsonb, '2026-11-19'::date - n * 5, '2026-11-19'::date - n * 5, 2500, 'everyone' from generate_series(0, 19) as n
    union all select '${TODAY}', 'published', '[]'::jsonb, '${TODAY}', null, 0, 'everyone';
  insert into papers (id, content, first_day, updated_at) select 'p' || n, '{}', '2026-11-20', '2026-11-20' from generate_series(1, 3) as n;
  insert into saved_papers select id, 'p' || n, '2026-11-20' from subscribers, generate_series(1, 2) as n;
  insert into parcels (id, day, state, next_try_at, created_at)
    select md5(day || ' ' || k)::uuid, day, 'settled', day, day from editions, generate_series(0, 24) as k where day < '${TODAY}';
  insert into deliveries (subscriber_id, period, day, parcel_id, state, address, paper_numbers, selection, provider_id, queued_at, settled_at)
    select n, to_char(day, 'YYYY-MM-DD'), day, md5(day || ' ' || n / 100)::uuid, 'delivered', n || '@example.org', array[1, 2], '{}',
      'mail of ' || (row_number() over (order by day, n)), day, day + interval '1 minute'
    from editions, generate_series(1, 2500) as n where day < '${TODAY}';
  insert into webhook_events (id, source, kind, state, delivery_id, occurred_at, received_at)
    select 'event ' || id, 'resend', case when id % 10 = 0 then 'bounced' when day < '2026-11-09' then 'complained' else 'delivered' end, 'applied', id, day, day from deliveries where id % 5 = 0;`

const open = TEST_DATABASE_URL === null ? describe.skip : describe

open('the query plans of the hot path, in a ledger of many months', () => {
  let ledger: TestLedger
  let db: Database
  let taken: () => PlanQuery[]
  let large: Set<string>
  let parcels: readonly string[] = []
  let claimed: ClaimedParcel | null = null

  beforeAll(async () => {
    ledger = await postgresLedger(TEST_DATABASE_URL ?? '')
    await openMonths(ledger.db, MONTHS)
    await ledger.pool.query(FILL)
    await ledger.pool.query('vacuum analyze')
    const { rows } = await ledger.pool.query<{ name: string }>(
      'select relname as name from pg_class where relpages > 10',
    )
    large = new Set(rows.map(({ name }) => name))
    ;({ db, taken } = explained(ledger.pool))
  })
  afterAll(() => ledger?.close())

  const search = (fields: Readonly<Record<string, string>>) =>
    searchSubscribers(db, readFilter(fields).filter, { before: null, limit: 50 })
  const message = async () =>
    (
      await ledger.db
        .selectFrom('deliveries')
        .select('id')
        .where('provider_id', '=', PROVIDER_ID)
        .executeTakeFirstOrThrow()
    ).id
  const report = async (withId: boolean) =>
    recordEvent(
      db,
      {
        id: randomUUID(),
        source: 'resend',
        kind: 'complained',
        message: withId ? { kind: 'delivery', id: await message() } : null,
        providerId: PROVIDER_ID,
        mayBeOurs: true,
        reason: null,
        occurredAt: AT,
      },
      { at: AT, hashOf: () => null },
    )
  const silent = { silentBefore: AT, staleBefore: AT }

  // In the order of a morning: due subscribers, a parcel, and what is read about it. The number is the most partitions that
  // may be read. Each month has two; the four months and the next have ten, and `deliveries_other` is one more.
  it.each<[string, number, () => Promise<unknown>]>([
    [
      'a page of due subscribers',
      2,
      async () => {
        const order = {
          day: TODAY,
          cohort: { kind: 'everyone' as const },
          after: '0',
          subscribersMax: 500,
          parcelSize: 100,
        }
        const page = await writePage(db, { ...order, newParcelId: randomUUID, at: AT })
        parcels = page.kind === 'page' ? page.parcelIds : []
      },
    ],
    ['the number of open deliveries', 2, () => countOpen(db, TODAY, AT)],
    ['finding a parcel', 2, () => findParcels(db, [parcels[0] ?? ''])],
    [
      'claiming it, with the papers of the last days',
      7,
      async () => {
        const result = await claimParcel(db, {
          ...CLAIM_DEFAULTS,
          ...silent,
          parcelId: parcels[0] ?? '',
          worker: 'w1',
          at: AT,
          transport: 'resend',
          keyId: 'k1',
          template: 't1',
          pool: { ids: ['p1', 'p2', 'p3'], since: addDays(TODAY, -7) },
          decide: decideOn('p3'),
        })
        claimed = result.kind === 'claimed' ? result.parcel : null
        expect(claimed?.members).toHaveLength(100)
      },
    ],
    [
      'recording that its call begins, and that a message was sent',
      1,
      async () => {
        if (claimed === null) throw new Error('nothing was claimed')
        const [deliveryId = ''] = claimed.members.slice(-1).map((member) => member.deliveryId)
        const settlements = [{ kind: 'sent' as const, deliveryId, providerId: 'm1' }]
        // Of another attempt, so that the parcel stays open.
        const sent = { parcel: { ...claimed, attempt: 9 }, settlements, at: AT, newParcelId: randomUUID }
        await recordCalls(db, { begins: [{ parcel: claimed, at: AT }], sent: [sent] })
      },
    ],
    [
      'settling it',
      2,
      async () => {
        if (claimed === null) throw new Error('nothing was claimed')
        const settlements = claimed.members.map(({ deliveryId }, at) =>
          at === 0
            ? { kind: 'refused' as const, deliveryId, reason: 'no such mailbox', suppress: true }
            : { kind: 'sent' as const, deliveryId, providerId: randomUUID() },
        )
        await settleParcel(db, { parcel: claimed, settlements, at: AT, newParcelId: randomUUID })
      },
    ],
    [
      'parcels without a job',
      2,
      () => readIdleParcels(db, { ...silent, after: '00000000-0000-0000-0000-000000000000', limit: 1_000 }),
    ],
    ['parcels that are empty', 2, () => closeEmptyParcels(db)],
    ['the number of open deliveries of all days', 2, () => countAllOpen(db)],
    ['the sending of a day', 2, () => readSendStatus(db, TODAY, AT)],
    ['the status of a day', 2, () => readDayStatus(db, TODAY, AT)],
    ['its intervals', 2, () => readSendingSpans(db, TODAY, 60)],
    ['its bounces and complaints', 2, () => readDayFeedback(db, TODAY)],
    ['readiness and metrics', 4, () => readProgress(db, AT, addDaysTo(AT, -2))],
    ['a complaint with our id', 11, () => report(true)],
    ['a complaint with only the provider’s id', 11, () => report(false)],
    ['waiting reports', 11, () => applyWaiting(db, 1_000, { at: AT, hashOf: () => null })],
    ['reports of the last days', 0, () => countRecentReports(db, addDaysTo(AT, -2))],
    ['a digest in the browser', 11, async () => readSent(db, await message())],
    ['the newest deliveries of a subscriber', 11, () => readHistory(db, '7', 20)],
    ['the feed of a subscriber', 11, () => readReceivedDigests(db, '7', 14)],
    [
      'the list of rejected deliveries',
      2,
      () => listDeliveries(db, { ...REJECTED, reason: null, after: null, limit: 50 }),
    ],
    ['a search by domain', 0, () => search({ q: '@lab.org' })],
    ['a search by state', 0, () => search({ state: 'paused' })],
    ['a search by day of joining', 0, () => search({ joined_from: '2026-06-01', joined_to: '2026-06-02' })],
    ['a search for bounces', 0, () => search({ bounced: 'yes' })],
    ['a search by what happened to a digest', 2, () => search({ edition: TODAY, outcome: 'bounced' })],
    ['saved papers', 0, () => readSavedPapers(db, '7', { limit: 50, offset: 0 })],
    ['the number of saved papers', 0, () => countSavedPapers(db, '7')],
  ])('%s: uses indexes, and reads at most %i partitions', async (_what, most, work) => {
    taken()
    await work()
    const looks = taken()
    expect(looks.length).toBeGreaterThan(0)
    expect(looks.filter(({ table, how }) => how === 'Seq Scan' && large.has(table))).toEqual([])
    const parts = new Set(looks.map(({ table }) => table).filter((table) => /^deliveries_/.test(table)))
    expect([...parts].slice(most)).toEqual([])
  })

  it('a day that was sent is counted from indexes alone', async () => {
    taken()
    const { counts } = await readDayStatus(db, day('2026-11-14'), AT)
    expect(counts.delivered).toBe(2_500)
    const looks = taken().filter(({ table }) => /^deliveries_/.test(table) && large.has(table))
    expect(new Set(looks.map(({ how }) => how))).toEqual(new Set(['Index Only Scan']))
  })
})

function addDaysTo(at: Date, days: number): Date {
  return new Date(at.getTime() + days * 86_400_000)
}
