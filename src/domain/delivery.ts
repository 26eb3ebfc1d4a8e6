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
 * The legal moves of a delivery; every update in the ledger is guarded by them.
 * Nothing leaves `sent` backwards: a letter that the provider took is never sent again.
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

/** The states from which a delivery may move to `to`: what a guarded update asks for. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  return DELIVERY_STATES.filter((from) => NEXT[from].includes(to))
}

/** States in which the reader has had, or may have had, the papers of a delivery. */
export const RECEIVED_STATES: readonly DeliveryState[] = [
  'sending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'uncertain',
]

/** States of a delivery that the provider took, whatever came of it. */
export const ACCEPTED_STATES: readonly DeliveryState[] = ['sent', 'delivered', 'bounced', 'complained']

/** How many of a day's deliveries the provider took. */
export function acceptedOf(counts: Readonly<Record<DeliveryState, number>>): number {
  return ACCEPTED_STATES.reduce((sum, state) => sum + counts[state], 0)
}

/** How many are still to be settled. */
export function openOf(counts: Readonly<Record<DeliveryState, number>>): number {
  return counts.queued + counts.sending
}

/** What a delivery is unique for, per subscriber: the day, or the ISO week of the day. */
export function periodOf(frequency: Frequency, of: Day): string {
  return frequency === 'weekly' ? isoWeek(of) : of
}

/**
 * Every period that a delivery of this edition may have: its day; and the weeks of the days on which it may be the newest, of
 * readers whose weekday has come, or had come the week before and was not served.
 */
export function periodsOf(of: Day): readonly string[] {
  return [of, ...new Set([-WEEK_DAYS, 0, WEEK_DAYS - 1].map((days) => isoWeek(addDays(of, days))))]
}
