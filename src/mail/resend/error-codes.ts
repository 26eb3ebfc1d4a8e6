import type { ErrorResponse } from 'resend'
import type { Outcome } from '../outcome.ts'
import { tidyReason, withRemedy } from '../reply/reason.ts'
import { type LimitPeriod, msUntilReset } from '../reply/retry-time.ts'
import type { HttpResult } from './http-call.ts'

/** The cause of a failure by Resend's reply, independent of the number of messages in the call. */
type Verdict =
  | { readonly kind: 'rate' | 'recipient' | 'lost' }
  | { readonly kind: 'quota'; readonly period: LimitPeriod }
  | { readonly kind: 'down' | 'sender'; readonly remedy: string }

const lost = { kind: 'lost' } as const
const byWords = { kind: 'by-words' } as const
const down = (remedy: string): Verdict => ({ kind: 'down', remedy })
const sender = (remedy: string): Verdict => ({ kind: 'sender', remedy })

const WRONG_KEY = sender('Set RESEND_API_KEY to a key of this account that may send.')
const SUSPENDED = sender('Resend has suspended the key or the account; see its dashboard, or ask its support.')
const WRONG_DOMAIN = sender('Verify the domain of MAIL_FROM at resend.com/domains.')
const WRONG_REGION = sender('Check the region of your domain at resend.com/domains.')
const OWN_MISTAKE = sender(
  'Resend rejects a field that every message has; check MAIL_FROM and MAIL_REPLY_TO, or report a bug.',
)
const UNPAID = sender('Check the plan and the invoices of the account at resend.com/settings.')
const REJECTED = sender('Resend rejects this account as a sender; see its dashboard.')
const WRONG_URL = down('Set RESEND_BASE_URL to the address of Resend’s API, or leave it unset.')
const OTHER_SERVER = down('Another server answered instead of Resend; check RESEND_BASE_URL and proxies on the way.')
const TOO_LARGE = down('A server on the way does not accept a request of this size; lower PARCEL_SIZE.')
const CLOUDFLARE = down('Cloudflare cannot reach Resend; only Resend can fix this.')

/** Verdicts by error name. The list is complete (https://resend.com/docs/api-reference/errors). */
const NAMES: Readonly<Record<ErrorResponse['name'] | 'suspended_api_key', Verdict | typeof byWords>> = {
  rate_limit_exceeded: { kind: 'rate' },
  daily_quota_exceeded: { kind: 'quota', period: 'day' },
  monthly_quota_exceeded: { kind: 'quota', period: 'month' },
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
  method_not_allowed: WRONG_URL,
  // An earlier call with this key is still running, or its body differed. It may have sent the messages.
  concurrent_idempotent_requests: lost,
  invalid_idempotent_request: lost,
  application_error: lost,
  internal_server_error: lost,
}

