import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { addDays, day } from '../../../../src/domain/day.ts'
import { readPendingDeliveries } from '../../../../src/ledger/deliveries/claim/pending.ts'
import { heartbeat } from '../../../../src/ledger/dispatch/open-work.ts'
import { setSending } from '../../../../src/ledger/editions/editions.ts'
import { eraseSubscriber } from '../../../../src/ledger/subscribers/erase.ts'
import { moveSubscriber, suppress } from '../../../../src/ledger/subscribers/subscribers.ts'
import type { ClaimResult } from '../../../../src/pipeline/deliver.ts'
import { LEDGERS } from '../../../support/ledger.ts'
import { AT, aParcelLedger, claimedParcel, D, minutesLater } from '../../../support/sending/parcel-ledger.ts'
import { until } from '../../../support/until.ts'

describe.each(LEDGERS)('claiming a parcel on %s', (name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, publish, subscribe, dispatch, tryClaim, claim, aParcel, aClaimedParcel, settleAsSent, counts } =
    aParcelLedger(open)

  test('a subscriber who unsubscribes, is suppressed or erased between dispatch and claim gets nothing', async () => {
    const { db } = ledger()
    const emails = ['unsubscribed', 'bounced', 'erased', 'active'].map((state) => `${state}@example.org`)
    const { parcelId, subscriberIds } = await aParcel(...emails)
    const [unsubscribed = '', , erased = ''] = subscriberIds
    await moveSubscriber(db, unsubscribed, 'unsubscribed', AT, 'by link')
    await suppress(db, 'hash of bounced@example.org', 'hard bounce', AT)
    await eraseSubscriber(db, erased, AT)
    const { members } = await claim(parcelId)
    expect(members.map((member) => member.address)).toEqual(['active@example.org'])
    expect(await counts()).toMatchObject({ skipped: 3, sending: 1 })
  })

  test('a suppressed address gets nothing, in any state of its subscriber', async () => {
    const suppressAddress = (email: string) =>
      ledger().pool.query(`insert into suppressions values ($1, 'operator', null, $2)`, [`hash of ${email}`, AT])
    const { parcelId } = await aParcel('ada@example.org')
    await suppressAddress('ada@example.org')
    expect((await tryClaim(parcelId)).kind).toBe('settled')
    expect(await counts()).toMatchObject({ skipped: 1, sending: 0 })
    await subscribe('bob@example.org')
    await suppressAddress('bob@example.org')
    expect(await dispatch()).toEqual([])
  })

  test('one of two workers gets the parcel; another may repeat it once the first has no heartbeat', async () => {
    const { parcelId } = await aParcel('ada@example.org')
    for (const id of ['w1', 'w2']) await heartbeat(ledger().db, { id, host: 'h', pid: 1 }, AT)
    const results = await Promise.all([tryClaim(parcelId), tryClaim(parcelId, { worker: 'w2' })])
    expect(results.map((result) => result.kind).sort()).toEqual(['busy', 'claimed'])
    expect((await tryClaim(parcelId, { worker: 'w3', at: minutesLater(1 / 6) })).kind).toBe('busy')
    const repeat = await claim(parcelId, { worker: 'w3', at: minutesLater(1) })
    expect(repeat).toMatchObject({ repeat: true, attempt: 2, frozenAt: AT, transport: 'resend', keyId: 'k1' })
    expect(repeat.members).toHaveLength(1)
  })

  test('a repeated parcel has its frozen members, not the current address and papers', async () => {
    const { first, subscriberIds } = await aClaimedParcel(['ada@example.org'])
    await ledger().pool.query('update subscribers set email = $1 where id = $2', ['new@example.org', subscriberIds[0]])
    const repeat = await claim(first.id, { worker: 'w2', at: minutesLater(1), papers: ['p9'] })
    expect(repeat.members).toEqual(first.members)
  })

  test('a repeated parcel excludes members in the order in which they left, and those who come back too', async () => {
    const emails = ['ada', 'kofi', 'mei'].map((person) => `${person}@example.org`)
    const { parcel, subscriberIds } = await aClaimedParcel(emails)
    const [ada = '', kofi = ''] = subscriberIds
    const excluded = async (worker: string) => {
      const { excludedIds } = await claim(parcel.id, { worker, at: minutesLater(1) })
      return excludedIds.map((id) => parcel.members.find(({ deliveryId }) => deliveryId === id)?.address)
    }
    await moveSubscriber(ledger().db, kofi, 'unsubscribed', AT, 'by link')
    expect(await excluded('w2')).toEqual(['kofi@example.org'])
    await moveSubscriber(ledger().db, kofi, 'active', AT, 'by link', 'unsubscribed')
    await eraseSubscriber(ledger().db, ada, AT)
    expect(await excluded('w3')).toEqual(['kofi@example.org', 'ada@example.org'])
  })

  test('no paper is sent twice, across days and across daily and weekly digests', async () => {
    const next = addDays(D, 1)
    await publish(D, ['p1', 'p2'])
    const id = await subscribe('ada@example.org')
    await settleAsSent(await claim((await dispatch())[0] ?? ''))
    await ledger().pool.query(`update subscribers set frequency = 'weekly' where id = $1`, [id])
    await publish(next, ['p2', 'p3'])
    const [weekly = ''] = await dispatch({ on: next })
    expect((await claim(weekly, { papers: ['p1', 'p2', 'p3'] })).members[0]?.paperIds).toEqual(['p3'])
  })

  test('no paper is sent twice when the first days of a year belong to the last week of the year before', async () => {
    const friday = day('2027-01-01') // In 2026-W53.
    const monday = day('2027-01-04')
    await publish(friday, ['p1'])
    await publish(monday, ['p1', 'p2'])
    const id = await subscribe('ada@example.org', { frequency: 'weekly' })
    const [weekly = ''] = await dispatch({ on: friday })
    await settleAsSent(await claim(weekly, { papers: ['p1'], since: friday }))
    await ledger().pool.query(`update subscribers set frequency = 'daily' where id = $1`, [id])
    const [daily = ''] = await dispatch({ on: monday })
    expect((await claim(daily, { since: friday })).members[0]?.paperIds).toEqual(['p2'])
  })

  // The embedded database has one connection, so two transactions cannot run at once.
  if (name === 'PostgreSQL')
    test('two editions that are claimed at the same moment send no paper twice', async () => {
      const papers = ['p1', 'p2', 'p3']
      await publish(D, ['p1', 'p2'])
      await publish(addDays(D, 1), ['p2', 'p3'])
      await subscribe('ada@example.org')
      const [first = ''] = await dispatch()
      const [second = ''] = await dispatch({ on: addDays(D, 1) })
      let other: Promise<ClaimResult> | undefined
      let isOtherDone = false
      await ledger()
        .db.transaction()
        .execute(async (trx) => {
          await readPendingDeliveries(trx, { day: D, pool: { ids: papers, since: addDays(D, -7) } }, [first])
          other = tryClaim(second, { papers, worker: 'w2' })
          void other.then(() => {
            isOtherDone = true
          })
          await until('the other claim waits, or is done', async () => {
            const { rows } = await ledger().pool.query(
              "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            return isOtherDone || rows.length > 0
          })
          await sql`update deliveries set state = 'sending', paper_numbers = array(select number from papers where id in ('p1', 'p2')) where parcel_id = ${first}`.execute(
            trx,
          )
        })
      const parcel = claimedParcel((await other) ?? { kind: 'settled' })
      expect(parcel.members[0]?.paperIds).toEqual(['p3'])
    })

  test('a paused edition starts nothing new; a cancelled one skips the unsent deliveries', async () => {
    const { db } = ledger()
    const { parcelId } = await aParcel('ada@example.org')
    expect(await setSending(db, D, 'paused', AT)).toBe(true)
    expect(await tryClaim(parcelId)).toEqual({ kind: 'paused' })
    expect(await setSending(db, D, 'cancelled', AT)).toBe(true)
    expect(await tryClaim(parcelId)).toEqual({ kind: 'settled' })
    expect(await counts()).toMatchObject({ skipped: 1, queued: 0 })
    expect(await setSending(db, D, 'running', AT)).toBe(false)
  })
})
