import { WEEK_DAYS } from '../../config/limits.ts'
import { addDays, type Day, isoWeek } from './day.ts'
import type { Frequency } from './subscriber.ts'

export const DELIVERY_STATES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'skipped',
  'refused',
  'uncertain',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/**
 * The allowed state changes of a delivery. Every update in the ledger is guarded by them. A delivery never goes back from
 * `sent`, because a message that the provider accepted must not be sent twice.
 */
const NEXT: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['sending', 'skipped', 'refused'], // Refused when it is given up: too late, or superseded.
  sending: ['sent', 'queued', 'refused', 'uncertain'], // Back to queued only after a certain "not sent".
  sent: ['delivered', 'bounced', 'complained'],
  delivered: ['complained', 'bounced'], // Some servers accept and bounce later.
  bounced: ['complained'],
  complained: [],
  skipped: [],
  refused: ['queued'], // By an operator's retry, or by the breaker: the fault was ours.
  uncertain: ['sent', 'queued', 'delivered', 'bounced', 'complained'], // By an operator, or by the provider's own word.
}

/** Returns the states from which a delivery may move to `to`, for guarded updates. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  return DELIVERY_STATES.filter((from) => NEXT[from].includes(to))
}

/** States in which the subscriber received, or may have received, the papers of a delivery. */
export const RECEIVED_STATES: readonly DeliveryState[] = [
  'sending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'uncertain',
]

/** States of a delivery that the provider accepted. */
export const ACCEPTED_STATES: readonly DeliveryState[] = ['sent', 'delivered', 'bounced', 'complained']

/** Returns how many deliveries the provider accepted. */
export function acceptedOf(counts: Readonly<Record<DeliveryState, number>>): number {
  return ACCEPTED_STATES.reduce((sum, state) => sum + counts[state], 0)
}

/** Returns how many deliveries are not settled yet. */
export function openOf(counts: Readonly<Record<DeliveryState, number>>): number {
  return counts.queued + counts.sending
}

/** Returns the period of a delivery: the day, or its ISO week. A subscriber has one delivery per period. */
export function periodOf(frequency: Frequency, of: Day): string {
  return frequency === 'weekly' ? isoWeek(of) : of
}

/**
 * Returns every period that a delivery of this edition may have: its day, and the weeks of all days on which it may be the
 * newest edition.
 */
export function periodsOf(of: Day): readonly string[] {
  return [of, ...new Set([-WEEK_DAYS, 0, WEEK_DAYS - 1].map((days) => isoWeek(addDays(of, days))))]
}
