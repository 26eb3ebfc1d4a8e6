import { randomUUID } from 'node:crypto'
import type { Database } from '../../../src/ledger/schema/database.ts'
import type { Waiting } from '../../../src/pipeline/alerts/waiting.ts'

/** The time that tests of waiting mail run at. */
export const WAITING_AT = new Date('2026-11-24T08:00:00Z')
export const minutesFrom = (minutes: number) => new Date(WAITING_AT.getTime() + minutes * 60_000)

/** Digests that a server deferred at WAITING_AT; what a test cares about is given. */
export function waitingOf(over: Partial<Waiting> = {}): Waiting {
  return {
    why: 'deferred',
    mail: 'digest',
    count: 12,
    transport: null,
    kind: null,
    takenOverBy: null,
    day: null,
    reason: 'SMTP: 450 4.2.0 Greylisted, try again later.',
    since: WAITING_AT,
    nextTryAt: new Date('2026-11-24T08:06:00Z'),
    until: null,
    ...over,
  }
}

let lastSubscriber = 0

export interface ParcelInput {
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
  readonly attempts?: number
}

/** Writes a parcel of 2026-11-24 with its digests, which waits from 07:00 on. */
export async function writeWaitingParcel(db: Database, input: ParcelInput = {}): Promise<void> {
  const id = randomUUID()
  const { state = 'queued', queuedAt = minutesFrom(-60), nextTryAt = minutesFrom(-60), reason = null } = input
  const on = input.day ?? '2026-11-24'
  const firstCallAt = state === 'sending' ? minutesFrom(-30) : null
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
    lastSubscriber += 1
    await db
      .insertInto('deliveries')
      .values({
        subscriber_id: String(lastSubscriber),
        period: input.period ?? on,
        day: on,
        parcel_id: id,
        state,
        reason,
        attempts: input.attempts ?? 0,
        queued_at: queuedAt,
      })
      .execute()
  }
}

export interface TransactionalInput {
  readonly state?: 'queued' | 'sending'
  readonly reason?: string
  readonly next?: Date
}

/** Writes a transactional email that waits from 07:40 on. */
export async function writeWaitingTransactional(db: Database, over: TransactionalInput = {}): Promise<void> {
  await db
    .insertInto('transactional_emails')
    .values({
      id: randomUUID(),
      kind: 'confirm',
      subscriber_id: '1',
      address: 'ada@example.org',
      state: over.state ?? 'queued',
      reason: over.reason ?? null,
      next_try_at: over.next ?? minutesFrom(-20),
      created_at: minutesFrom(-20),
    })
    .execute()
}
