import { Resend } from 'resend'
import {
  TRANSPORT_PAUSE_DOWN_MS,
  TROUBLE_EVENT_DAYS,
  WEBHOOK_ID_CHARS_MAX,
  WEBHOOK_TOLERANCE_SECONDS,
} from '../../../config/limits.ts'
import { usageError } from '../../platform/errors.ts'
import type { MessageRef, OpenedReport, ProviderEvent, ProviderEventKind, ReportedPause } from '../provider-event.ts'
import type { ReplyBlame } from '../reply/blame.ts'
import { bareReason, tidyReason } from '../reply/reason.ts'
import { readReply } from '../reply/reply.ts'
import { sendersFault } from './error-codes.ts'

/** The header fields of Standard Webhooks, under the names that Resend sends them by. */
export interface SignatureHeaders {
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
}

export interface ResendEventsInput {
  /** `whsec_…`, from Resend's dashboard. */
  readonly secret: string
  readonly openMark: (mark: string) => MessageRef | null
}

export type OpenResendEvent = (raw: Buffer, headers: SignatureHeaders, at: Date) => OpenedReport

/** What Resend's events say of a letter (https://resend.com/docs/webhooks/event-types); bounces are told apart below. */
const KINDS: ReadonlyMap<string, ProviderEventKind> = new Map([
  ['email.sent', 'sent'],
  ['email.delivered', 'delivered'],
  ['email.delivery_delayed', 'delayed'],
  ['email.bounced', 'bounced'],
  ['email.complained', 'complained'],
  ['email.failed', 'failed'],
  ['email.suppressed', 'suppressed'],
])

/** None of our business: who opened what and when is not even counted, and the rest is of mail that we do not send so. */
const IGNORED: ReadonlySet<string> = new Set(['email.opened', 'email.clicked', 'email.scheduled', 'email.received'])

/**
 * Opens what Resend posts. The SDK compares each of the signatures in constant time and holds the sender to five
 * minutes by this machine's clock; the clock that was passed in is asked first.
 * @throws Fault (exit 2) when the secret cannot be one.
 */
export function resendEvents({ secret, openMark }: ResendEventsInput): OpenResendEvent {
  if (!/^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret))
    throw usageError('RESEND_WEBHOOK_SECRET must be whsec_ and base64; copy it whole from Resend’s dashboard.')
  // Verifying needs no key of the account, but the SDK does not begin without one.
  const { webhooks } = new Resend('re_verifies_only')
  return (raw, { id, timestamp, signature }, at) => {
    if (id === undefined || timestamp === undefined || signature === undefined)
      return { kind: 'refused', status: 400, why: 'a svix header is missing' }
    if (id.length > WEBHOOK_ID_CHARS_MAX || !/^\d{1,12}$/.test(timestamp))
      return { kind: 'refused', status: 400, why: 'a svix header is malformed' }
    if (Math.abs(at.getTime() / 1_000 - Number(timestamp)) > WEBHOOK_TOLERANCE_SECONDS)
      return { kind: 'refused', status: 400, why: 'the timestamp is too old or too new' }
    let body: unknown
    try {
      const payload = raw.toString()
      body = webhooks.verify({ payload, headers: { id, timestamp, signature }, webhookSecret: secret })
    } catch (error) {
      if (error instanceof SyntaxError) return { kind: 'refused', status: 400, why: 'the body is not JSON' }
      if (/timestamp/i.test((error as Error).message))
        return { kind: 'refused', status: 400, why: 'the timestamp is too old or too new by this machine’s clock' }
      return { kind: 'refused', status: 401, why: 'no signature matches' }
    }
    return readEvent(body, { id, at, openMark })
  }
}

interface EventContext {
  readonly id: string
  readonly at: Date
  readonly openMark: (mark: string) => MessageRef | null
}

