import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import type { ClaimedParcel } from '../../../src/domain/parcel.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../src/domain/subscriber.ts'
import { claimParcel } from '../../../src/ledger/deliveries/claim.ts'
import { readPendingDeliveries } from '../../../src/ledger/deliveries/pending.ts'
import { settleParcel } from '../../../src/ledger/deliveries/settle.ts'
import { closeEmptyParcels, heartbeat, readIdleParcels } from '../../../src/ledger/dispatch/open-work.ts'
import { countOpen, writePage } from '../../../src/ledger/dispatch/write-page.ts'
import { readArchivePapers, readCandidateDays, readDuplicateIds } from '../../../src/ledger/editions/archive.ts'
import {
  readEarlierDays,
  readEdition,
  readKnownPapers,
  saveEdition,
  setSending,
} from '../../../src/ledger/editions/editions.ts'
import { readSignals } from '../../../src/ledger/editions/votes.ts'
import { prune } from '../../../src/ledger/maintenance/prune.ts'
import { readDayStatus } from '../../../src/ledger/reports/status.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import {
  addSubscribers,
  findSubscriber,
  moveSubscriber,
  suppress,
} from '../../../src/ledger/subscribers/subscribers.ts'
import type { ClaimResult } from '../../../src/pipeline/deliver.ts'
import type { Cohort } from '../../../src/pipeline/dispatch.ts'
import type { Settlement } from '../../../src/pipeline/send/settlement.ts'
import { cachedEditions } from '../../../workers/app/editions.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { CLAIM_DEFAULTS } from '../../support/sending/claiming.ts'
import { decideOn } from '../../support/sending/deciding.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'
import { until } from '../../support/until.ts'

const D = day('2025-10-14') // A Tuesday.
const AT = new Date('2025-10-14T06:00:00Z')
const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000)

