import { describe, expect, it } from '@jest/globals'
import { countOpen } from '../../../src/ledger/dispatch/write-page.ts'
import { prune } from '../../../src/ledger/maintenance/prune.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { findSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import type { Settlement } from '../../../src/pipeline/send/settlement.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, aParcelLedger, D, minutesLater, requeue } from '../../support/sending/parcel-ledger.ts'

const emailsOf = (...names: string[]) => names.map((name) => `${name}@example.org`)

describe.each(LEDGERS)('settling a parcel on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, aClaimedParcel, claim, tryClaim, settle, settleAsSent, counts } = aParcelLedger(open)

  test('a refused member does not delay the others, and a deferred one is sent alone under a new key', async () => {
    const { parcel } = await aClaimedParcel(emailsOf('a', 'b', 'c', 'd'))
    const { retry } = await settle(parcel, (deliveryId, index): Settlement => {
      if (index === 0) return { kind: 'refused', deliveryId, reason: 'no such mailbox', suppress: true }
      if (index === 1) return requeue(deliveryId, 'greylisted', true)
      if (index === 2) return { kind: 'uncertain', deliveryId, reason: 'answer lost' }
      return { kind: 'sent', deliveryId, providerId: 'm4' }
    })
    expect(await counts()).toMatchObject({ refused: 1, queued: 1, uncertain: 1, sent: 1 })
    expect(retry).toHaveLength(1)
    const [{ id, at } = { id: '', at: AT }] = retry
    expect(at).toEqual(minutesLater(1))
    expect(id).not.toBe(parcel.id)
    expect((await findSubscriber(ledger().db, 'a@example.org'))?.state).toBe('suppressed')
    expect(await tryClaim(parcel.id)).toEqual({ kind: 'settled' })
    expect(await tryClaim(id)).toEqual({ kind: 'later', until: minutesLater(1) })
    expect(await countOpen(ledger().db, D, AT)).toEqual({ due: 0, deferred: 1 })
    expect(await countOpen(ledger().db, D, minutesLater(1))).toEqual({ due: 1, deferred: 0 })
    const { members } = await claim(id, { at: minutesLater(1) })
    expect(members[0]).toMatchObject({ address: 'b@example.org', deferrals: 1 })
  })

  test('unsent members are sent again under a new key; members that may have been sent only under the same key', async () => {
    const { parcel } = await aClaimedParcel(emailsOf('a', 'b'))
    const first = await settle(parcel, (deliveryId) => requeue(deliveryId, '429', false))
    expect(first.retry).toHaveLength(1)
    expect(first.retry[0]?.id).not.toBe(parcel.id)
    expect((await tryClaim(parcel.id, { at: minutesLater(1) })).kind).toBe('settled')
    const second = await claim(first.retry[0]?.id ?? '', { at: minutesLater(1) })
    expect(second).toMatchObject({ repeat: false, attempt: 2 })
    expect(second.members.map((member) => member.deliveryId)).toEqual(parcel.members.map((member) => member.deliveryId))
    const retryAt = minutesLater(1)
    await settle(second, (deliveryId) => ({ kind: 'retrySameKey', deliveryId, reason: 'timed out', retryAt }))
    const third = await claim(second.id, { at: minutesLater(2), worker: 'w3' })
    expect(third).toMatchObject({ repeat: true, attempt: 3 })
    expect(third.members).toEqual(second.members)
  })

  test('a worker that lost its claim can only record what is certain', async () => {
    const { first: slow, parcel: quick } = await aClaimedParcel(emailsOf('ada'), { repeat: true })
    const late = await settle(slow, (deliveryId) => requeue(deliveryId, 'late', true))
    expect(late.retry).toEqual([])
    expect((await counts()).sending).toBe(1)
    await settle(quick, (deliveryId) => ({ kind: 'uncertain', deliveryId, reason: 'answer lost' }))
    await settleAsSent(slow)
    expect(await counts()).toMatchObject({ sent: 1, uncertain: 0 })
  })

  test('erasing a subscriber removes the address and the selection of a sent message', async () => {
    const { parcel, subscriberIds } = await aClaimedParcel(emailsOf('erased'))
    await settleAsSent(parcel)
    await eraseSubscriber(ledger().db, subscriberIds[0] ?? '', AT)
    expect(
      await ledger().db.selectFrom('deliveries').select(['state', 'address', 'selection', 'paper_numbers']).execute(),
    ).toEqual([{ state: 'sent', address: null, selection: null, paper_numbers: null }])
  })

  test('a message that is being sent has the address of its erased subscriber until it is settled', async () => {
    const { db } = ledger()
    const { parcel, subscriberIds } = await aClaimedParcel(emailsOf('erased'))
    await eraseSubscriber(db, subscriberIds[0] ?? '', AT)
    const address = async () => (await db.selectFrom('deliveries').select('address').executeTakeFirstOrThrow()).address
    await prune(db, AT, 10)
    expect(await address()).toBe('erased@example.org')
    await settleAsSent(parcel)
    await prune(db, AT, 10)
    expect(await address()).toBeNull()
  })
})
