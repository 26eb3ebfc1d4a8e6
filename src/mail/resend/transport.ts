import {
  PARCEL_MEMBERS_MAX,
  RESEND_KEY_HOURS,
  RESEND_KEY_MARGIN_MINUTES,
  SEND_CONCURRENCY,
  SEND_TIMEOUT_MS,
} from '../../../config/limits.ts'
import type { Clock } from '../../platform/clock.ts'

import type { Outcome } from '../outcome.ts'
import { retryAfterMs } from '../reply/retry-time.ts'
import type { Message, Parcel, Transport, TransportCheck } from '../transport.ts'
import { findMessageFault } from '../validate-message.ts'
import { type BodyBuffers, batchBody, bodyBuffers } from './batch-body.ts'
import { type ResendAnswer, ResendClient } from './client.ts'
import { resendItemOutcome, resendOutcome } from './error-codes.ts'

export interface ResendTransportInput {
  readonly apiKey: string
  readonly baseUrl: string
  /** Of one call. */
  readonly timeoutMs?: number
  /** Tells until when a quota lasts. */
  readonly clock?: Clock
}

/**
 * Sends by Resend's batch endpoint, whatever the parcel's size. The body is a pure function of the parcel, so that
 * a repeat under the same `Idempotency-Key` gets the first answer for as long as Resend keeps the key.
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
  const sound = messages.filter((_message, index) => faults[index] === null)
  const answered = sound.length === 0 ? [] : await sendSound(key, sound, client)
  const rest = answered.values()
  return faults.map((fault) =>
    fault === null
      ? (rest.next().value ?? { kind: 'unknown', reason: 'no answer for this letter' })
      : { kind: 'refused', reason: fault },
  )
}

async function sendSound(key: string, messages: readonly Message[], client: Client): Promise<Outcome[]> {
  const { resend, timeoutMs, clock, buffers } = client
  const body = batchBody(messages, buffers)
  // The SDK spreads its options over the request: what it would make of an entity gives way to the bytes made here.
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

function failureOf({ wire, said, headers }: ResendAnswer<unknown>, messages: number, clock: Clock): Outcome {
  return resendOutcome({ wire, said, retryMs: retryAfterMs(headers), messages, now: clock() })
}

/**
 * One outcome per letter from a 2xx answer. In permissive mode `errors` names the refused by their index, and
 * `data` holds the ids of the others in their order. An answer that does not add up proves nothing for any letter:
 * only the whole parcel, byte for byte, may ask again under its key.
 */
function readAnswer(answer: unknown, count: number, clock: Clock): Outcome[] {
  const { data, errors } = (answer ?? {}) as { data?: unknown; errors?: unknown }
  const refused = new Map<number, string>()
  for (const { index, message } of listOf(errors)) {
    if (Number.isInteger(index)) refused.set(Number(index), String(message ?? 'refused without a word'))
  }
  const ids = listOf(data).map(({ id }) => (typeof id === 'string' && id !== '' ? id : null))
  const adds = ids.length === count - refused.size && !ids.includes(null)
  const rest = ids.values()
  return Array.from({ length: count }, (_, index): Outcome => {
    if (!adds) return { kind: 'unknown', reason: 'Resend: the answer does not name an id for each letter' }
    const message = refused.get(index)
    if (message !== undefined) return resendItemOutcome(message, clock())
    return { kind: 'accepted', providerId: rest.next().value ?? null }
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
    return { ok: true, note: 'Resend answers, and asks for fewer calls.' }
  const outcome = failureOf(answer, 1, clock)
  return { ok: false, remedy: 'reason' in outcome ? outcome.reason : 'Resend gives no answer that can be read.' }
}
