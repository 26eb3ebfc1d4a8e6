import { type Day, isoWeek } from './day.ts'
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
  queued: ['sending', 'skipped'],
  sending: ['sent', 'queued', 'refused', 'uncertain'], // Back to queued only after a certain "not sent".
  sent: ['delivered', 'bounced', 'complained'],
  delivered: ['complained', 'bounced'], // Some servers accept and bounce later.
  bounced: ['complained'],
  complained: [],
  skipped: [],
  refused: ['queued'], // By an operator's retry.
  uncertain: ['sent', 'queued', 'delivered', 'bounced', 'complained'], // By an operator, or by the provider's own word.
}

/** The states from which a delivery may move to `to`: what a guarded update asks for. */
export function comesFrom(to: DeliveryState): DeliveryState[] {
  return DELIVERY_STATES.filter((from) => NEXT[from].includes(to))
}

/** States in which the reader has had, or may have had, the papers of a delivery. */
export const HAD: readonly DeliveryState[] = ['sending', 'sent', 'delivered', 'bounced', 'complained', 'uncertain']

/** What a delivery is unique for, per subscriber: the day, or the ISO week of the day. */
export function periodOf(frequency: Frequency, of: Day): string {
  return frequency === 'weekly' ? isoWeek(of) : of
}
