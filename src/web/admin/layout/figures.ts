import { RATE_WINDOW_SECONDS } from '../../../../config/limits-web.ts'
import { acceptedOf, openOf } from '../../../domain/delivery.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'

/** `1,234,567`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-GB')
}

/** A share of a whole in percent with two digits, or a dash where there is no whole. */
export function formatPercent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(2)} %`
}

/** Digests a second over the last minute, or since the first of the round when that is not as long ago. */
export function rateOf(round: SendStatus): number {
  const first = round.firstSettledAt
  if (first === null || round.settledLately === 0) return 0
  const seconds = Math.min(RATE_WINDOW_SECONDS, Math.max(1, (round.at.getTime() - first.getTime()) / 1_000))
  return round.settledLately / seconds
}

/** Seconds until what is queued has gone at the rate of now; null when nothing moves or nothing is left. */
export function secondsLeft(round: SendStatus): number | null {
  const rate = rateOf(round)
  const open = openOf(round.counts)
  return rate === 0 || open === 0 ? null : Math.ceil(open / rate)
}

/** `2 h 5 min`, `3 min`, `40 s`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** The terms of the accounting line, in the order in which it is read. */
export function accountOf(
  round: SendStatus,
): { name: string; count: number; groups: { name: string; count: number }[] }[] {
  const { counts, reasons } = round
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
    { name: 'refused', count: counts.refused, groups: [] },
    { name: 'uncertain', count: counts.uncertain, groups: [] },
    { name: 'queued', count: counts.queued, groups: [] },
    { name: 'sending', count: counts.sending, groups: [] },
  ]
}
