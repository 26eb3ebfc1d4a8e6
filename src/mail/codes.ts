import type { ErrorResponse } from 'resend'
import { OUTCOME_REASON_CHARS_MAX, SEND_BACKOFF_MS_MAX } from '../../config/limits.ts'
import type { Outcome } from './outcome.ts'

/** What an error of Resend says, before it is known how many letters the parcel held. */
type ResendVerdict =
  | { readonly says: 'rate' | 'quota' | 'letter' | 'lost' }
  | { readonly says: 'down'; readonly remedy: string }

const lost = { says: 'lost' } as const
const letter = { says: 'letter' } as const
const down = (remedy: string): ResendVerdict => ({ says: 'down', remedy })

const WRONG_KEY = down('Set RESEND_API_KEY to a key of this account that may send.')
const WRONG_SENDER = down('Verify the domain of MAIL_FROM at resend.com/domains.')
const WRONG_PLACE = down('Set RESEND_BASE_URL to the address of Resend’s API, or leave it unset.')
const OWN_MISTAKE = down('This is a fault of the program; please report it.')

/** Every error name of the SDK (https://resend.com/docs/api-reference/errors). */
const RESEND_NAMES: Readonly<Record<ErrorResponse['name'], ResendVerdict>> = {
  rate_limit_exceeded: { says: 'rate' },
  daily_quota_exceeded: { says: 'quota' },
  monthly_quota_exceeded: { says: 'quota' },
  missing_api_key: WRONG_KEY,
  invalid_api_key: WRONG_KEY,
  restricted_api_key: WRONG_KEY,
  invalid_from_address: WRONG_SENDER,
  not_found: WRONG_PLACE,
  method_not_allowed: WRONG_PLACE,
  security_error: down('Resend holds the account back; write to its support.'),
  invalid_idempotency_key: OWN_MISTAKE,
  invalid_access: OWN_MISTAKE,
  invalid_region: OWN_MISTAKE,
  validation_error: letter,
  invalid_parameter: letter,
  missing_required_field: letter,
  invalid_attachment: letter,
  // The first call with this key is still at work, or was made with other bytes: either may have sent.
  concurrent_idempotent_requests: lost,
  invalid_idempotent_request: lost,
  // The SDK's name for a lost connection, a time-out and an unreadable answer.
  application_error: lost,
  internal_server_error: lost,
}

/** For answers that carry no name of Resend's: a proxy's page, or a name newer than this table. */
const RESEND_STATUSES: Readonly<Record<number, ResendVerdict>> = {
  400: letter,
  401: WRONG_KEY,
  403: WRONG_SENDER,
  404: WRONG_PLACE,
  405: WRONG_PLACE,
  413: letter,
  422: letter,
  429: { says: 'rate' },
}

const RESEND_NOTES: Readonly<Partial<Record<ErrorResponse['name'], string>>> = {
  concurrent_idempotent_requests: 'an earlier call with this key is still at work',
  invalid_idempotent_request: 'the key is taken by another body',
}

export interface ResendFailure {
  /** As the SDK gives it; a proxy may have put anything in its place. */
  readonly error: { readonly name?: unknown; readonly statusCode?: unknown; readonly message?: unknown }
  readonly retryMs: number | null
  /** How many letters the call carried. */
  readonly letters: number
}

/** The one outcome that an error of the whole call means for each of its letters. */
export function resendOutcome({ error, retryMs, letters }: ResendFailure): Outcome {
  const verdict = resendVerdict(error)
  const reason = tidyReason(`Resend: ${describe(error)}`)
  switch (verdict.says) {
    case 'rate':
      return { kind: 'deferred', hold: 'rate', reason, ...(retryMs === null ? {} : { retryMs }) }
    case 'quota':
      return { kind: 'deferred', hold: 'quota', reason }
    case 'down':
      return { kind: 'deferred', hold: 'down', reason: tidyReason(`${verdict.remedy} (${reason})`) }
    case 'letter':
      return letters === 1 ? { kind: 'refused', reason } : { kind: 'deferred', split: true, reason }
    case 'lost':
      return { kind: 'unknown', reason, ...(error.name === 'invalid_idempotent_request' ? { keyTaken: true } : {}) }
  }
}

function resendVerdict({ name, statusCode, message }: ResendFailure['error']): ResendVerdict {
  const status = typeof statusCode === 'number' ? statusCode : 0
  const known = typeof name === 'string' && Object.hasOwn(RESEND_NAMES, name)
  const named = known ? RESEND_NAMES[name as ErrorResponse['name']] : lost
  // A server that broke down may have sent first, whatever it calls its error.
  if (status >= 500) return lost
  if (named.says === 'letter') return letterVerdict(status, typeof message === 'string' ? message : '')
  if (known && name !== 'application_error') return named
  return RESEND_STATUSES[status] ?? lost
}

