import { QUOTA_RESET_MARGIN_MS, SEND_BACKOFF_MS_MAX } from '../../../config/limits.ts'

/** Returns `retry-after` in milliseconds, with an upper bound, or null (RFC 9110 §10.2.3; Resend sends seconds only). */
export function retryAfterMs(headers: Readonly<Record<string, string>> | null): number | null {
  const seconds = headers?.['retry-after'] ?? headers?.['ratelimit-reset']
  if (seconds === undefined || !/^\d{1,9}(\.\d{1,6})?$/.test(seconds.trim())) return null
  return Math.min(Math.ceil(Number(seconds) * 1_000), SEND_BACKOFF_MS_MAX)
}

export type LimitPeriod = 'hour' | 'day' | 'month'

/** Returns the milliseconds until a limit resets: at the next full hour, midnight, or first of a month, in UTC. */
export function msUntilReset(period: LimitPeriod, now: Date): number {
  const reset = new Date(now)
  if (period === 'hour') reset.setUTCHours(now.getUTCHours() + 1, 0, 0, 0)
  else reset.setUTCHours(24, 0, 0, 0)
  if (period === 'month') reset.setTime(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  return reset.getTime() - now.getTime() + QUOTA_RESET_MARGIN_MS
}

const UNITS: readonly (readonly [unit: RegExp, ms: number])[] = [
  [/^h/, 3_600_000],
  [/^m/, 60_000],
  [/^s?/, 1_000],
]

/** Returns the wait in milliseconds that a reply such as “try again in 5 minutes” asks for, or null. */
export function statedWaitMs(words: string): number | null {
  const [, number = '', unit = ''] =
    /(?:after|in|for|within|wait|retry)\s+(?:about\s+|at least\s+)?(\d{1,5})\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b/i.exec(
      words,
    ) ?? []
  if (number === '') return null
  const [, ms] = UNITS.find(([pattern]) => pattern.test(unit.toLowerCase())) ?? [/^/, 1_000]
  return Math.min(Number(number) * ms, 24 * 3_600_000)
}
