import type { Day } from './day.ts'
import type { Hold } from './mail/outcome.ts'

/**
 * Why deliveries wait:
 * - `transport-paused`: no transport may be called now.
 * - `deferred`: a server did not take them yet (4xx); they are tried again on a schedule.
 * - `unanswered`: a call may have sent them; only the same call under the same key is repeated.
 * - `edition-paused`: an operator paused the edition.
 */
export const WAITING_REASONS = ['transport-paused', 'deferred', 'unanswered', 'edition-paused'] as const
export type WaitingWhy = (typeof WAITING_REASONS)[number]

/** Deliveries that wait for one reason, or a paused transport with the deliveries that wait for it, perhaps none. */
export interface Waiting {
  readonly why: WaitingWhy
  /** Transactional emails, such as confirmations, are counted apart from digests. */
  readonly mail: 'digest' | 'transactional'
  readonly count: number
  /** The transport that is paused, or that did not answer. */
  readonly transport: string | null
  /** Only of a paused transport. */
  readonly kind: Hold | null
  /** The transport that sends while this one is paused; null: none. */
  readonly takenOverBy: string | null
  /** Only of a paused edition. */
  readonly day: Day | null
  /** The server’s own words, without addresses and ids; null: several, or none. */
  readonly reason: string | null
  readonly since: Date
  /** When the first of them is tried again; null: when an operator says so. */
  readonly nextTryAt: Date | null
  /** When the last of them is given up; null: not known, or never. */
  readonly until: Date | null
}

/** What an operator can do about a paused transport, and what happens without. */
const REMEDIES: Readonly<Record<Hold, string>> = {
  rate: 'It goes on by itself.',
  quota: 'It goes on by itself when the limit resets. If you raise the limit, run `paperround resume`.',
  down: 'It is tried again by itself. `paperround doctor` checks it now.',
  sender:
    'It rejects us, not one recipient. Do what its words ask for, then run `paperround resume`; it is also tried again by itself.',
}

/** One sentence or two for each: why, since when, and what would end it. `now` decides how a time is written. */
export function describeWaiting(waiting: Waiting, now: Date): string {
  const { why, reason, nextTryAt, until } = waiting
  const since = `since ${timeOf(waiting.since, now)}`
  const words = reason === null ? '' : `: ${withoutStop(reason)}`
  const next = nextTryAt === null || nextTryAt <= now ? 'now' : `at ${timeOf(nextTryAt, now)}`
  const last = until === null ? '' : `, at the latest until ${timeOf(until, now)}`
  const mails = countMails(waiting)
  switch (why) {
    case 'transport-paused':
      if (waiting.mail === 'transactional')
        return `${mails} ${since} for ${waiting.transport}, which is paused${words}. Next try ${next}.`
      return [
        `${waiting.transport} is paused ${since}${words}.`,
        ...(waiting.count === 0 ? [] : [`${mails}.`]),
        ...(waiting.takenOverBy === null ? [] : [`Meanwhile ${waiting.takenOverBy} sends.`]),
        `Next try ${next}.`,
        REMEDIES[waiting.kind ?? 'down'],
      ].join(' ')
    case 'deferred':
      return `${mails} ${since}, deferred${words || ' for several reasons'}. Next try ${next}${last}.`
    case 'unanswered':
      return `${mails} ${since}, not answered by ${waiting.transport}${words || ' for several reasons'}. Only the same call is repeated, so nobody gets two. Next try ${next}${last}${until === null ? '' : '; then they are uncertain'}.`
    case 'edition-paused':
      return `${mails} ${since}, because the edition of ${waiting.day} is paused. Continue it with: paperround resume --date ${waiting.day}`
  }
}

/** `12 digests wait`, `1 transactional email waits`. */
function countMails({ count, mail }: Waiting): string {
  const noun = mail === 'digest' ? 'digest' : 'transactional email'
  return count === 1 ? `1 ${noun} waits` : `${count} ${noun}s wait`
}

/** The shortest form that cannot be mistaken: `08:06 UTC`, `06:00 UTC tomorrow`, `2026-11-24 06:00 UTC`. */
export function timeOf(at: Date, now: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 16).split('T')
  const days = Math.round((Date.parse(day) - Date.parse(now.toISOString().slice(0, 10))) / 86_400_000)
  if (days === 0) return `${time} UTC`
  return days === 1 ? `${time} UTC tomorrow` : `${day} ${time} UTC`
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, '')
}
