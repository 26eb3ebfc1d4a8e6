import { acceptedOf, type DeliveryState, openOf } from '../../../domain/delivery.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import { rateOf } from '../../../pipeline/state/rate.ts'

/** Formats a count as `1,234,567`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-GB')
}

/** Returns a share in percent with two decimals, or a dash when the total is zero. */
export function formatPercent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`
}

/** Returns the seconds until the queue is empty at the current rate, or null when the rate or the queue is zero. */
export function secondsLeft(status: SendStatus): number | null {
  const rate = rateOf(status)
  const open = openOf(status.counts)
  return rate === 0 || open === 0 ? null : Math.ceil(open / rate)
}

/** Formats a duration as `2 h 5 min`, `3 min` or `40 s`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Returns the label of a delivery state. The stored names are part of `--json`, so only the label differs. */
export function stateLabel(state: DeliveryState): string {
  return state === 'refused' ? 'rejected' : state === 'uncertain' ? 'unconfirmed' : state
}

/** Returns the terms that must add up to the number of recipients, in display order. */
export function accountOf(
  status: SendStatus,
): { name: string; count: number; groups: { name: string; count: number }[] }[] {
  const { counts, reasons } = status
  const skipped = new Map<string, number>()
  for (const { state, reason, count } of reasons)
    if (state === 'skipped') skipped.set(reason, (skipped.get(reason) ?? 0) + count)
  return [
    {
      name: 'sent',
      count: acceptedOf(counts),
      groups: (['delivered', 'bounced', 'complained'] as const).map((name) => ({ name, count: counts[name] })),
    },
    { name: 'skipped', count: counts.skipped, groups: [...skipped].map(([name, count]) => ({ name, count })) },
    { name: 'rejected', count: counts.refused, groups: [] },
    { name: 'unconfirmed', count: counts.uncertain, groups: [] },
    { name: 'queued', count: counts.queued, groups: [] },
    { name: 'sending', count: counts.sending, groups: [] },
  ]
}
