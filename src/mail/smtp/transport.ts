import { setTimeout as sleep } from 'node:timers/promises'
import {
  SEND_TIMEOUT_MS,
  SMTP_CONNECT_TIMEOUT_MS,
  SMTP_CONNECTIONS_DEFAULT,
  SMTP_GREETING_TIMEOUT_MS,
  SMTP_GROWTH_INTERVAL_MS,
  SMTP_LOST_ANSWERS_MAX,
  SMTP_NO_CONNECTION_MS_MAX,
  SMTP_NO_CONNECTION_RETRY_MS,
  SMTP_RESENDS_MAX,
  SMTP_SILENCE_TIMEOUT_MS,
} from '../../../config/limits.ts'
import type { Clock } from '../../platform/clock.ts'
import { usageError } from '../../platform/errors.ts'
import { buildMime } from '../mime.ts'
import { isDown, type Outcome } from '../outcome.ts'
import { tidyReason } from '../reply/reason.ts'
import type { Message, Transport, TransportCheck } from '../transport.ts'
import { findMessageFault } from '../validate-message.ts'
import { openSmtpConnection, type SmtpConnection, type SmtpServer } from './connection.ts'
import { connectionLimit } from './connection-limit.ts'
import { type DkimIdentity, dkimSigner } from './dkim.ts'
import { envelopeOf } from './envelope.ts'
import { type SmtpFailure, smtpOutcome } from './error-codes.ts'
import { type NoConnectionError, SmtpPool } from './pool.ts'
import type { Progress, SmtpEnvelope } from './transaction.ts'

export interface SmtpTransportInput {
  /** `smtp://user:password@host:port?requireTLS=true`, or `smtps://…` for TLS from the first byte (RFC 8314 §3.3). */
  readonly url: string
  readonly dkim: DkimIdentity | null
  /** The maximum; the pool uses fewer when the server admits fewer. */
  readonly connections?: number
  /** The time limit of one call. */
  readonly timeoutMs?: number
  /** Milliseconds; only for the number of connections. */
  readonly clock?: () => number
  /** Dates the end of a quota. */
  readonly now?: Clock
  readonly pause?: (ms: number) => Promise<void>
}

interface SendDeps {
  readonly pool: SmtpPool
  readonly sign: (mime: Buffer) => Buffer
  readonly timeoutMs: number
  readonly now: Clock
  /** The number of lost answers since the last answered message. */
  readonly lost: { inARow: number }
}

/**
 * Sends over a pool of SMTP connections, with one transaction and one outcome per message. SMTP has no idempotency keys: a
 * message whose answer is lost is `unknown`, because it may have been sent.
 */
export function smtpTransport(input: SmtpTransportInput): Transport {
  const { url, dkim, timeoutMs = SEND_TIMEOUT_MS, now = () => new Date() } = input
  const server = readUrl(url)
  const sign = dkim === null ? (mime: Buffer) => mime : dkimSigner(dkim)
  const pool = openPool(server, input)
  const deps: SendDeps = { pool, sign, timeoutMs, now, lost: { inARow: 0 } }
  return {
    name: 'smtp',
    parcelSize: 1,
    keyLifeMs: 0,
    keyCovers: 'message',
    enter: (options) => pool.enter(options),
    send: ({ messages }) => Promise.all(messages.map(async (message) => countLost(await post(message, deps), deps))),
    check: () => checkServer(server, deps),
    close: async () => pool.close(),
  }
}

function openPool(server: SmtpServer, input: SmtpTransportInput): SmtpPool {
  const { connections = SMTP_CONNECTIONS_DEFAULT, timeoutMs = SEND_TIMEOUT_MS, clock = Date.now } = input
  const timeouts = {
    // At most half of the call's time, so that a slow stage reports its own timeout before the call ends.
    connectionTimeout: Math.min(SMTP_CONNECT_TIMEOUT_MS, timeoutMs / 2),
    dnsTimeout: Math.min(SMTP_CONNECT_TIMEOUT_MS, timeoutMs / 2),
    greetingTimeout: Math.min(SMTP_GREETING_TIMEOUT_MS, timeoutMs / 2),
    socketTimeout: Math.min(SMTP_SILENCE_TIMEOUT_MS, timeoutMs * 0.9),
  }
  return new SmtpPool({
    open: (signal) => openSmtpConnection(server, timeouts, signal),
    limit: connectionLimit({ max: connections, growMs: SMTP_GROWTH_INTERVAL_MS, clock }),
    clock,
    pause: input.pause ?? ((ms) => sleep(ms, undefined, { ref: false })),
  })
}

/**
 * Returns the outcome, without its pause until SMTP_LOST_ANSWERS_MAX answers in a row are lost. One broken connection does
 * not mean that the server is down.
 */
function countLost(outcome: Outcome, { lost }: SendDeps): Outcome {
  if (outcome.kind !== 'unknown') {
    if (outcome.kind !== 'deferred' || outcome.notAttempted !== true) lost.inARow = 0
    return outcome
  }
  lost.inARow += 1
  return lost.inARow < SMTP_LOST_ANSWERS_MAX ? { kind: 'unknown', reason: outcome.reason } : outcome
}

