import {
  DEFERRED_RETRY_MINUTES,
  DEFERRED_RETRY_SPREAD,
  SEND_BACKOFF_MS,
  SEND_BACKOFF_MS_MAX,
  WEEKLY_GIVE_UP_FACTOR,
  WEEKLY_GIVE_UP_HOURS_MAX,
} from '../../../config/limits.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/**
 * Returns when to retry a message that a server deferred (RFC 5321 §4.5.4.1): soon at first, then hourly.
 * @param tries how often it was deferred before.
 * @param spread 0 ≤ x < 1; the same for all messages of a call, so that they stay together.
 * @param requestedMs the wait that the server asked for; it counts up to the longest interval.
 */
export function deferredRetryAt(now: Date, tries: number, spread: number, requestedMs = 0): Date {
  const longest = DEFERRED_RETRY_MINUTES.at(-1) ?? 0
  const minutes = DEFERRED_RETRY_MINUTES[tries] ?? longest
  const ms = Math.max(minutes * MINUTE_MS, Math.min(requestedMs, longest * MINUTE_MS))
  return later(now, ms * (1 + spread * DEFERRED_RETRY_SPREAD))
}

/** Returns when to repeat a call whose answer was lost. The waits grow, so as not to overload a provider in trouble. */
export function repeatAt(now: Date, attempt: number, spread: number): Date {
  const ms = Math.min(SEND_BACKOFF_MS_MAX, SEND_BACKOFF_MS * 2 ** Math.min(attempt - 1, 30))
  return later(now, ms * (0.5 + spread / 2))
}

/**
 * Returns when to give up a deferred digest. A daily digest is stale when the next one comes. A weekly one is still useful days
 * later, so it is retried for the four to five days of RFC 5321 §4.5.4.1, but not longer than until the next one.
 */
export function digestGiveUpAt(queuedAt: Date, period: string, hours: number): Date {
  const weekly = period.includes('W')
  const most = weekly ? Math.min(hours * WEEKLY_GIVE_UP_FACTOR, WEEKLY_GIVE_UP_HOURS_MAX) : hours
  return later(queuedAt, most * HOUR_MS)
}

/** Returns the reason of a message that is given up, with the server's last words. */
export function gaveUpReason(queuedAt: Date, now: Date, words: string | null): string {
  const hours = Math.round((now.getTime() - queuedAt.getTime()) / HOUR_MS)
  return `gave up after ${hours} ${hours === 1 ? 'hour' : 'hours'}${lastWords(words)}`
}

/** Returns the reason of a digest that is not sent because a later one replaced it. */
export function supersededReason(by: string, words: string | null): string {
  return `superseded by the digest of ${by}${lastWords(words)}`
}

function lastWords(words: string | null): string {
  return words === null ? '' : `: ${words}`
}

export function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms)
}