const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['PGlite', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

describe.each(LEDGERS)('the ledger on %s', (name, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())
  beforeEach(async () => {
    if (open === null) return
    await emptyTables(
      ledger.pool,
      'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, workers, transactional_emails, feedback, address_changes',
    )
  })

  const publish = (on: Day, papers: readonly string[], votesAt = AT) =>
    saveEdition(ledger.db, aPublishedEdition(on, papers, AT, votesAt))

  const subscribe = async (email: string, preferences: Partial<Preferences> = {}) => {
    const [result] = await addSubscribers(
      ledger.db,
      [
        {
          email,
          emailKey: email,
          addressHash: `hash of ${email}`,
          state: 'active',
          preferences: { ...DEFAULT_PREFERENCES, ...preferences },
          consent: { by: 'operator', note: 'a test', at: AT.toISOString() },
        },
      ],
      later(-24 * 60),
    )
    if (result?.kind !== 'added') throw new Error('not added')
    return result.id
  }

  const dispatch = async (parcelSize = 10, cohort: Cohort = { kind: 'everyone' }, on: Day = D) => {
    const page = await writePage(ledger.db, {
      day: on,
      cohort,
      after: '0',
      subscribersMax: 500,
      parcelSize,
      newParcelId: randomUUID,
      at: AT,
    })
    if (page.kind !== 'page') throw new Error(`nothing was written: it is ${page.kind}`)
    return page.parcelIds
  }

  const claim = (parcelId: string, { worker = 'w1', at = AT, papers = ['p1', 'p2'], since = addDays(D, -7) } = {}) =>
    claimParcel(ledger.db, {
      ...CLAIM_DEFAULTS,
      parcelId,
      worker,
      at,
      silentBefore: new Date(at.getTime() - 20_000),
      staleBefore: new Date(at.getTime() - 15 * 60_000),
      transport: 'resend',
      keyId: 'k1',
      template: 't1',
      pool: { ids: papers, since },
      decide: decideOn(...papers),
    })

  const claimed = (result: ClaimResult): ClaimedParcel => {
    if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`)
    return result.parcel
  }

  const settle = (parcel: ClaimedParcel, of: (deliveryId: string, index: number) => Settlement) =>
    settleParcel(ledger.db, {
      parcel,
      settlements: parcel.members.map((member, index) => of(member.deliveryId, index)),
      at: AT,
      newParcelId: randomUUID,
    })

  const requeue = (deliveryId: string, reason: string, countsAsAttempt: boolean): Settlement => ({
    kind: 'requeue',
    deliveryId,
    reason,
    retryAt: later(1),
    countsAsAttempt,
    splitOff: false,
  })

  const counts = async (on: Day = D) => (await readDayStatus(ledger.db, on, AT)).counts

  test('an edition that has gone out is never replaced, one that has not may be', async () => {
    await publish(D, ['p1', 'p2'])
    expect(await publish(D, ['p1', 'p2', 'p3'])).toEqual({ kind: 'saved', revision: 2 })
    await subscribe('ada@example.org')
    await dispatch()
    expect(await publish(D, ['p9'])).toEqual({ kind: 'kept' })
    expect((await readEdition(ledger.db, D))?.entries.map((entry) => entry.paper.id)).toEqual(['p1', 'p2', 'p3'])
  })

  test('a source that fails later does not take away an edition with papers', async () => {
    await publish(D, ['p1'])
    const failed = {
      day: D,
      state: 'failed',
      reason: 'down',
      incomplete: null,
      reports: [],
      votesAt: null,
      publishedAt: AT,
      entries: [],
    } as const
    expect(await saveEdition(ledger.db, failed)).toEqual({ kind: 'kept' })
    expect((await readEdition(ledger.db, D))?.state).toBe('published')
  })

  test('votes of a paper at two moments stand side by side, and its first day is known', async () => {
    await publish(D, ['p1'])
    await publish(addDays(D, 1), ['p2', 'p1'], later(24 * 60))
    const { rows } = await ledger.pool.query(
      'select observed_at, upvotes from signals where paper_id = $1 order by observed_at',
      ['p1'],
    )
    expect(rows).toEqual([
      { observed_at: AT, upvotes: 9 },
      { observed_at: later(24 * 60), upvotes: 8 },
    ])
    expect([...(await readEarlierDays(ledger.db, ['p1', 'p2'], addDays(D, 1)))]).toEqual([['p1', D]])
  })

  test('knows the last votes up to a moment, the papers of earlier editions, and those of one title', async () => {
    await publish(D, ['p1', 'p2'])
    await publish(addDays(D, 1), ['p3'], later(24 * 60))
    await ledger.pool.query(
      `insert into signals (paper_id, observed_at, upvotes) values ('p1', $1, 5), ('p1', $2, 58)`,
      [later(30), later(60)],
    )
    const upvotes = async (at: Date) => (await readSignals(ledger.db, ['p1', 'p3'], at)).get('p1')?.upvotes
    expect([await upvotes(later(45)), await upvotes(later(90))]).toEqual([5, 58])
    expect([...(await readKnownPapers(ledger.db, ['p1', 'p3'], addDays(D, 1)))]).toEqual(['p1'])
    await ledger.pool.query(
      `update papers set content = jsonb_set(content, '{title}', '"One work: under TWO ids"') where id = 'p2'`,
    )
    await ledger.pool.query(
      `update papers set content = jsonb_set(content, '{title}', '"One Work under two IDs"') where id = 'p3'`,
    )
    expect([...(await readDuplicateIds(ledger.db, ['p1', 'p2', 'p3']))]).toEqual([
      ['p2', ['p3']],
      ['p3', ['p2']],
    ])
    expect(await readArchivePapers(ledger.db, D, 1)).toEqual([
      expect.objectContaining({ abstract: expect.any(String) }),
    ])
  })

  test('an edition that is made afterwards for a day gone by changes no digest of a day that was made before', async () => {
    await publish(addDays(D, -2), ['p1'])
    await saveEdition(ledger.db, aPublishedEdition(D, ['p2'], later(10)))
    await saveEdition(ledger.db, aPublishedEdition(addDays(D, -1), ['p3'], later(20)))
    expect(await readCandidateDays(ledger.db, addDays(D, -7), D)).toEqual([D, addDays(D, -2)])
    await saveEdition(ledger.db, aPublishedEdition(addDays(D, 1), ['p4'], later(30)))
    expect(await readCandidateDays(ledger.db, addDays(D, -1), addDays(D, 1))).toEqual([
      addDays(D, 1),
      D,
      addDays(D, -1),
    ])
  })

  test('two dispatchers at once write one delivery for each reader', async () => {
    await publish(D, ['p1'])
    for (let n = 0; n < 25; n += 1) await subscribe(`r${n}@example.org`)
    await Promise.all([dispatch(4), dispatch(4)])
    expect((await counts()).queued).toBe(25)
    expect(await countOpen(ledger.db, D, later(0))).toEqual({ due: 25, deferred: 0 })
  })

  test('only readers whose own hour has come are due, wherever they live', async () => {
    await publish(D, ['p1'])
    await subscribe('tokyo@example.org', { timezone: 'Asia/Tokyo', deliveryHour: 15 }) // 15:00 there is 06:00 UTC.
    await subscribe('berlin@example.org', { timezone: 'Europe/Berlin', deliveryHour: 9 }) // 08:00 there.
    await subscribe('samoa@example.org', { timezone: 'Pacific/Pago_Pago', deliveryHour: 0 }) // Still the day before.
    const due = async (at: Date) => {
      await dispatch(1, { kind: 'hour', now: at })
      return Number((await counts()).queued)
    }
    expect(await due(AT)).toBe(1)
    expect(await due(later(60))).toBe(2)
    expect(await due(later(5 * 60))).toBe(3)
  })

  test('a weekly reader is due once in an ISO week, from the chosen weekday on', async () => {
    await publish(D, ['p1'])
    await publish(addDays(D, 1), ['p2'])
    await subscribe('monday@example.org', { frequency: 'weekly', weekday: 1 })
    await subscribe('wednesday@example.org', { frequency: 'weekly', weekday: 3 })
    expect((await dispatch(1)).length).toBe(1)
    expect((await dispatch(1, { kind: 'everyone' }, addDays(D, 1))).length).toBe(1)
    expect((await dispatch(1, { kind: 'everyone' }, addDays(D, 1))).length).toBe(0)
  })

  test('a reader who unsubscribes, is suppressed or erased between dispatch and claim gets nothing', async () => {
    await publish(D, ['p1'])
    const left = await subscribe('left@example.org')
    await subscribe('bounced@example.org')
    const erased = await subscribe('erased@example.org')
    await subscribe('stays@example.org')
    const [parcelId = ''] = await dispatch()
    await moveSubscriber(ledger.db, left, 'unsubscribed', AT, 'by link')
    await suppress(ledger.db, 'hash of bounced@example.org', 'hard bounce', AT)
    await eraseSubscriber(ledger.db, erased, AT)
    const parcel = claimed(await claim(parcelId))
    expect(parcel.members.map((member) => member.address)).toEqual(['stays@example.org'])
    expect(await counts()).toMatchObject({ skipped: 3, sending: 1 })
  })

  test('an address among the suppressed gets nothing, whatever its reader’s state says', async () => {
    await publish(D, ['p1'])
    await subscribe('ada@example.org')
    const [parcelId = ''] = await dispatch()
    const suppress = (hash: string) =>
      ledger.pool.query(`insert into suppressions values ($1, 'operator', null, $2)`, [hash, AT])
    await suppress('hash of ada@example.org')
    expect((await claim(parcelId)).kind).toBe('settled')
    expect(await counts()).toMatchObject({ skipped: 1, sending: 0 })
    await subscribe('bob@example.org')
    await suppress('hash of bob@example.org')
    expect(await dispatch()).toEqual([])
  })

  test('a letter that had gone out forgets its reader’s address and choice with the erasure', async () => {
    await publish(D, ['p1'])
    const erased = await subscribe('erased@example.org')
    const parcel = claimed(await claim((await dispatch())[0] ?? ''))
    await settle(parcel, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'm1' }))
    await eraseSubscriber(ledger.db, erased, AT)
    expect(
      await ledger.db.selectFrom('deliveries').select(['state', 'address', 'selection', 'paper_ids']).execute(),
    ).toEqual([{ state: 'sent', address: null, selection: null, paper_ids: null }])
  })

  test('a letter on the wire keeps its erased reader’s address until it has settled, and no longer', async () => {
    await publish(D, ['p1'])
    const erased = await subscribe('erased@example.org')
    const parcel = claimed(await claim((await dispatch())[0] ?? ''))
    await eraseSubscriber(ledger.db, erased, AT)
    const address = async () =>
      (await ledger.db.selectFrom('deliveries').select('address').executeTakeFirstOrThrow()).address
    await prune(ledger.db, AT, 10)
    expect(await address()).toBe('erased@example.org')
    await settle(parcel, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'm1' }))
    await prune(ledger.db, AT, 10)
    expect(await address()).toBeNull()
  })

  test('a suppressed address cannot come back by being added again', async () => {
    await suppress(ledger.db, 'hash of no@example.org', 'complaint', AT)
    await expect(subscribe('no@example.org')).rejects.toThrow('not added')
  })

  test('of two workers one gets the parcel; the other may repeat it when the first has fallen silent', async () => {
    await publish(D, ['p1'])
    await subscribe('ada@example.org')
    const [parcelId = ''] = await dispatch()
    for (const id of ['w1', 'w2']) await heartbeat(ledger.db, { id, host: 'h', pid: 1 }, AT)
    const results = await Promise.all([claim(parcelId), claim(parcelId, { worker: 'w2' })])
    expect(results.map((result) => result.kind).sort()).toEqual(['busy', 'claimed'])
    expect((await claim(parcelId, { worker: 'w3', at: new Date(AT.getTime() + 10_000) })).kind).toBe('busy')
    const repeat = claimed(await claim(parcelId, { worker: 'w3', at: later(1) }))
    expect(repeat).toMatchObject({ repeat: true, attempt: 2, frozenAt: AT, transport: 'resend', keyId: 'k1' })
    expect(repeat.members).toHaveLength(1)
  })

  test('a repeat carries what was frozen, not what the reader prefers by now', async () => {
    await publish(D, ['p1', 'p2'])
    const id = await subscribe('ada@example.org')
    const [parcelId = ''] = await dispatch()
    const first = claimed(await claim(parcelId))
    await ledger.pool.query('update subscribers set email = $1 where id = $2', ['new@example.org', id])
    const repeat = claimed(await claim(parcelId, { worker: 'w2', at: later(1), papers: ['p9'] }))
    expect(repeat.members).toEqual(first.members)
  })

  test('a repeat knows in which order readers were left out before, and who comes back stays out of it', async () => {
    await publish(D, ['p1'])
    const [ada, kofi] = [await subscribe('ada@example.org'), await subscribe('kofi@example.org')]
    await subscribe('mei@example.org')
    const [parcelId = ''] = await dispatch()
    const { members } = claimed(await claim(parcelId))
    const leftOut = async (worker: string) => {
      const { excludedIds: left } = claimed(await claim(parcelId, { worker, at: later(1) }))
      return left.map((id) => members.find(({ deliveryId }) => deliveryId === id)?.address)
    }
    await moveSubscriber(ledger.db, kofi, 'unsubscribed', AT, 'by link')
    expect(await leftOut('w2')).toEqual(['kofi@example.org'])
    await moveSubscriber(ledger.db, kofi, 'active', AT, 'by link', 'unsubscribed')
    await eraseSubscriber(ledger.db, ada, AT)
    expect(await leftOut('w3')).toEqual(['kofi@example.org', 'ada@example.org'])
  })

  test('no paper comes twice, across days and across daily and weekly', async () => {
    await publish(D, ['p1', 'p2'])
    const id = await subscribe('ada@example.org')
    const first = claimed(await claim((await dispatch())[0] ?? ''))
    await settle(first, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'x' }))
    await ledger.pool.query(`update subscribers set frequency = 'weekly' where id = $1`, [id])
    const [weekly = ''] = await dispatch(10, { kind: 'everyone' }, addDays(D, 1)).catch(async () => {
      await publish(addDays(D, 1), ['p2', 'p3'])
      return dispatch(10, { kind: 'everyone' }, addDays(D, 1))
    })
    expect(claimed(await claim(weekly, { papers: ['p1', 'p2', 'p3'] })).members[0]?.paperIds).toEqual(['p3'])
  })

  // The embedded database has one connection: there is no same moment.
  if (name === 'PostgreSQL')
    test('two editions that are claimed at the same moment bring a reader no paper twice', async () => {
      await publish(D, ['p1', 'p2'])
      await publish(addDays(D, 1), ['p2', 'p3'])
      await subscribe('ada@example.org')
      const [first = ''] = await dispatch()
      const [second = ''] = await dispatch(10, { kind: 'everyone' }, addDays(D, 1))
      const papers = ['p1', 'p2', 'p3']
      let other: Promise<ClaimResult> | undefined
      let claimedToo = false
      await ledger.db.transaction().execute(async (trx) => {
        await readPendingDeliveries(trx, { parcelId: first, day: D, pool: { ids: papers, since: addDays(D, -7) } })
        other = claim(second, { papers, worker: 'w2' })
        void other.then(() => {
          claimedToo = true
        })
        await until('the other claim waits, or has not waited', async () => {
          const { rows } = await ledger.pool.query(
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          )
          return claimedToo || rows.length > 0
        })
        await sql`update deliveries set state = 'sending', paper_ids = '{p1,p2}' where parcel_id = ${first}`.execute(
          trx,
        )
      })
      expect(claimed((await other) ?? { kind: 'settled' }).members[0]?.paperIds).toEqual(['p3'])
    })

  test('a reader who is not active has no delivery written, which would use up the period', async () => {
    await publish(D, ['p1'])
    for (const state of ['paused', 'unsubscribed', 'pending', 'suppressed'])
      await ledger.pool.query('update subscribers set state = $1 where id = $2', [
        state,
        await subscribe(`${state}@example.org`),
      ])
    await dispatch()
    expect((await ledger.pool.query('select from deliveries')).rowCount).toBe(0)
    await ledger.pool.query("update subscribers set state = 'active' where state = 'paused'")
    expect(await dispatch()).toHaveLength(1)
  })

  test('an edition that is made anew is read anew', async () => {
    const { readEdition: read } = cachedEditions(ledger.editions)
    expect(await read(D)).toBeNull()
    await publish(D, ['p1'])
    expect((await read(D))?.entries).toHaveLength(1)
    await publish(D, ['p1', 'p2'])
    expect((await read(D))?.entries).toHaveLength(2)
    // Nothing has changed, so nothing is read.
    expect(await read(D)).toBe(await read(D))
  })

  test('no paper comes twice at the turn of a year whose first days are of the last year’s week', async () => {
    const friday = day('2027-01-01') // Of 2026-W53.
    const monday = day('2027-01-04')
    for (const on of [friday, monday]) await publish(on, on === friday ? ['p1'] : ['p1', 'p2'])
    const id = await subscribe('ada@example.org', { frequency: 'weekly' })
    const first = claimed(
      await claim((await dispatch(10, { kind: 'everyone' }, friday))[0] ?? '', { papers: ['p1'], since: friday }),
    )
    await settle(first, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'x' }))
    await ledger.pool.query(`update subscribers set frequency = 'daily' where id = $1`, [id])
    const [daily = ''] = await dispatch(10, { kind: 'everyone' }, monday)
    const member = claimed(await claim(daily, { since: friday })).members[0]
    expect(member?.paperIds).toEqual(['p2'])
  })

  test('one refused member does not hold up the others, and one deferred goes on alone under a new key', async () => {
    await publish(D, ['p1'])
    for (const name of ['a', 'b', 'c', 'd']) await subscribe(`${name}@example.org`)
    const parcel = claimed(await claim((await dispatch())[0] ?? ''))
    const { retry } = await settle(parcel, (deliveryId, index): Settlement => {
      if (index === 0) return { kind: 'refused', deliveryId, reason: 'no such mailbox', suppress: true }
      if (index === 1) return requeue(deliveryId, 'greylisted', true)
      if (index === 2) return { kind: 'uncertain', deliveryId, reason: 'answer lost' }
      return { kind: 'sent', deliveryId, providerId: 'm4' }
    })
    expect(await counts()).toMatchObject({ refused: 1, queued: 1, uncertain: 1, sent: 1 })
    expect(retry).toHaveLength(1)
    expect(retry[0]).toMatchObject({ at: later(1) })
    expect(retry[0]?.id).not.toBe(parcel.id)
    expect((await findSubscriber(ledger.db, 'a@example.org'))?.state).toBe('suppressed')
    expect(await claim(parcel.id)).toEqual({ kind: 'settled' })
    expect(await claim(retry[0]?.id ?? '')).toEqual({ kind: 'later', until: later(1) })
    expect(await countOpen(ledger.db, D, later(0))).toEqual({ due: 0, deferred: 1 })
    expect(await countOpen(ledger.db, D, later(1))).toEqual({ due: 1, deferred: 0 })
    expect(claimed(await claim(retry[0]?.id ?? '', { at: later(1) })).members[0]).toMatchObject({
      address: 'b@example.org',
      deferrals: 1,
    })
  })

  test('what was certainly not sent goes again under a new key; what may have been sent is only repeated under its own', async () => {
    await publish(D, ['p1'])
    for (const name of ['a', 'b']) await subscribe(`${name}@example.org`)
    const parcel = claimed(await claim((await dispatch())[0] ?? ''))
    const first = await settle(parcel, (deliveryId) => requeue(deliveryId, '429', false))
    expect(first.retry).toHaveLength(1)
    expect(first.retry[0]?.id).not.toBe(parcel.id)
    expect((await claim(parcel.id, { at: later(1) })).kind).toBe('settled')
    const second = claimed(await claim(first.retry[0]?.id ?? '', { at: later(1) }))
    expect(second).toMatchObject({ repeat: false, attempt: 2 })
    expect(second.members.map((member) => member.deliveryId)).toEqual(parcel.members.map((member) => member.deliveryId))
    await settle(second, (deliveryId) => ({ kind: 'retrySameKey', deliveryId, reason: 'timed out', retryAt: later(1) }))
    const third = claimed(await claim(second.id, { at: later(2), worker: 'w3' }))
    expect(third).toMatchObject({ repeat: true, attempt: 3 })
    expect(third.members).toEqual(second.members)
  })

  test('a worker that comes back too late changes nothing but facts', async () => {
    await publish(D, ['p1'])
    await subscribe('ada@example.org')
    const slow = claimed(await claim((await dispatch())[0] ?? ''))
    const quick = claimed(await claim(slow.id, { worker: 'w2', at: later(1) }))
    const late = await settle(slow, (deliveryId) => requeue(deliveryId, 'late', true))
    expect(late.retry).toEqual([])
    expect((await counts()).sending).toBe(1)
    await settle(quick, (deliveryId) => ({ kind: 'uncertain', deliveryId, reason: 'answer lost' }))
    await settle(slow, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'm1' }))
    expect(await counts()).toMatchObject({ sent: 1, uncertain: 0 })
  })

  test('a paused edition starts nothing new, a cancelled one skips what was not sent', async () => {
    await publish(D, ['p1'])
    await subscribe('ada@example.org')
    const [parcelId = ''] = await dispatch()
    expect(await setSending(ledger.db, D, 'paused', AT)).toBe(true)
    expect(await claim(parcelId)).toEqual({ kind: 'paused' })
    expect(await setSending(ledger.db, D, 'cancelled', AT)).toBe(true)
    expect(await claim(parcelId)).toEqual({ kind: 'settled' })
    expect(await counts()).toMatchObject({ skipped: 1, queued: 0 })
    expect(await setSending(ledger.db, D, 'running', AT)).toBe(false)
  })

  test('open parcels are found again when the queue has forgotten them, but not those in living hands', async () => {
    await publish(D, ['p1'])
    for (const name of ['a', 'b', 'c']) await subscribe(`${name}@example.org`)
    const [held = '', lost = '', waiting = ''] = await dispatch(1)
    await heartbeat(ledger.db, { id: 'w1', host: 'h', pid: 1 }, AT)
    claimed(await claim(held))
    claimed(await claim(lost, { worker: 'dead' }))
    const idle = await readIdleParcels(ledger.db, {
      after: '00000000-0000-0000-0000-000000000000',
      limit: 10,
      silentBefore: later(-1),
      staleBefore: later(-15),
    })
    expect(idle.map((parcel) => parcel.id).sort()).toEqual([lost, waiting].sort())
    expect(await closeEmptyParcels(ledger.db)).toBe(0)
  })
})