/**
 * Resend says `validation_error` of a bad letter (400, 422), of a sender that is not verified (403), and of an
 * invalid key (seen as 400 and 401). Only the first may cost a reader his digest.
 */
function letterVerdict(status: number, message: string): ResendVerdict {
  if (status === 401 || /api key/i.test(message)) return WRONG_KEY
  if (status === 403 || /`from`|domain is not verified|testing emails/i.test(message)) return WRONG_SENDER
  return letter
}

function describe({ name, statusCode, message }: ResendFailure['error']): string {
  const note = RESEND_NOTES[name as ErrorResponse['name']]
  return [
    typeof name === 'string' ? name : 'an answer without a name',
    typeof statusCode === 'number' ? ` ${statusCode}` : '',
    typeof message === 'string' ? `: ${message}` : '',
    note === undefined ? '' : ` (${note})`,
  ].join('')
}

/** What nodemailer's errors carry. */
export interface SmtpFailure {
  readonly message: string
  readonly code?: string | undefined
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

/** RFC 3463 §3.2: the mailbox or its domain does not exist, has moved away or is closed to all mail (5.1.10: RFC 7505). */
const NOBODY_THERE = /\b5\.1\.(1|2|3|6|10)\b/
/** Node names some faults of a certificate only in words. */
const TLS_TROUBLE = /\b(certificate|TLS|SSL)\b/i
const TOO_LARGE = /^552|\b5\.(2\.3|3\.4)\b/

/**
 * What an SMTP error means for one letter. `handedOver` says whether the end of the message may have been
 * written: then only the server's own reply to it proves that the letter was not taken (RFC 5321 §4.2.5).
 */
export function smtpOutcome(error: SmtpFailure, handedOver: boolean): Outcome {
  const { code, command, responseCode = 0 } = error
  const reason = tidyReason(`SMTP: ${error.response ?? error.message}`)
  const answered = code === 'EMESSAGE' && command === 'DATA' && responseCode >= 400
  if (handedOver && !answered) return { kind: 'unknown', reason }
  if (code === 'EAUTH' || code === 'ENOAUTH' || responseCode === 530 || responseCode === 538)
    return smtpDown('Set the user name and password in SMTP_URL.', reason)
  if (responseCode === 421) return smtpDown('The server is closing down; it is tried again.', reason)
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return envelopeOutcome(error, reason)
  if (code === 'ETLS' || code === 'EREQUIRETLS' || TLS_TROUBLE.test(error.message))
    return smtpDown('The server’s TLS is not accepted; look at its certificate and at requireTLS in SMTP_URL.', reason)
  return smtpDown('Look whether the server in SMTP_URL is there and takes connections from here.', reason)
}

function envelopeOutcome({ command, response = '', responseCode = 0 }: SmtpFailure, reason: string): Outcome {
  // Without a reply it was nodemailer that refused: the address, or a letter larger than the server's SIZE.
  if (responseCode === 0) return { kind: 'refused', reason }
  if (responseCode < 500) return { kind: 'deferred', reason }
  if (command === 'MAIL FROM' && !TOO_LARGE.test(response))
    return smtpDown('The server does not take mail from the address in MAIL_FROM.', reason)
  if (command === 'RCPT TO' && /relay/i.test(response))
    return smtpDown('The server does not relay for this machine; set user name and password in SMTP_URL.', reason)
  // 503 says that the session is out of step, not that the letter is bad (RFC 5321 §4.2.3).
  if (responseCode === 503) return { kind: 'deferred', reason }
  return command === 'RCPT TO' && NOBODY_THERE.test(response)
    ? { kind: 'refused', reason, suppress: true }
    : { kind: 'refused', reason }
}

function smtpDown(remedy: string, reason: string): Outcome {
  return { kind: 'deferred', hold: 'down', reason: tidyReason(`${remedy} (${reason})`) }
}

/** One line of bounded length, whatever a provider wrote. */
export function tidyReason(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length <= OUTCOME_REASON_CHARS_MAX ? line : `${line.slice(0, OUTCOME_REASON_CHARS_MAX - 1)}…`
}

/** The same without addresses: what is kept of a report outlives the erasure of its reader. */
export function bareReason(text: string): string {
  return tidyReason(text.replace(/[^\s<>@"';:,()]+@[^\s<>@"';:,()]+/g, '(address)'))
}

/** `retry-after` in milliseconds (RFC 9110 §10.2.3, seconds only, as Resend sends it), else null. Bounded. */
export function retryAfterMs(headers: Readonly<Record<string, string>> | null): number | null {
  const seconds = headers?.['retry-after'] ?? headers?.['ratelimit-reset']
  if (seconds === undefined || !/^\d{1,9}(\.\d{1,6})?$/.test(seconds.trim())) return null
  return Math.min(Math.ceil(Number(seconds) * 1_000), SEND_BACKOFF_MS_MAX)
}
