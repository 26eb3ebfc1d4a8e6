import { domainToASCII } from 'node:url'
import { EMAIL_CHARS_MAX, FEATURED_DEFAULT, INTEREST_SHARE_DEFAULT } from '../../config/limits.ts'
import type { Day } from './day.ts'

export const SUBSCRIBER_STATES = ['pending', 'active', 'paused', 'unsubscribed', 'suppressed'] as const
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number]

/** The legal moves of a subscription; whatever is not here is refused. Erasure deletes the row from any state. */
export const NEXT_SUBSCRIBER: Readonly<Record<SubscriberState, readonly SubscriberState[]>> = {
  pending: ['active', 'unsubscribed', 'suppressed'],
  active: ['paused', 'unsubscribed', 'suppressed'],
  paused: ['active', 'unsubscribed', 'suppressed'],
  unsubscribed: ['pending', 'active', 'suppressed'], // Active again by undo on the same page, or on the operator's word.
  suppressed: ['unsubscribed'], // Lifted by an operator, with a reason; the reader must opt in again.
}

export const FREQUENCIES = ['daily', 'weekly'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/** How much a card says of its paper: the whole abstract, one sentence of it, or a machine’s summary where there is one. */
export const ABSTRACT_FORMS = ['abstracts', 'sentences', 'summaries'] as const
export type AbstractForm = (typeof ABSTRACT_FORMS)[number]
export type ShortForm = Exclude<AbstractForm, 'abstracts'>

/** What a digest shows of its first papers: cards of one form, or nothing but titles. */
export const FORMATS = [...ABSTRACT_FORMS, 'titles'] as const
export type Format = (typeof FORMATS)[number]

export interface Preferences {
  readonly interests: readonly string[]
  readonly mutedTerms: readonly string[]
  /** Full names of authors whose papers come first. */
  readonly authors: readonly string[]
  /** How many per cent of the first papers may be there for matching alone; the others are the most voted. */
  readonly interestShare: number
  readonly frequency: Frequency
  /** Hour of the reader's day, 0–23, from which the digest may come. */
  readonly deliveryHour: number
  /** IANA zone. */
  readonly timezone: string
  /** ISO weekday, 1–7, from which a weekly digest may come. */
  readonly weekday: number
  /** ISO weekdays on which a daily digest may come; at least one. */
  readonly weekdays: readonly number[]
  /** How many papers come as cards; the others are listed by title. */
  readonly featuredCount: number
  readonly format: Format
  /** Whether the papers after the first `length` are listed by title, or left out. */
  readonly includeOtherTitles: boolean
}

export interface Subscriber extends Preferences {
  readonly id: string
  /** As the reader typed it. */
  readonly email: string
  readonly state: SubscriberState
  readonly createdAt: Date
  readonly confirmedAt: Date | null
  /** The day, in the reader’s own zone, on which a pause ends by itself; null for none. */
  readonly pausedUntil: Day | null
  /** The day on which a pause began of which the reader has had no digest since; the next one catches up. */
  readonly pausedSince: Day | null
  /** The first day, in the reader’s own zone, for which they are owed a digest; null: since ever. */
  readonly eligibleFrom: Day | null
  readonly updatedAt: Date
  /** Links of an earlier generation have ended. */
  readonly linkGeneration: number
}

export const DEFAULT_PREFERENCES: Preferences = {
  interests: [],
  mutedTerms: [],
  authors: [],
  interestShare: INTEREST_SHARE_DEFAULT,
  frequency: 'daily',
  deliveryHour: 8,
  timezone: 'UTC',
  weekday: 1,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  featuredCount: FEATURED_DEFAULT,
  format: 'abstracts',
  includeOtherTitles: true,
}

export type AddressCheck =
  | { readonly ok: true; readonly email: string; readonly key: string }
  | { readonly ok: false; readonly reason: string }

/**
 * Checks one address strictly: a dot-atom local part (RFC 5321 §4.1.2), one `@`, a host name with a dot, IDN
 * allowed. A local part of other than ASCII letters (RFC 6531) travels only when every server on the way speaks SMTPUTF8
 * and has no other form to fall back on (§3.2, §3.5); Amazon SES, through which Resend sends, does not speak it. So such
 * an address is refused where it is typed, and not a day later by a bounce. Lists, comments, quoted strings, IP literals and control characters are refused:
 * a mailer may read `"a@x, b@y"` as two people. `key` is what makes an address unique: lower
 * case, the domain in its ASCII form, plus-tags kept.
 */
export function checkAddress(raw: string): AddressCheck {
  // Composed, so that one address typed on two keyboards is one.
  const email = raw.trim().normalize('NFC')
  const fault = shapeFault(email)
  if (fault !== null) return { ok: false, reason: fault }
  const [local, domain] = email.split('@') as [string, string]
  const ascii = domainToASCII(domain)
  const wrong = localFault(local) ?? domainFault(domain, ascii)
  if (wrong !== null) return { ok: false, reason: wrong }
  const key = `${local.toLowerCase()}@${ascii}`
  // An international domain is longer in the form in which it travels.
  if (Buffer.byteLength(key) > EMAIL_CHARS_MAX) return { ok: false, reason: TOO_LONG }
  return { ok: true, email, key }
}

const TOO_LONG = `the address is longer than ${EMAIL_CHARS_MAX} bytes`

/** What is wrong with the whole. */
function shapeFault(email: string): string | null {
  if (email === '') return 'the address is empty'
  if (Buffer.byteLength(email) > EMAIL_CHARS_MAX) return TOO_LONG
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(email)) return 'the address holds a control character'
  if (/[,;]/.test(email)) return 'the address must be a single one, without commas or semicolons'
  if (/["\\]/.test(email)) return 'the address must be written without quotation marks or backslashes'
  if (/[()<>]/.test(email)) return 'the address must be plain, such as name@example.org, without a name or comment'
  if (/\s/.test(email)) return 'the address holds a blank'
  const parts = email.split('@')
  if (parts.length !== 2) return parts.length === 1 ? 'the address has no @' : 'the address has more than one @'
  return /[[\]:]/.test(email) ? 'the part after the @ must be a domain such as example.org, not a number' : null
}

function localFault(local: string): string | null {
  if (local === '') return 'there is nothing before the @'
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX) return `the part before the @ is longer than ${LOCAL_BYTES_MAX} bytes`
  if (/^\.|\.$|\.\./.test(local))
    return 'the part before the @ has a dot at its end, at its beginning or twice in a row'
  const bad = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u.exec(local)?.[0]
  if (bad === undefined) return null
  return /[\p{L}\p{M}\p{N}]/u.test(bad)
    ? `the part before the @ holds “${bad}”, which not every mail server on the way may know: only a–z, digits and signs such as . _ - + can be reached`
    : `the part before the @ holds “${bad}”, which no address may`
}

function domainFault(domain: string, ascii: string): string | null {
  if (domain === '') return 'there is nothing after the @'
  if (!domain.includes('.')) return 'the part after the @ has no dot: it must be a domain such as example.org'
  // The look-up below is made for URLs and would take `example.org/path` and `ex%61mple.org` for domains.
  const plain = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)
  return plain && isMailDomain(ascii) ? null : 'the part after the @ is not a domain such as example.org'
}

const LOCAL_BYTES_MAX = 64 // RFC 5321 §4.5.3.1.1.

function isMailDomain(ascii: string): boolean {
  const labels = ascii.split('.')
  return (
    ascii.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  )
}
