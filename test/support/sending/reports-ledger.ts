import { randomUUID } from 'node:crypto'
import { beforeEach } from '@jest/globals'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { applyWaiting, recordEvent } from '../../../src/ledger/deliveries/provider-events.ts'
import type { ProviderEvent, ProviderEventKind } from '../../../src/mail/provider-event.ts'
import { emptyTables } from '../databases/empty-tables.ts'
import { addSubscriber, aLedger, type TestLedger } from '../ledger.ts'
import { writeDelivery } from './deliveries.ts'

export const AT = new Date('2026-11-24T09:00:00Z')
export const hoursLater = (hours: number) => new Date(AT.getTime() + hours * 3_600_000)
export const hashOf = (address: string) => (address === '' ? null : `hash of ${address}`)

const TABLES =
  'deliveries, parcels, editions, papers, subscribers, suppressions, events, transactional_emails, webhook_events'

/** A ledger that is empty before each test, with functions that write messages and record reports about them. */
export function aReportsLedger(open: (() => Promise<TestLedger>) | null) {
  const ledger = aLedger(open)
  const empty = () => emptyTables(ledger().pool, TABLES)
  beforeEach(async () => {
    if (open !== null) await empty()
  })

  const subscribe = (email: string, state: 'active' | 'pending' = 'active') =>
    addSubscriber(ledger().db, email, { at: AT, state })
  const messageTo = (
    subscriberId: string,
    address: string,
    over: { state?: DeliveryState; providerId?: string; day?: string } = {},
  ) => writeDelivery(ledger().db, { subscriberId, address, ...over })
  const record = (event: ProviderEvent, at = AT) => recordEvent(ledger().db, event, { at, hashOf })

  return {
    ledger,
    empty,
    subscribe,
    messageTo,
    /** Subscribes `ada@example.org` and writes a message to her. */
    async aMessage(over: Parameters<typeof messageTo>[2] = {}) {
      const ada = await subscribe('ada@example.org')
      return { ada, message: await messageTo(ada, 'ada@example.org', over) }
    },
    record,
    report: (kind: ProviderEventKind, deliveryId: string, over: Partial<ProviderEvent> = {}) =>
      record(anEvent(kind, deliveryId, over)),
    applyWaiting: (at = AT) => applyWaiting(ledger().db, 100, { at, hashOf }),
    subscriber: (id: string) =>
      ledger()
        .db.selectFrom('subscribers')
        .select(['state', 'soft_bounces as softBounces'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    async suppressionReason(email: string) {
      const row = await ledger()
        .db.selectFrom('suppressions')
        .select('reason')
        .where('address_hash', '=', `hash of ${email}`)
        .executeTakeFirst()
      return row?.reason
    },
  }
}

/** A report about a delivery; what a test cares about is given. */
export const anEvent = (
  kind: ProviderEventKind,
  deliveryId: string,
  over: Partial<ProviderEvent> = {},
): ProviderEvent => ({
  id: `resend:${randomUUID()}`,
  source: 'resend',
  kind,
  message: { kind: 'delivery', id: deliveryId },
  providerId: `mail of ${deliveryId}`,
  mayBeOurs: false,
  reason: `${kind} by a test`,
  occurredAt: AT,
  ...over,
})
