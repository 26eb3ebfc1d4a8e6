import type { Day } from '../../domain/day.ts'
import type { PauseKind } from '../../mail/outcome.ts'
import { splitRemedy } from '../../mail/reply/reason.ts'

/**
 * Why deliveries wait:
 * - `transport-paused`: no transport may be called now.
 * - `deferred`: a server has not accepted them yet (4xx); they are retried on a schedule.
 * - `unanswered`: a call may have sent them; only the same call with the same key is repeated.
 * - `edition-paused`: an operator paused the edition.
 */
export const WAITING_REASONS = ['transport-paused', 'deferred', 'unanswered', 'edition-paused'] as const
export type WaitingWhy = (typeof WAITING_REASONS)[number]

/** Deliveries that wait for one reason, or a paused transport and the deliveries that wait for it (maybe none). */
export interface Waiting {
  readonly why: WaitingWhy
  /** Transactional emails, such as confirmations, are counted apart from digests. */
  readonly mail: 'digest' | 'transactional'
  readonly count: number
  /** The transport that is paused, or that did not answer. */
  readonly transport: string | null
  /** Set for a paused transport. */
  readonly kind: PauseKind | null
  /** The transport that sends while this one is paused; null: none. */
  readonly takenOverBy: string | null
  /** Set for a paused edition. */
  readonly day: Day | null
  /** The server's words, without addresses and ids; null: several reasons, or none. */
  readonly reason: string | null
  readonly since: Date
  /** When the first of them is retried; null: when an operator resumes them. */
  readonly nextTryAt: Date | null
  /** When the last of them is given up; null: unknown, or never. */
  readonly until: Date | null
}

/** Returns how a pause ends, and how an operator can end it. */
function remedyOf(kind: PauseKind, remedy: string | null): string {
  switch (kind) {
    case 'rate':
      return 'It resumes automatically.'
    case 'quota':
      return 'It resumes automatically when the limit resets. If you raise the limit, run `paperround resume`.'
    case 'down':
      return `${remedy ?? '`paperround doctor` checks it now.'}${remedy?.includes('again') ? '' : ' It is retried automatically.'}`
    case 'sender':
      return `The provider rejects the sender, so no subscriber is rejected. ${remedy ?? 'Do what the provider asks for.'} Then run \`paperround resume\`; it is also retried automatically.`
  }
}

/** Why deliveries wait: what waits and since when, the server's words or null, and what ends the wait. */
export interface WaitingExplained {
  readonly what: string
  readonly words: string | null
  readonly next: string
}

/** Returns one paragraph: what waits and since when, why, and what ends the wait. */
export function describeWaiting(waiting: Waiting, now: Date): string {
  const { what, words, next } = explainWaiting(waiting, now)
  return `${what}${words === null ? '' : `: ${words}`}. ${next}`
}

/** Returns the parts of that paragraph. `now` decides how times are written. */
export function explainWaiting(waiting: Waiting, now: Date): WaitingExplained {
  const { why, transport, reason, nextTryAt, until, day } = waiting
  const since = `since ${timeOf(waiting.since, now)}`
  const split = reason === null ? null : splitRemedy(reason)
  const words = split === null ? null : withoutStop(split.words)
  const several = reason === null ? ' for several reasons' : ''
  const again = `Next try ${nextTryAt === null || nextTryAt <= now ? 'now' : `at ${timeOf(nextTryAt, now)}`}`
  const last = until === null ? '' : `, at the latest until ${timeOf(until, now)}`
  const mails = countMails(waiting)
  switch (why) {
    case 'transport-paused':
      return waiting.mail === 'transactional'
        ? { what: `${mails} ${since} for ${transport}, which is paused`, words, next: `${again}.` }
        : {
            what: `${transport} is paused ${since}`,
            words,
            next: afterPause(waiting, mails, again, split?.remedy ?? null),
          }
    case 'deferred':
      return { what: `${mails} ${since}, deferred${several}`, words, next: `${again}${last}.` }
    case 'unanswered':
      return {
        what: `${mails} ${since}, not answered by ${transport}${several}`,
        words,
        next: `Only the same call is repeated, so nobody gets two. ${again}${last}${until === null ? '' : '; then they are uncertain'}.`,
      }
    case 'edition-paused':
      return {
        what: `${mails} ${since}, because the edition of ${day} is paused`,
        words: null,
        next: `Continue it with: paperround resume --date ${day}`,
      }
  }
}

function afterPause(
  { count, kind, takenOverBy }: Waiting,
  mails: string,
  again: string,
  remedy: string | null,
): string {
  return [
    ...(count === 0 ? [] : [`${mails}.`]),
    ...(takenOverBy === null ? [] : [`Meanwhile ${takenOverBy} sends.`]),
    `${again}.`,
    remedyOf(kind ?? 'down', remedy),
  ].join(' ')
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
