import type { ErrorResponse } from 'resend'
import type { Outcome } from '../outcome.ts'
import { tidyReason, withRemedy } from '../reply/reason.ts'
import { type LimitPeriod, msUntilReset } from '../reply/retry-time.ts'
import type { HttpResult } from './http-call.ts'

/** The party at fault by Resend's words, before it is known how many messages the call carried. */
type Verdict =
  | { readonly says: 'rate' | 'recipient' | 'lost' }
  | { readonly says: 'quota'; readonly period: LimitPeriod }
  | { readonly says: 'down' | 'sender'; readonly remedy: string }

const lost = { says: 'lost' } as const
const byWords = { says: 'words' } as const
const down = (remedy: string): Verdict => ({ says: 'down', remedy })
const sender = (remedy: string): Verdict => ({ says: 'sender', remedy })

const WRONG_KEY = sender('Set RESEND_API_KEY to a key of this account that may send.')
const SUSPENDED = sender('Resend has suspended the key or the account; see its dashboard, or write to its support.')
const WRONG_DOMAIN = sender('Verify the domain of MAIL_FROM at resend.com/domains.')
const WRONG_REGION = sender('Look at the region of your domain at resend.com/domains.')
const OWN_MISTAKE = sender(
  'Resend rejects a field that every message has; look at MAIL_FROM and MAIL_REPLY_TO, or report it.',
)
const UNPAID = sender('Look at the plan and the invoices of the account at resend.com/settings.')
const REJECTED = sender('Resend rejects this account as a sender; see its dashboard.')
const WRONG_PLACE = down('Set RESEND_BASE_URL to the address of Resend’s API, or leave it unset.')
const STRANGER = down('Another server answered in Resend’s place; look at RESEND_BASE_URL and at proxies on the way.')
const TOO_LARGE = down('A server on the way takes no call of this size; lower PARCEL_SIZE.')
const EDGE = down('Cloudflare cannot reach Resend; this is theirs to mend.')

/** Every error name of Resend's (https://resend.com/docs/api-reference/errors). */
const NAMES: Readonly<Record<ErrorResponse['name'] | 'suspended_api_key', Verdict | typeof byWords>> = {
  rate_limit_exceeded: { says: 'rate' },
  daily_quota_exceeded: { says: 'quota', period: 'day' },
  monthly_quota_exceeded: { says: 'quota', period: 'month' },
  missing_api_key: WRONG_KEY,
  invalid_api_key: WRONG_KEY,
  restricted_api_key: WRONG_KEY,
  suspended_api_key: SUSPENDED,
  invalid_from_address: WRONG_DOMAIN,
  invalid_region: WRONG_REGION,
  security_error: SUSPENDED,
  invalid_access: OWN_MISTAKE,
  invalid_idempotency_key: OWN_MISTAKE,
  invalid_attachment: OWN_MISTAKE,
  validation_error: byWords,
  invalid_parameter: byWords,
  missing_required_field: byWords,
  not_found: byWords,
  method_not_allowed: WRONG_PLACE,
  // The first call with this key is still at work, or was made with other bytes: either may have sent.
  concurrent_idempotent_requests: lost,
  invalid_idempotent_request: lost,
  application_error: lost,
  internal_server_error: lost,
}

