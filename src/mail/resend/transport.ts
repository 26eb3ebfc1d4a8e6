import {
  PARCEL_MEMBERS_MAX,
  RESEND_KEY_HOURS,
  RESEND_KEY_MARGIN_MINUTES,
  SEND_CONCURRENCY,
  SEND_TIMEOUT_MS,
} from '../../../config/limits.ts'
import type { Clock } from '../../platform/clock.ts'
import { isDown, type Outcome } from '../outcome.ts'
import { retryAfterMs } from '../reply/retry-time.ts'
import type { Message, Parcel, Transport, TransportCheck } from '../transport.ts'
import { findMessageFault } from '../validate-message.ts'
import { type BodyBuffers, batchBody, bodyBuffers } from './batch-body.ts'
import { type ResendAnswer, ResendClient } from './client.ts'
import { resendItemOutcome, resendOutcome } from './error-codes.ts'

export interface ResendTransportInput {
  readonly apiKey: string
  readonly baseUrl: string
  /** The time limit of one call. */
  readonly timeoutMs?: number
  /** Dates the end of a quota. */
  readonly clock?: Clock
}

/**
 * Sends parcels of any size to Resend's batch endpoint. The body is a pure function of the parcel, so a retry with the same
 * `Idempotency-Key` gets the first answer as long as Resend stores the key.
 */
export function resendTransport({
  apiKey,
  baseUrl,
  timeoutMs = SEND_TIMEOUT_MS,
  clock = () => new Date(),
}: ResendTransportInput): Transport {
  const resend = new ResendClient(apiKey, { baseUrl, timeoutMs })
  const client: Client = { resend, timeoutMs, clock, buffers: bodyBuffers(SEND_CONCURRENCY) }
  return {
    name: 'resend',
    parcelSize: PARCEL_MEMBERS_MAX,
    keyLifeMs: RESEND_KEY_HOURS * 3_600_000 - RESEND_KEY_MARGIN_MINUTES * 60_000,
    keyCovers: 'parcel',
    send: (parcel) => sendParcel(parcel, client),
    check: () => checkAccount(client),
    close: async () => resend.close(),
  }
}

interface Client {
  readonly resend: ResendClient
  readonly timeoutMs: number
  readonly clock: Clock
  readonly buffers: BodyBuffers
}

async function sendParcel({ key, messages }: Parcel, client: Client): Promise<Outcome[]> {
  const faults = messages.map(findMessageFault)
  const valid = messages.filter((_message, index) => faults[index] === null)
  const outcomes = (valid.length === 0 ? [] : await sendValid(key, valid, client)).values()
  return faults.map((fault) =>
    fault === null
      ? (outcomes.next().value ?? { kind: 'unknown', reason: 'no answer for this message' })
      : { kind: 'refused', reason: fault },
  )
}

async function sendValid(key: string, messages: readonly Message[], client: Client): Promise<Outcome[]> {
  const { resend, timeoutMs, clock, buffers } = client
  const body = batchBody(messages, buffers)
  // The SDK spreads its options over the request, so `body` replaces the body that it would build.
  const options = {
    idempotencyKey: key,
    headers: { 'x-batch-validation': 'permissive' },
    signal: AbortSignal.timeout(timeoutMs),
    body,
  }
  const answer = (await resend
    .post('/emails/batch', null, options)
    .finally(() => buffers.giveBack(body))) as ResendAnswer<unknown>
  if (answer.error === null) return readAnswer(answer.data, messages.length, clock)
  const outcome = failureOf(answer, messages.length, clock)
  return messages.map(() => outcome)
}

function failureOf({ http, json, headers }: ResendAnswer<unknown>, messages: number, clock: Clock): Outcome {
  const outcome = resendOutcome({ http, json, retryMs: retryAfterMs(headers), messages, now: clock() })
  return http.repeat && outcome.kind === 'deferred' ? { ...outcome, repeat: true } : outcome
}

/**
 * Returns one outcome per message for a 2xx answer. In permissive mode `errors` has the indices of refused messages, and
 * `data` the ids of the others in order. When the numbers do not add up, every message is `unknown`, so the whole parcel
 * is retried with its key.
 */
function readAnswer(answer: unknown, count: number, clock: Clock): Outcome[] {
  const { data, errors } = (answer ?? {}) as { data?: unknown; errors?: unknown }
  const refused = new Map<number, string>()
  for (const { index, message } of listOf(errors)) {
    if (Number.isInteger(index)) refused.set(Number(index), String(message ?? 'refused without a reason'))
  }
  const ids = listOf(data).map(({ id }) => (typeof id === 'string' && id !== '' ? id : null))
  const isComplete = ids.length === count - refused.size && !ids.includes(null)
  const remaining = ids.values()
  return Array.from({ length: count }, (_, index): Outcome => {
    if (!isComplete) return { kind: 'unknown', reason: 'Resend: the answer does not contain an id for each message' }
    const message = refused.get(index)
    if (message !== undefined) return resendItemOutcome(message, clock())
    return { kind: 'accepted', providerId: remaining.next().value ?? null }
  })
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'object' && item !== null ? item : {})) : []
}

async function checkAccount({ resend, timeoutMs, clock }: Client): Promise<TransportCheck> {
  const answer = (await resend.get('/domains', { signal: AbortSignal.timeout(timeoutMs) })) as ResendAnswer<unknown>
  if (answer.error === null) {
    const { data } = (answer.data ?? {}) as { data?: unknown }
    const verified = listOf(data).filter(({ status }) => status === 'verified')
    const names = verified.map(({ name }) => String(name)).join(', ')
    return { ok: true, note: `Resend answers; verified domains: ${names || 'none yet'}.` }
  }
  if (answer.error.name === 'restricted_api_key')
    return { ok: true, note: 'Resend answers; the key may only send, so its domains cannot be listed.' }
  if (answer.error.name === 'rate_limit_exceeded')
    return { ok: true, note: 'Resend answers, but limits the rate of calls at present.' }
  const outcome = failureOf(answer, 1, clock)
  return {
    ok: false,
    remedy: 'reason' in outcome ? outcome.reason : 'Resend’s answer cannot be read.',
    passing: isDown(outcome),
  }
}