function readEvent(body: unknown, { id, at, openMark }: EventContext): OpenedReport {
  const { type, created_at: createdAt, data } = record(body)
  if (typeof type !== 'string') return { kind: 'refused', status: 400, why: 'the event has no type' }
  if (IGNORED.has(type)) return { kind: 'ignored' }
  const named = KINDS.get(type)
  if (named === undefined) return { kind: 'unknown', id: `resend:${id}`, type: tidyReason(type) }
  const { email_id: emailId, tags, bounce, failed, suppressed } = record(data)
  const blame = named === 'bounced' ? blameOf(record(bounce)) : null
  const kind = named === 'bounced' && blame !== 'address' ? 'soft-bounced' : named
  const occurredAt = earlierOf(createdAt, at)
  const event: ProviderEvent = {
    id: `resend:${id}`,
    source: 'resend',
    kind,
    message: markIn(tags, openMark),
    providerId: isProviderId(emailId) ? emailId : null,
    // One Resend account may serve several programs: a letter with tags, but not ours, is somebody else's.
    mayBeOurs: tagsOf(tags).length === 0,
    reason: reasonOf(kind, [record(bounce), record(failed), record(suppressed)]),
    ...(kind === 'soft-bounced' ? { blame } : {}),
    occurredAt,
  }
  const pause = kind === 'failed' ? pauseIn(record(failed), occurredAt) : null
  return pause === null ? { kind: 'event', event } : { kind: 'event', event, pause }
}

/** Resend's ids are UUIDs. Text with other than ASCII characters is no id, and PostgreSQL might not store it. */
function isProviderId(id: unknown): id is string {
  return typeof id === 'string' && id.length <= WEBHOOK_ID_CHARS_MAX && /^[\x21-\x7e]+$/.test(id)
}

/** `failed` says that Resend took a message and could not send it, such as for a quota: that is no fault of its reader. */
function pauseIn({ reason }: Record<string, unknown>, at: Date): ReportedPause | null {
  const fault = typeof reason === 'string' ? sendersFault(bareReason(reason), at) : null
  if (fault === null) return null
  const until = new Date(at.getTime() + (fault.retryMs ?? TRANSPORT_PAUSE_DOWN_MS))
  return { transport: 'resend', kind: fault.hold, until, reason: fault.reason }
}

/**
 * Resend calls every 5xx permanent, also a block of our domain. The server's own words decide, by the one table for all
 * replies; where they leave it open, Resend's word stands. An address on Resend's suppression list gets no mail anyway.
 */
function blameOf({ type, subType, message, diagnosticCode }: Record<string, unknown>): ReplyBlame {
  const kind = typeof subType === 'string' ? subType : ''
  const codes = [diagnosticCode].flat().filter((code) => typeof code === 'string')
  const { blame } = readReply(codes.length > 0 ? codes.join(' ') : typeof message === 'string' ? message : '')
  if (type === 'Permanent') return blame === 'unclear' || /suppress/i.test(kind) ? 'address' : blame
  if (/full|large|rejected/i.test(kind)) return 'recipient'
  return blame === 'address' ? 'unclear' : blame
}

/** Tags come as an object, and in older payloads as a list of name and value. */
function tagsOf(tags: unknown): [string, unknown][] {
  if (Array.isArray(tags)) return tags.map(record).map(({ name, value }) => [String(name), value])
  return Object.entries(record(tags))
}

function markIn(tags: unknown, openMark: EventContext['openMark']): MessageRef | null {
  const [, mark] = tagsOf(tags).find(([name]) => name === 'message') ?? []
  return typeof mark === 'string' ? openMark(mark) : null
}

function reasonOf(kind: ProviderEventKind, details: readonly Record<string, unknown>[]): string | null {
  const words = details
    .flatMap(({ type, subType, reason, message, diagnosticCode }) => [
      ...[type, subType, reason, message],
      // Words without a code say little; the receiving server's own do.
      ...(readReply(String(message)).basic === null ? [diagnosticCode].flat() : []),
    ])
    .filter((word) => typeof word === 'string' && word !== '')
  if (words.length > 0) return bareReason(`${kind}: ${words.join(', ')}`)
  return kind === 'sent' || kind === 'delivered' ? null : `${kind}, without further words`
}

/**
 * When it happened by Resend's word; never in the future, so that no later report is treated as an earlier one, and never
 * before the days of which events are kept, since PostgreSQL knows no day before 4713 BC.
 */
function earlierOf(text: unknown, at: Date): Date {
  const told = new Date(typeof text === 'string' ? text : Number.NaN)
  const oldest = new Date(at.getTime() - TROUBLE_EVENT_DAYS * 86_400_000)
  return told >= oldest && told <= at ? told : at
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