/** Words in a name or a message that say whose fault it is. The first match counts. */
const WORDS: readonly (readonly [pattern: RegExp, verdict: Verdict])[] = [
  [/`to(?:\[\d+\])?`|(?<!reply[ -])\bto\b (?:field|address)|\bfield "?to\b/i, { says: 'recipient' }],
  [/month\w* (?:sending )?(?:quota|limit)/i, { says: 'quota', period: 'month' }],
  [/quota|(?:daily|day|sending) (?:sending )?limit|too many emails/i, { says: 'quota', period: 'day' }],
  [/rate[ _]limit|too many requests/i, { says: 'rate' }],
  [/suspend|paused|disabled|banned|blocked|under review|reputation|bounce rate|complaint rate/i, SUSPENDED],
  [/api[ _]key|unauthori[sz]ed|authenticat/i, WRONG_KEY],
  [/invoice|payment|unpaid|billing|upgrade/i, UNPAID],
  [/region/i, WRONG_REGION],
  [/`from`|\bfrom[ _](?:address|field)|domain|testing emails|not verified/i, WRONG_DOMAIN],
  [
    /\b(?:invalid|malformed|unknown|undeliverable) (?:recipient|destination)|recipient[^.]{0,30}(?:invalid|not valid|does not exist|suppress)/i,
    { says: 'recipient' },
  ],
]

/** For what carries a new name of Resend's, or its known names without words that we know. */
const STATUSES: Readonly<Record<number, Verdict>> = {
  401: WRONG_KEY,
  402: UNPAID,
  403: REJECTED,
  404: WRONG_PLACE,
  408: lost,
  405: WRONG_PLACE,
  409: lost,
  429: { says: 'rate' },
}

/** Cloudflare's own codes that say that it did not reach Resend. Of 520 and 524 it did, and has no answer. */
const NOT_REACHED: ReadonlySet<number> = new Set([521, 522, 523, 525, 526, 530])

const NOTES: Readonly<Partial<Record<ErrorResponse['name'], string>>> = {
  concurrent_idempotent_requests: 'an earlier call with this key is still at work',
  invalid_idempotent_request: 'the key is taken by another body',
}

export interface ResendFailure {
  readonly wire: HttpResult
  /** The JSON that came with a failure, from Resend or from a server in its place; undefined when there is none. */
  readonly said: unknown
  readonly retryMs: number | null
  /** How many messages the call carried. */
  readonly messages: number
  readonly now: Date
}

/** The one outcome that the failure of a whole call means for each of its messages. */
export function resendOutcome(failure: ResendFailure): Outcome {
  const { wire, said } = failure
  if (wire.kind === 'unsent')
    return { kind: 'deferred', pause: 'down', reason: withRemedy(wayRemedy(wire.code), `Resend: ${wire.message}`) }
  if (wire.kind === 'lost') return { kind: 'unknown', pause: 'down', reason: tidyReason(`Resend: ${wire.message}`) }
  const wait = failure.retryMs === null ? {} : { retryMs: failure.retryMs }
  if (hasName(said) && wire.status >= 400) return namedOutcome(failure, said, wire.status)
  const reason = `Resend: HTTP ${wire.status}, ${strangerWords(wire)}`
  if (NOT_REACHED.has(wire.status)) return held(EDGE, reason, wait)
  if (wire.status === 409) return { kind: 'unknown', reason: tidyReason(reason) }
  // A server that broke down may have sent first; so may one whose good answer cannot be read.
  if (wire.status >= 500 || wire.status < 300)
    return { kind: 'unknown', pause: 'down', reason: tidyReason(reason), ...wait }
  return held(wire.status === 413 ? TOO_LARGE : STRANGER, reason, wait)
}

/** The outcome of one message that Resend rejects within a batch: only a fault of its recipient costs that recipient. */
export function resendItemOutcome(message: string, now: Date): Outcome {
  return outcomeOf(wordsVerdict(message) ?? OWN_MISTAKE, tidyReason(`Resend: ${message}`), {
    messages: 1,
    retryMs: null,
    now,
  })
}

export interface SendersFault {
  readonly hold: 'quota' | 'sender'
  readonly reason: string
  readonly retryMs: number | null
}

/** Reads words such as those of `email.failed` for a fault of the sender: account, domain or quota. Else null. */
export function sendersFault(words: string, now: Date): SendersFault | null {
  const verdict = wordsVerdict(words.replaceAll('_', ' '))
  if (verdict === null || (verdict.says !== 'quota' && verdict.says !== 'sender')) return null
  const reason = tidyReason(`Resend: ${words}`)
  return verdict.says === 'quota'
    ? { hold: 'quota', reason, retryMs: msUntilReset(verdict.period, now) }
    : { hold: 'sender', reason: withRemedy(verdict.remedy, reason), retryMs: null }
}

interface Named {
  readonly name: string
  readonly message?: unknown
}

function hasName(said: unknown): said is Named {
  const name = typeof said === 'object' && said !== null && 'name' in said ? said.name : null
  return typeof name === 'string' && /^[a-z][a-z0-9_]{2,60}$/.test(name)
}

function namedOutcome(failure: ResendFailure, error: Named, status: number): Outcome {
  const note = NOTES[error.name as ErrorResponse['name']]
  const message = typeof error.message === 'string' ? `: ${error.message}` : ''
  const reason = tidyReason(`Resend: ${error.name} ${status}${message}${note === undefined ? '' : ` (${note})`}`)
  if (error.name === 'invalid_idempotent_request') return { kind: 'unknown', reason, keyConflict: true }
  if (status >= 500)
    return { kind: 'unknown', pause: 'down', reason, ...(failure.retryMs === null ? {} : { retryMs: failure.retryMs }) }
  return outcomeOf(nameVerdict(error, status), reason, failure)
}

function nameVerdict({ name, message }: Named, status: number): Verdict {
  const known = Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : byWords
  if (known.says !== 'words') return known
  const words = typeof message === 'string' ? message : ''
  return wordsVerdict(`${name.replaceAll('_', ' ')} ${words}`) ?? STATUSES[status] ?? OWN_MISTAKE
}

function wordsVerdict(words: string): Verdict | null {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1] ?? null
}

