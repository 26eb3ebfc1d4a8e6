import { domainToASCII } from 'node:url'
import { EMAIL_CHARS_MAX, FEATURED_DEFAULT, INTEREST_SHARE_DEFAULT } from '../../config/limits.ts'
import { say } from '../language/language.ts'
import type { Day } from './day.ts'

export const SUBSCRIBER_STATES = ['pending', 'active', 'paused', 'unsubscribed', 'suppressed'] as const
export type SubscriberState = (typeof SUBSCRIBER_STATES)[number]

/** The allowed state changes of a subscription. Erasure deletes the row from any state. */
export const NEXT_SUBSCRIBER: Readonly<Record<SubscriberState, readonly SubscriberState[]>> = {
  pending: ['active', 'unsubscribed', 'suppressed'],
  active: ['paused', 'unsubscribed', 'suppressed'],
  paused: ['active', 'unsubscribed', 'suppressed'],
  unsubscribed: ['pending', 'active', 'suppressed'], // Active again by undo on the same page, or on the operator's word.
  suppressed: ['unsubscribed'], // Lifted by an operator, with a reason; the reader must opt in again.
}

export const FREQUENCIES = ['daily', 'weekly'] as const
export type Frequency = (typeof FREQUENCIES)[number]

/**
 * The content of a card: two lines, the whole abstract, one sentence of it, or the machine summary if there is one. In the
 * form `skim`, the first card has the whole abstract.
 */
export const ABSTRACT_FORMS = ['skim', 'abstracts', 'sentences', 'summaries'] as const
export type AbstractForm = (typeof ABSTRACT_FORMS)[number]
export type ShortForm = Exclude<AbstractForm, 'abstracts'>

/** How a digest shows its first papers: as cards of one form, or as titles. */
export const FORMATS = [...ABSTRACT_FORMS, 'titles'] as const
export type Format = (typeof FORMATS)[number]

/** The target of the titles in a digest: our page about the paper, or its page on arXiv. */
export const TITLE_LINKS = ['page', 'arxiv'] as const
export type TitleLinks = (typeof TITLE_LINKS)[number]

export interface Preferences {
  readonly interests: readonly string[]
  readonly mutedTerms: readonly string[]
  /** Full names of authors whose papers come first. */
  readonly authors: readonly string[]
  /** The percentage of the first papers that may be chosen for their match alone. The others have the most votes. */
  readonly interestShare: number
  readonly frequency: Frequency
  /** Local hour, 0–23, from which the digest may come. */
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
  readonly titleLinks: TitleLinks
  /** Whether the papers after the first `length` are listed by title, or left out. */
  readonly includeOtherTitles: boolean
}

export interface Subscriber extends Preferences {
  readonly id: string
  /** As the subscriber typed it. */
  readonly email: string
  readonly state: SubscriberState
  readonly createdAt: Date
  readonly confirmedAt: Date | null
  /** The local day on which a pause ends by itself, or null. */
  readonly pausedUntil: Day | null
  /** The first day of a pause since which no digest was sent. The next digest catches up. */
  readonly pausedSince: Day | null
  /** The first local day for which the subscriber may get a digest; null means any day. */
  readonly eligibleFrom: Day | null
  readonly updatedAt: Date
  /** Links of an earlier generation are revoked. */
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
  format: 'skim',
  titleLinks: 'page',
  includeOtherTitles: true,
}

export type AddressCheck =
  | { readonly ok: true; readonly email: string; readonly key: string }
  | { readonly ok: false; readonly reason: string }

/**
 * Checks one address strictly: a dot-atom local part (RFC 5321 §4.1.2), one `@`, and a host name with a dot. IDN is
 * allowed. A local part outside ASCII (RFC 6531) needs SMTPUTF8 on every server on the way, which Amazon SES, used by
 * Resend, does not support. It is refused here, so that it does not bounce a day later. Lists, comments, quoted strings,
 * IP literals and control characters are refused, because a mailer may read `"a@x, b@y"` as two recipients. `key`
 * identifies an address: lower case, the domain in ASCII, plus-tags kept.
 */
export function checkAddress(raw: string): AddressCheck {
  if (isPlain(raw)) return { ok: true, email: raw, key: raw }
  // NFC, so that the same address typed on two keyboards is equal.
  const email = raw.trim().normalize('NFC')
  const fault = shapeFault(email)
  if (fault !== null) return { ok: false, reason: fault }
  const [local, domain] = email.split('@') as [string, string]
  const ascii = domainToASCII(domain)
  const wrong = localFault(local) ?? domainFault(domain, ascii)
  if (wrong !== null) return { ok: false, reason: wrong }
  const key = `${local.toLowerCase()}@${ascii}`
  // The ASCII form of an international domain is longer.
  if (Buffer.byteLength(key) > EMAIL_CHARS_MAX)
    return { ok: false, reason: say('email.long', { bytes: EMAIL_CHARS_MAX }) }
  return { ok: true, email, key }
}

/**
 * Returns whether an address is certainly valid and its own key, as most are. This takes 0.2 µs and the checks below 2 µs, and a
 * list has up to a million addresses. `--` is left to them, because `xn--` marks an international domain.
 */
function isPlain(raw: string): boolean {
  return raw.length <= EMAIL_CHARS_MAX && PLAIN.test(raw) && !raw.includes('--')
}

const PLAIN = /^(?=.{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

/** Returns the fault of the whole address, or null. */
function shapeFault(email: string): string | null {
  if (email === '') return say('email.empty')
  if (Buffer.byteLength(email) > EMAIL_CHARS_MAX) return say('email.long', { bytes: EMAIL_CHARS_MAX })
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(email)) return say('email.control')
  if (/[,;]/.test(email)) return say('email.several')
  if (/["\\]/.test(email)) return say('email.quotes')
  if (/[()<>]/.test(email)) return say('email.name')
  if (/\s/.test(email)) return say('email.blank')
  const parts = email.split('@')
  if (parts.length !== 2) return parts.length === 1 ? say('email.noAt') : say('email.manyAts')
  return /[[\]:]/.test(email) ? say('email.number') : null
}

function localFault(local: string): string | null {
  if (local === '') return say('email.noLocal')
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX) return say('email.localLong', { bytes: LOCAL_BYTES_MAX })
  if (/^\.|\.$|\.\./.test(local)) return say('email.dots')
  const bad = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u.exec(local)?.[0]
  if (bad === undefined) return null
  return /[\p{L}\p{M}\p{N}]/u.test(bad)
    ? say('email.foreign', { character: bad })
    : say('email.forbidden', { character: bad })
}

function domainFault(domain: string, ascii: string): string | null {
  if (domain === '') return say('email.noDomain')
  if (!domain.includes('.')) return say('email.noDot')
  // The URL parser below would accept `example.org/path` and `ex%61mple.org` as domains.
  const plain = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)
  return plain && isMailDomain(ascii) ? null : say('email.notDomain')
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
