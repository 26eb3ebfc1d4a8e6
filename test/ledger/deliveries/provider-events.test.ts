import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { day as asDay } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { settleParcel } from '../../../src/ledger/deliveries/settle.ts'
import { findMessageTo, readDayFeedback } from '../../../src/ledger/reports/provider-figures.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { PROVIDER_EVENT_KINDS, type ProviderEventKind } from '../../../src/mail/provider-event.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { readDelivery } from '../../support/sending/deliveries.ts'
import { AT, anEvent, aReportsLedger, hoursLater } from '../../support/sending/reports-ledger.ts'

describe.each(LEDGERS)('reports of providers, on %s', (name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, empty, subscribe, messageTo, aMessage, record, report, applyWaiting, subscriber, suppressionReason } =
    aReportsLedger(open)

  test.each<[ProviderEventKind, DeliveryState, string | null, string | undefined]>([
    ['sent', 'sent', null, undefined],
    ['delayed', 'sent', null, undefined],
    ['soft-bounced', 'sent', 'soft-bounced by a test', undefined],
    ['delivered', 'delivered', null, undefined],
    ['failed', 'bounced', 'failed by a test', undefined],
    ['suppressed', 'bounced', 'suppressed by a test', 'provider'],
    ['bounced', 'bounced', 'bounced by a test', 'bounced'],
    ['complained', 'complained', 'complained by a test', 'complained'],
  ])('“%s” makes the delivery %s (%s) and the address suppressed as %s', async (kind, state, reason, suppression) => {
    const { ada, message } = await aMessage()
    expect(await report(kind, message)).toBe('applied')
    expect(await readDelivery(ledger().db, message)).toEqual({ state, reason, providerId: `mail of ${message}` })
    expect(await suppressionReason('ada@example.org')).toBe(suppression)
    expect((await subscriber(ada)).state).toBe(suppression === undefined ? 'active' : 'suppressed')
  })

  test('the same reports have the same result, twice and in any order', async () => {
    const kinds = fc.uniqueArray(fc.constantFrom(...PROVIDER_EVENT_KINDS), { minLength: 1 })
    const states = fc.constantFrom<DeliveryState>('sent', 'uncertain', 'delivered')
    await fc.assert(
      fc.asyncProperty(
        kinds.chain((set) =>
          fc.tuple(fc.constant(set), fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 })),
        ),
        states,
        async ([straight, shuffled], state) => {
          const results = []
          for (const order of [straight, shuffled]) {
            await empty()
            const { ada, message } = await aMessage({ state })
            for (const kind of order)
              await report(kind, message, {
                id: `resend:${kind}`,
                occurredAt: hoursLater(PROVIDER_EVENT_KINDS.indexOf(kind)),
              })
            const { providerId: _ours, ...delivery } = await readDelivery(ledger().db, message)
            results.push({
              delivery,
              subscriber: await subscriber(ada),
              reason: await suppressionReason('ada@example.org'),
            })
          }
          expect(results[1]).toEqual(results[0])
        },
      ),
      { numRuns: name === 'PGlite' ? 8 : 40 },
    )
  })

  test.each(['delivered', 'bounced', 'complained', 'refused'] as const)(
    'a message that is %s stays so when a report comes late',
    async (state) => {
      const { message } = await aMessage({ state })
      // The report that led to this state was deleted long ago.
      for (const kind of ['sent', 'delayed', 'soft-bounced'] as const) await report(kind, message)
      expect((await readDelivery(ledger().db, message)).state).toBe(state)
    },
  )

  test('an event that arrives three times at once is applied once', async () => {
    const { message } = await aMessage()
    const event = anEvent('complained', message)
    const results = await Promise.all([record(event), record(event), record(event)])
    expect(results.sort()).toEqual(['applied', 'duplicate', 'duplicate'])
    const { rows } = await ledger().pool.query("select from events where kind = 'delivery.complained'")
    expect(rows).toHaveLength(1)
  })

  test('a bounce that comes before the message is settled is applied afterwards', async () => {
    const { ada, message } = await aMessage({ state: 'sending' })
    expect(await report('bounced', message)).toBe('waiting')
    expect(await applyWaiting()).toBe(0)
    expect((await readDelivery(ledger().db, message)).state).toBe('sending')
    const { parcel_id: id } = await ledger()
      .db.selectFrom('deliveries')
      .select('parcel_id')
      .where('id', '=', message)
      .executeTakeFirstOrThrow()
    await ledger().pool.query("update parcels set state = 'sending', claimed_by = 'a worker' where id = $1", [id])
    await settleParcel(ledger().db, {
      parcel: {
        id,
        day: asDay('2026-11-24'),
        worker: 'a worker',
        attempt: 0,
        transport: 'resend',
        keyId: 'key',
        claimedAt: AT,
        frozenAt: AT,
        firstCallAt: AT,
        repeat: false,
        ahead: false,
        members: [],
        excludedIds: [],
      },
      settlements: [{ kind: 'sent', deliveryId: message, providerId: `mail of ${message}` }],
      at: AT,
      newParcelId: randomUUID,
    })
    expect(await applyWaiting()).toBe(1)
    expect((await readDelivery(ledger().db, message)).state).toBe('bounced')
    expect((await subscriber(ada)).state).toBe('suppressed')
  })

  test('a report without our id finds its message by the id of the provider, also when that is stored later', async () => {
    const ada = await subscribe('ada@example.org')
    const known = await messageTo(ada, 'ada@example.org', { providerId: 'mail-1' })
    const withoutId = { message: null, mayBeOurs: true } as const
    expect(await report('delivered', known, { ...withoutId, providerId: 'mail-1' })).toBe('applied')
    expect(await report('delivered', known, { ...withoutId, providerId: 'mail-2' })).toBe('waiting')
    const later = await messageTo(ada, 'ada@example.org', { providerId: 'mail-2' })
    expect(await applyWaiting()).toBe(1)
    expect((await readDelivery(ledger().db, later)).state).toBe('delivered')
  })

  test('a report about mail of another program is not stored, and one that matches no message is deleted after three days', async () => {
    expect(await report('bounced', '0', { message: null, providerId: 'theirs' })).toBe('foreign')
    expect(await report('bounced', '0', { message: null, providerId: 'theirs too', mayBeOurs: true })).toBe('waiting')
    const stored = async () => Number((await ledger().pool.query('select count(*) from webhook_events')).rows[0]?.count)
    expect(await stored()).toBe(1)
    await applyWaiting(hoursLater(71))
    expect(await stored()).toBe(1)
    await applyWaiting(hoursLater(73))
    expect(await stored()).toBe(0)
  })

  test('suppresses the address of the message, not the new address of the subscriber', async () => {
    const ada = await subscribe('ada@new.example.org')
    const message = await messageTo(ada, 'ada@old.example.org')
    await report('bounced', message)
    expect((await subscriber(ada)).state).toBe('active')
    expect(await suppressionReason('ada@old.example.org')).toBe('bounced')
  })

  test('a report about an erased subscriber changes the delivery and stores no data of the subscriber', async () => {
    const { ada, message } = await aMessage()
    await eraseSubscriber(ledger().db, ada, AT)
    expect(await report('complained', message)).toBe('applied')
    expect((await readDelivery(ledger().db, message)).state).toBe('complained')
    expect(await suppressionReason('ada@example.org')).toBe('erased')
    const everything = JSON.stringify([
      (await ledger().pool.query('select * from webhook_events')).rows,
      (await ledger().pool.query('select * from events')).rows,
    ])
    expect(everything).not.toMatch(/example\.org/)
  })

  test('the figures of a day count messages, and complaints as a share of the sent messages', async () => {
    const addresses = Array.from({ length: 8 }, (_, at) => `r${at}@example.org`)
    const messages = await Promise.all(addresses.map(async (address) => messageTo(await subscribe(address), address)))
    const [first = '', second = '', third = ''] = messages
    await report('delivered', first)
    await report('complained', first)
    await report('bounced', second)
    await report('bounced', second)
    await report('soft-bounced', third)
    expect(await readDayFeedback(ledger().db, asDay('2026-11-24'))).toEqual({
      sent: 8,
      complained: 1,
      bounced: 1,
      softBounced: 1,
      complaintRate: 1 / 8,
      bounceRate: 1 / 8,
    })
  })

  test('finds the newest message to a subscriber, or the newest of a given day', async () => {
    const ada = await subscribe('ada@example.org')
    const first = await messageTo(ada, 'ada@example.org', { day: '2026-11-23' })
    const second = await messageTo(ada, 'ada@example.org', { day: '2026-11-24' })
    expect(await findMessageTo(ledger().db, ada, null)).toEqual({ kind: 'delivery', id: second })
    expect(await findMessageTo(ledger().db, ada, '2026-11-23')).toEqual({ kind: 'delivery', id: first })
    expect(await findMessageTo(ledger().db, ada, '2026-11-22')).toBeNull()
  })
})