async function post(message: Message, deps: SendDeps): Promise<Outcome> {
  const fault = findMessageFault(message)
  if (fault !== null) return { kind: 'refused', reason: fault }
  const mime = deps.sign(buildMime(message))
  // AbortSignal.timeout would keep its timer after the call: tens of thousands at 1,000 messages a second.
  const call = new AbortController()
  const timer = setTimeout(() => call.abort(), deps.timeoutMs).unref()
  try {
    return await deliver(mime, envelopeOf(message), deps, call.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Sends one message. When the connection ends before the message was handed over, it is sent over another one. */
async function deliver(
  mime: Buffer,
  envelope: SmtpEnvelope,
  { pool, timeoutMs, now }: SendDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  for (let lost = 0; ; ) {
    let connection: SmtpConnection
    try {
      connection = await pool.take(signal, timeoutMs / 2)
    } catch (error) {
      return withoutConnection(error as NoConnectionError, now())
    }
    const reused = connection.messages() > 0
    const progress: Progress = { begun: false, handedOver: false }
    try {
      return { kind: 'accepted', providerId: queueId(await connection.send(envelope, mime, progress, signal)) }
    } catch (error) {
      const failure = error as SmtpFailure
      const outcome = smtpOutcome(failure, progress.handedOver, now())
      if (outcome.kind !== 'deferred' || !isConnectionLost(failure)) return outcome
      // The server may close an idle connection, or one that has carried many messages.
      if (reused && !progress.begun) continue
      if (lost >= SMTP_RESENDS_MAX || concernsAllConnections(outcome)) return outcome
      lost += 1
    } finally {
      pool.giveBack(connection)
    }
  }
}

/** Whether the server has rejected us, or reports a limit: another connection would get the same reply. */
function concernsAllConnections({ pause }: Extract<Outcome, { kind: 'deferred' }>): boolean {
  return pause !== undefined && pause !== 'down'
}

function isConnectionLost({ code, responseCode }: SmtpFailure): boolean {
  return responseCode === 421 || code === 'ECONNECTION' || code === 'ESOCKET'
}

function withoutConnection({ failure, crowdedOutMs }: NoConnectionError, now: Date): Outcome {
  if (failure.code === 'EABORT')
    return { kind: 'deferred', reason: 'SMTP: no connection became free in time', notAttempted: true }
  if (crowdedOutMs === null || crowdedOutMs >= SMTP_NO_CONNECTION_MS_MAX) return smtpOutcome(failure, false, now)
  const reason = tidyReason(`SMTP: ${failure.response}`)
  return { kind: 'deferred', reason, notAttempted: true, retryMs: SMTP_NO_CONNECTION_RETRY_MS }
}

/** Returns the server's id of the message, for a search in its log: `250 2.0.0 Ok: queued as 4F1…`. */
function queueId(response: string | undefined): string | null {
  const found = /queued as\s+<?([^\s>]+)|\bid[ =]<?([^\s>]+)/i.exec(response ?? '')
  return found?.[1] ?? found?.[2] ?? (response === undefined ? null : tidyReason(response))
}

async function checkServer(server: SmtpServer, { pool, timeoutMs, now }: SendDeps): Promise<TransportCheck> {
  const address = `${server.host}:${server.port}`
  try {
    const connection = await pool.take(AbortSignal.timeout(timeoutMs), 0)
    connection.quit()
    pool.giveBack(connection)
    const user = server.auth === undefined ? 'without signing in' : `as ${server.auth.user}`
    return { ok: true, note: `The SMTP server ${address} answers ${user}.` }
  } catch (error) {
    const { failure, crowdedOutMs } = error as NoConnectionError
    if (crowdedOutMs !== null)
      return {
        ok: true,
        note: `The SMTP server ${address} answers, but accepts no more connections: ${failure.response}`,
      }
    const outcome = smtpOutcome(failure, false, now())
    return {
      ok: false,
      remedy: `${address}: ${'reason' in outcome ? outcome.reason : 'no answer'}`,
      passing: isDown(outcome),
    }
  }
}

/**
 * Reads SMTP_URL.
 * @throws UserError that does not contain the password.
 */
function readUrl(url: string): SmtpServer {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const user = decode(parsed?.username ?? '')
  const pass = decode(parsed?.password ?? '')
  if (!parsed || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '' || user === null || pass === null)
    throw usageError('SMTP_URL must look like smtp://user:password@mail.example.org:587 or smtps://…:465.')
  const secure = parsed.protocol === 'smtps:'
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port) || (secure ? 465 : 587),
    secure,
    requireTLS: parsed.searchParams.get('requireTLS') === 'true',
    ...(user === '' ? {} : { auth: { user, pass } }),
    // For the operator's own relay with a self-signed certificate.
    ...(parsed.searchParams.get('tls.rejectUnauthorized') === 'false' ? { tls: { rejectUnauthorized: false } } : {}),
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
