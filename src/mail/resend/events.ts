import { Resend } from 'resend'
import { TRANSPORT_PAUSE_DOWN_MS } from '../../../config/limits.ts'
import { FAILURE_EVENT_DAYS, WEBHOOK_ID_CHARS_MAX, WEBHOOK_TOLERANCE_SECONDS } from '../../../config/limits-inbound.ts'
import { usageError } from '../../platform/errors.ts'
import type { MessageRef, OpenedReport, ProviderEvent, ProviderEventKind, ReportedPause } from '../provider-event.ts'
import type { ReplyBlame } from '../reply/blame.ts'
import { bareReason, tidyReason } from '../reply/reason.ts'
import { readReply } from '../reply/reply.ts'
import { findSenderFault } from './error-codes.ts'

/** The signature headers of Standard Webhooks, which Resend sends as `svix-…`. */
export interface SignatureHeaders {
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly signature: string | undefined
}

export interface ResendEventsInput {
  /** `whsec_…`, from Resend's dashboard. */
  readonly secret: string
  /** Verifies the signed id in the tag of a message. */
  readonly openSignedId: (signedId: string) => MessageRef | null
}

export type OpenResendEvent = (raw: Buffer, headers: SignatureHeaders, at: Date) => OpenedReport

/** Resend's events about a message (https://resend.com/docs/webhooks/event-types). `blameOf` finds the soft bounces. */
const KINDS: ReadonlyMap<string, ProviderEventKind> = new Map([
  ['email.sent', 'sent'],
  ['email.delivered', 'delivered'],
  ['email.delivery_delayed', 'delayed'],
  ['email.bounced', 'bounced'],
  ['email.complained', 'complained'],
  ['email.failed', 'failed'],
  ['email.suppressed', 'suppressed'],
])

/** Events that are not stored: opens and clicks for privacy, the others because this program does not use their features. */
const IGNORED: ReadonlySet<string> = new Set(['email.opened', 'email.clicked', 'email.scheduled', 'email.received'])

/**
 * Creates a function that verifies and parses Resend's webhook calls. The SDK compares signatures in constant time and
 * accepts timestamps within five minutes of this machine's clock; the passed-in time is checked first.
 * @throws UserError (exit 2) when the secret is malformed.
 */
export function resendEvents({ secret, openSignedId }: ResendEventsInput): OpenResendEvent {
  if (!/^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret))
    throw usageError('RESEND_WEBHOOK_SECRET must be whsec_ and base64; copy all of it from Resend’s dashboard.')
  // Verifying needs no API key, but the SDK does not start without one.
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
    return readEvent(body, { id, at, openSignedId })
  }
}

interface EventContext {
  readonly id: string
  readonly at: Date
  readonly openSignedId: ResendEventsInput['openSignedId']
}

function readEvent(body: unknown, { id, at, openSignedId }: EventContext): OpenedReport {
  const { type, created_at: createdAt, data } = record(body)
  if (typeof type !== 'string') return { kind: 'refused', status: 400, why: 'the event has no type' }
  if (IGNORED.has(type)) return { kind: 'ignored' }
  const reported = KINDS.get(type)
  if (reported === undefined) return { kind: 'unknown', id: `resend:${id}`, type: tidyReason(type) }
  const { email_id: emailId, tags, bounce, failed, suppressed } = record(data)
  const blame = reported === 'bounced' ? blameOf(record(bounce)) : null
  const kind = reported === 'bounced' && blame !== 'address' ? 'soft-bounced' : reported
  const occurredAt = occurredAtOf(createdAt, at)
  const event: ProviderEvent = {
    id: `resend:${id}`,
    source: 'resend',
    kind,
    message: messageIn(tags, openSignedId),
    providerId: isProviderId(emailId) ? emailId : null,
    // Several programs may share a Resend account: a message with other tags only belongs to another program.
    mayBeOurs: tagsOf(tags).length === 0,
    reason: reasonOf(kind, [record(bounce), record(failed), record(suppressed)]),
    ...(kind === 'soft-bounced' ? { blame } : {}),
    occurredAt,
  }
  const pause = kind === 'failed' ? pauseIn(record(failed), occurredAt) : null
  return pause === null ? { kind: 'event', event } : { kind: 'event', event, pause }
}

/** Resend's ids are UUIDs. Other characters than ASCII are rejected, because PostgreSQL might not store them. */
function isProviderId(id: unknown): id is string {
  return typeof id === 'string' && id.length <= WEBHOOK_ID_CHARS_MAX && /^[\x21-\x7e]+$/.test(id)
}

/** Returns the pause for a `failed` event: Resend accepted a message and could not send it, such as for a quota. */
function pauseIn({ reason }: Record<string, unknown>, at: Date): ReportedPause | null {
  const fault = typeof reason === 'string' ? findSenderFault(bareReason(reason), at) : null
  if (fault === null) return null
  const until = new Date(at.getTime() + (fault.retryMs ?? TRANSPORT_PAUSE_DOWN_MS))
  return { transport: 'resend', kind: fault.pause, until, reason: fault.reason }
}

/**
 * Returns the party at fault for a bounce. Resend calls every 5xx permanent, even a block of our domain, so the server's
 * own words decide first. Resend sends no mail to an address on its suppression list, so that one counts as permanent.
 */
function blameOf({ type, subType, message, diagnosticCode }: Record<string, unknown>): ReplyBlame {
  const kind = typeof subType === 'string' ? subType : ''
  const codes = [diagnosticCode].flat().filter((code) => typeof code === 'string')
  const { blame } = readReply(codes.length > 0 ? codes.join(' ') : typeof message === 'string' ? message : '')
  if (type === 'Permanent') return blame === 'unclear' || /suppress/i.test(kind) ? 'address' : blame
  if (/full|large|rejected/i.test(kind)) return 'recipient'
  return blame === 'address' ? 'unclear' : blame
}

/** Tags are an object, and in older payloads a list of name and value. */
function tagsOf(tags: unknown): [string, unknown][] {
  if (Array.isArray(tags)) return tags.map(record).map(({ name, value }) => [String(name), value])
  return Object.entries(record(tags))
}

function messageIn(tags: unknown, openSignedId: EventContext['openSignedId']): MessageRef | null {
  const [, signedId] = tagsOf(tags).find(([name]) => name === 'message') ?? []
  return typeof signedId === 'string' ? openSignedId(signedId) : null
}

function reasonOf(kind: ProviderEventKind, details: readonly Record<string, unknown>[]): string | null {
  const words = details
    .flatMap(({ type, subType, reason, message, diagnosticCode }) => [
      ...[type, subType, reason, message],
      // Resend's words without a code say little, so the server's reply is added.
      ...(readReply(String(message)).basic === null ? [diagnosticCode].flat() : []),
    ])
    .filter((word) => typeof word === 'string' && word !== '')
  if (words.length > 0) return bareReason(`${kind}: ${words.join(', ')}`)
  return kind === 'sent' || kind === 'delivered' ? null : `${kind}, no reason given`
}

/**
 * Returns the event's own time, or `at` when that is in the future or older than the stored events. A future time would
 * confuse the order of reports, and PostgreSQL has no dates before 4713 BC.
 */
function occurredAtOf(text: unknown, at: Date): Date {
  const stated = new Date(typeof text === 'string' ? text : Number.NaN)
  const oldest = new Date(at.getTime() - FAILURE_EVENT_DAYS * 86_400_000)
  return stated >= oldest && stated <= at ? stated : at
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