/** Verdicts by words in an error's name or message. The first match counts. */
const WORDS: readonly (readonly [pattern: RegExp, verdict: Verdict])[] = [
  [/`to(?:\[\d+\])?`|(?<!reply[ -])\bto\b (?:field|address)|\bfield "?to\b/i, { kind: 'recipient' }],
  [/month\w* (?:sending )?(?:quota|limit)/i, { kind: 'quota', period: 'month' }],
  [/quota|(?:daily|day|sending) (?:sending )?limit|too many emails/i, { kind: 'quota', period: 'day' }],
  [/rate[ _]limit|too many requests/i, { kind: 'rate' }],
  [/suspend|paused|disabled|banned|blocked|under review|reputation|bounce rate|complaint rate/i, SUSPENDED],
  [/api[ _]key|unauthori[sz]ed|authenticat/i, WRONG_KEY],
  [/invoice|payment|unpaid|billing|upgrade/i, UNPAID],
  [/region/i, WRONG_REGION],
  [/`from`|\bfrom[ _](?:address|field)|domain|testing emails|not verified/i, WRONG_DOMAIN],
  [
    /\b(?:invalid|malformed|unknown|undeliverable) (?:recipient|destination)|recipient[^.]{0,30}(?:invalid|not valid|does not exist|suppress)/i,
    { kind: 'recipient' },
  ],
]

/** Verdicts by status, for errors whose name and words are unknown. */
const STATUSES: Readonly<Record<number, Verdict>> = {
  401: WRONG_KEY,
  402: UNPAID,
  403: REJECTED,
  404: WRONG_URL,
  405: WRONG_URL,
  408: lost,
  409: lost,
  429: { kind: 'rate' },
}

/** Cloudflare's codes for a request that did not reach Resend. With 520 and 524 Resend was reached but did not answer. */
const NOT_REACHED: ReadonlySet<number> = new Set([521, 522, 523, 525, 526, 530])

const NOTES: Readonly<Partial<Record<ErrorResponse['name'], string>>> = {
  concurrent_idempotent_requests: 'an earlier call with this key is still running',
  invalid_idempotent_request: 'the key was used with another body',
}

export interface ResendFailure {
  readonly http: HttpResult
  /** The JSON of the response, from Resend or another server; undefined when the body is not JSON. */
  readonly json: unknown
  readonly retryMs: number | null
  /** The number of messages in the call. */
  readonly messages: number
  readonly now: Date
}

/** Returns the outcome of a failed call. It applies to each message of the call. */
export function resendOutcome(failure: ResendFailure): Outcome {
  const { http, json } = failure
  if (http.kind === 'unsent')
    return { kind: 'deferred', pause: 'down', reason: withRemedy(connectRemedy(http.code), `Resend: ${http.message}`) }
  if (http.kind === 'lost') return { kind: 'unknown', pause: 'down', reason: tidyReason(`Resend: ${http.message}`) }
  const wait = failure.retryMs === null ? {} : { retryMs: failure.retryMs }
  if (hasName(json) && http.status >= 400) return namedOutcome(failure, json, http.status)
  const reason = `Resend: HTTP ${http.status}, ${pageWords(http)}`
  if (NOT_REACHED.has(http.status)) return paused(CLOUDFLARE, reason, wait)
  if (http.status === 409) return { kind: 'unknown', reason: tidyReason(reason) }
  // The messages may have been sent before a 5xx, and with a 2xx whose body cannot be read.
  if (http.status >= 500 || http.status < 300)
    return { kind: 'unknown', pause: 'down', reason: tidyReason(reason), ...wait }
  // Another server sent such a reply. So even a 429 pauses as `down`, not as `rate`.
  return paused(http.status === 413 ? TOO_LARGE : OTHER_SERVER, reason, wait)
}

/** Returns the outcome of one message that Resend rejects within a batch. Only a recipient's fault is `refused`. */
export function resendItemOutcome(message: string, now: Date): Outcome {
  return outcomeOf(wordsVerdict(message) ?? OWN_MISTAKE, tidyReason(`Resend: ${message}`), {
    messages: 1,
    retryMs: null,
    now,
  })
}

export interface SenderFault {
  readonly pause: 'quota' | 'sender'
  readonly reason: string
  readonly retryMs: number | null
}

/** Returns the sender's fault (account, domain or quota) that a text such as the reason of `email.failed` names, or null. */
export function findSenderFault(words: string, now: Date): SenderFault | null {
  const verdict = wordsVerdict(words.replaceAll('_', ' '))
  if (verdict === null || (verdict.kind !== 'quota' && verdict.kind !== 'sender')) return null
  const reason = tidyReason(`Resend: ${words}`)
  return verdict.kind === 'quota'
    ? { pause: 'quota', reason, retryMs: msUntilReset(verdict.period, now) }
    : { pause: 'sender', reason: withRemedy(verdict.remedy, reason), retryMs: null }
}

interface NamedError {
  readonly name: string
  readonly message?: unknown
}

function hasName(json: unknown): json is NamedError {
  const name = typeof json === 'object' && json !== null && 'name' in json ? json.name : null
  return typeof name === 'string' && /^[a-z][a-z0-9_]{2,60}$/.test(name)
}

function namedOutcome(failure: ResendFailure, error: NamedError, status: number): Outcome {
  const note = NOTES[error.name as ErrorResponse['name']]
  const message = typeof error.message === 'string' ? `: ${error.message}` : ''
  const reason = tidyReason(`Resend: ${error.name} ${status}${message}${note === undefined ? '' : ` (${note})`}`)
  if (error.name === 'invalid_idempotent_request') return { kind: 'unknown', reason, keyConflict: true }
  if (status >= 500)
    return { kind: 'unknown', pause: 'down', reason, ...(failure.retryMs === null ? {} : { retryMs: failure.retryMs }) }
  return outcomeOf(nameVerdict(error, status), reason, failure)
}

function nameVerdict({ name, message }: NamedError, status: number): Verdict {
  const known = Object.hasOwn(NAMES, name) ? NAMES[name as keyof typeof NAMES] : byWords
  if (known.kind !== 'by-words') return known
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
  switch (verdict.kind) {
    case 'rate':
      return { kind: 'deferred', pause: 'rate', reason, ...wait }
    case 'quota':
      return { kind: 'deferred', pause: 'quota', reason, retryMs: retryMs ?? msUntilReset(verdict.period, now) }
    case 'down':
    case 'sender':
      return paused(verdict, reason, {})
    case 'recipient':
      return messages === 1 ? { kind: 'refused', reason } : { kind: 'deferred', splitParcel: true, reason }
    case 'lost':
      return { kind: 'unknown', reason }
  }
}

function paused(verdict: Verdict, reason: string, wait: { readonly retryMs?: number }): Outcome {
  return {
    kind: 'deferred',
    pause: verdict.kind === 'sender' ? 'sender' : 'down',
    reason: 'remedy' in verdict ? withRemedy(verdict.remedy, reason) : reason,
    ...wait,
  }
}

function connectRemedy(code: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EDNS|ENODATA)$/.test(code))
    return 'The name of Resend’s server cannot be resolved; check DNS and RESEND_BASE_URL.'
  if (/CERT|SSL|TLS|ISSUER|SELF_SIGNED|EPROTO|UNABLE_TO|ERR_OSSL/.test(code))
    return 'The TLS of Resend’s server is not accepted; check RESEND_BASE_URL, proxies on the way and this machine’s clock.'
  return 'Resend cannot be reached; check the network and RESEND_BASE_URL.'
}

/** Returns the words of a response that is not Resend's JSON, such as the title of a proxy's page. */
function pageWords({ status, headers, text }: Extract<HttpResult, { kind: 'answer' }>): string {
  if (status >= 300 && status < 400) return `a redirect to ${headers.location ?? 'no address'}`
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)<\/h1>/i.exec(text)?.[1]
  const words = tidyReason(title ?? text.replace(/<[^>]{0,500}>/g, ' ')).slice(0, 200)
  if (words === '') return 'without a text'
  return /^\s*</.test(text) ? `a page: ${words}` : words
}
