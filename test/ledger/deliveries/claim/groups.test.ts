import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { addDays } from '../../../../src/domain/day.ts'
import type { ClaimedParcel } from '../../../../src/domain/parcel.ts'
import { claimParcels } from '../../../../src/ledger/deliveries/claim/claim.ts'
import { recordCalls } from '../../../../src/ledger/deliveries/record-calls.ts'
import { heartbeat, pauseTransport, resumeAllTransports } from '../../../../src/ledger/dispatch/open-work.ts'
import { setSending } from '../../../../src/ledger/editions/editions.ts'
import { moveSubscriber, suppress } from '../../../../src/ledger/subscribers/subscribers.ts'
import { LEDGERS } from '../../../support/ledger.ts'
import { withView } from '../../../support/sending/claiming.ts'
import { AT, aParcelLedger, claimedParcel, D, minutesLater } from '../../../support/sending/parcel-ledger.ts'

describe.each(LEDGERS)('parcels that are claimed ahead of their connections on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, publish, subscribe, dispatch, claimOf, tryClaim, claim, settle, counts } = aParcelLedger(open)

  /** One parcel for each address. */
  const parcelsFor = async (...names: string[]) => {
    await publish(D, ['p1', 'p2'])
    const ids: string[] = []
    for (const name of names) ids.push(await subscribe(`${name}@example.org`))
    return { parcelIds: await dispatch({ parcelSize: 1 }), subscriberIds: ids }
  }
  const claimAll = async (parcelIds: readonly string[], options = {}) =>
    (
      await claimParcels(
        ledger().db,
        parcelIds.map((id) => withView(claimOf(id, { ahead: true, ...options }))),
      )
    ).map(claimedParcel)
  const begin = (...parcels: ClaimedParcel[]) =>
    recordCalls(ledger().db, { begins: parcels.map((parcel) => ({ parcel, at: AT })), sent: [] })

  test('are all claimed in one call, each with its own member, and not counted as called', async () => {
    const { parcelIds } = await parcelsFor('ada', 'kofi', 'mei')
    const parcels = await claimAll(parcelIds)
    expect(parcels.map(({ id }) => id)).toEqual(parcelIds)
    expect(parcels.flatMap(({ members }) => members.map(({ address }) => address)).sort()).toEqual([
      'ada@example.org',
      'kofi@example.org',
      'mei@example.org',
    ])
    expect(parcels.every(({ ahead, repeat }) => ahead && !repeat)).toBe(true)
  })

  test('of a worker that died are sent by another as if nobody had claimed them, unless their call had begun', async () => {
    const { parcelIds, subscriberIds } = await parcelsFor('ada', 'kofi')
    await heartbeat(ledger().db, { id: 'w1', host: 'h', pid: 1 }, AT)
    const [ada, kofi] = await claimAll(parcelIds)
    if (ada === undefined || kofi === undefined) throw new Error('two parcels')
    expect(await begin(ada)).toEqual(new Set([ada.id]))
    expect((await tryClaim(kofi.id, { worker: 'w2', at: minutesLater(0.1) })).kind).toBe('busy')
    await ledger().pool.query('update subscribers set email = $1 where id = $2', ['new@example.org', subscriberIds[1]])
    const again = await claim(kofi.id, { worker: 'w2', at: minutesLater(1), papers: ['p2'] })
    expect(again).toMatchObject({ repeat: false, members: [{ address: 'new@example.org', paperIds: ['p2'] }] })
    expect(await claim(ada.id, { worker: 'w2', at: minutesLater(1) })).toMatchObject({ repeat: true })
  })

  test('begin only while their subscriber, edition and transport are as they were', async () => {
    const names = ['leaves', 'is-suppressed', 'moves', 'stays']
    const { parcelIds, subscriberIds } = await parcelsFor(...names)
    const parcels = await claimAll(parcelIds)
    const { db, pool } = ledger()
    await moveSubscriber(db, subscriberIds[0] ?? '', 'unsubscribed', AT, 'a test')
    const { rows } = await pool.query('select address_hash from subscribers where id = $1', [subscriberIds[1]])
    await suppress(db, rows[0].address_hash, 'complaint', AT)
    await pool.query("update subscribers set email = 'new@example.org' where id = $1", [subscriberIds[2]])
    await setSending(db, D, 'paused', AT)
    expect(await begin(...parcels)).toEqual(new Set())
    await setSending(db, D, 'running', AT)
    await pauseTransport(db, { transport: 'resend', kind: 'down', until: minutesLater(1), reason: 'no', at: AT })
    expect(await begin(...parcels)).toEqual(new Set())
    await resumeAllTransports(db)
    expect(await begin(...parcels)).toEqual(new Set([parcels[3]?.id]))
  })

  test('cannot begin any more after another worker has claimed them', async () => {
    const { parcelIds } = await parcelsFor('ada')
    const [first] = await claimAll(parcelIds)
    const [second] = await claimAll(parcelIds, { worker: 'w2', at: minutesLater(1) })
    if (first === undefined || second === undefined) throw new Error('no claim')
    expect(await begin(first)).toEqual(new Set())
    expect(await begin(second)).toEqual(new Set([second.id]))
    // The record is repeated if the database did not answer.
    expect(await begin(second)).toEqual(new Set([second.id]))
  })

  test('are settled in the statement that records the next calls', async () => {
    const { parcelIds } = await parcelsFor('ada', 'kofi')
    const [ada, kofi] = await claimAll(parcelIds)
    if (ada === undefined || kofi === undefined) throw new Error('two parcels')
    await begin(ada)
    const sent = ada.members.map(({ deliveryId }) => ({ kind: 'sent', deliveryId, providerId: 'm1' }) as const)
    const settled = { parcel: ada, settlements: sent, at: AT, newParcelId: randomUUID }
    const begun = await recordCalls(ledger().db, { begins: [{ parcel: kofi, at: AT }], sent: [settled] })
    expect(begun).toEqual(new Set([kofi.id]))
    expect(await counts()).toMatchObject({ sent: 1, sending: 1 })
    expect((await tryClaim(ada.id)).kind).toBe('settled')
  })

  test('give no paper twice to a subscriber who has two of them', async () => {
    const { parcelIds, subscriberIds } = await parcelsFor('ada')
    const other = randomUUID()
    await ledger().pool.query(
      "insert into parcels (id, day, state, next_try_at, created_at) values ($1, $2, 'queued', $3, $3)",
      [other, D, AT],
    )
    await ledger().pool.query(
      "insert into deliveries (subscriber_id, queued_at, day, parcel_id, period, state) values ($1, $2, $3, $4, '2025-W42', 'queued')",
      [subscriberIds[0], AT, D, other],
    )
    const results = await claimParcels(
      ledger().db,
      [...parcelIds, other].map((id) => withView(claimOf(id, { ahead: true, papers: ['p1'], since: addDays(D, -7) }))),
    )
    expect(results.map(({ kind }) => kind)).toEqual(['claimed', 'settled'])
  })

  test('go back to the queue when they are not called', async () => {
    const { parcelIds } = await parcelsFor('ada')
    const [parcel] = await claimAll(parcelIds)
    if (parcel === undefined) throw new Error('no claim')
    const { retry } = await settle(parcel, (deliveryId) => ({
      kind: 'requeue',
      deliveryId,
      reason: 'the worker stops',
      retryAt: AT,
      countsAsAttempt: false,
      splitOff: false,
    }))
    expect(await claim(retry[0]?.id ?? '', { worker: 'w2' })).toMatchObject({ repeat: false })
  })
})