function outcomeOf(
  verdict: Verdict,
  reason: string,
  { retryMs, messages, now }: Pick<ResendFailure, 'retryMs' | 'messages' | 'now'>,
): Outcome {
  const wait = retryMs === null ? {} : { retryMs }
  switch (verdict.says) {
    case 'rate':
      return { kind: 'deferred', pause: 'rate', reason, ...wait }
    case 'quota':
      return { kind: 'deferred', pause: 'quota', reason, retryMs: retryMs ?? msUntilReset(verdict.period, now) }
    case 'down':
    case 'sender':
      return held(verdict, reason, {})
    case 'recipient':
      return messages === 1 ? { kind: 'refused', reason } : { kind: 'deferred', splitParcel: true, reason }
    case 'lost':
      return { kind: 'unknown', reason }
  }
}

function held(verdict: Verdict, reason: string, wait: { readonly retryMs?: number }): Outcome {
  const hold = verdict.says === 'sender' ? 'sender' : 'down'
  return {
    kind: 'deferred',
    pause: hold,
    reason: 'remedy' in verdict ? withRemedy(verdict.remedy, reason) : reason,
    ...wait,
  }
}

function wayRemedy(code: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EDNS|ENODATA)$/.test(code))
    return 'The name of Resend’s server cannot be looked up; look at DNS and at RESEND_BASE_URL.'
  if (/CERT|SSL|TLS|ISSUER|SELF_SIGNED|EPROTO|UNABLE_TO|ERR_OSSL/.test(code))
    return 'The TLS of Resend’s server is not accepted; look at RESEND_BASE_URL, at proxies on the way and at this machine’s clock.'
  return 'Resend cannot be reached; look at the network and at RESEND_BASE_URL.'
}

/** The words of a server that is not Resend's, or the fact that it has none: never words that the client invented. */
function strangerWords({ status, headers, text }: Extract<HttpResult, { kind: 'answer' }>): string {
  if (status >= 300 && status < 400) return `which leads to ${headers.location ?? 'nowhere'}`
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)<\/h1>/i.exec(text)?.[1]
  const words = tidyReason(title ?? text.replace(/<[^>]{0,500}>/g, ' ')).slice(0, 200)
  if (words === '') return 'without words'
  return /^\s*</.test(text) ? `a page: ${words}` : words
}
