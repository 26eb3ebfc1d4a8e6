import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import {
  SEND_TIMEOUT_MS,
  SMTP_CONNECT_TIMEOUT_MS,
  SMTP_CONNECTIONS_MAX,
  SMTP_GREETING_TIMEOUT_MS,
  SMTP_IDLE_MS,
  SMTP_SILENCE_TIMEOUT_MS,
} from '../../config/limits.ts'
import { misuse } from '../fault.ts'
import { type SmtpFailure, smtpOutcome } from './error-codes-smtp.ts'
import { buildMime } from './mime.ts'
import type { Outcome } from './outcome.ts'
import { tidyReason } from './reason.ts'
import { checkSigningKey, type DkimIdentity, dkimOptions } from './signing.ts'
import type { Letter, Transport, TransportCheck } from './transport.ts'
import { findLetterFault } from './vetting.ts'

export interface SmtpTransportInput {
  /** `smtp://user:password@host:port?requireTLS=true`, or `smtps://…` for TLS from the first byte (RFC 8314 §3.3). */
  readonly url: string
  readonly dkim: DkimIdentity | null
  /** Of one call. */
  readonly timeoutMs?: number
}

/**
 * Sends over a pool of SMTP connections, one transaction and one outcome per letter. SMTP has no keys: a letter
 * whose answer is lost is `unknown`, and may have gone out.
 */
export function smtpTransport({ url, dkim, timeoutMs = SEND_TIMEOUT_MS }: SmtpTransportInput): Transport {
  const server = readUrl(url)
  if (dkim !== null) checkSigningKey(dkim.privateKey)
  const pool = openPool(server, dkim, timeoutMs)
  return {
    name: 'smtp',
    parcelSize: 1,
    keyLifeMs: 0,
    keyCovers: 'letter',
    send: ({ letters }) => Promise.all(letters.map((letter) => post(letter, pool, timeoutMs))),
    check: () => checkServer(server, pool),
    close: async () => pool.close(),
  }
}

type Pool = ReturnType<typeof openPool>

function openPool(server: SmtpServer, dkim: SmtpTransportInput['dkim'], timeoutMs: number) {
  const pool = createTransport({
    pool: true,
    ...server,
    maxConnections: SMTP_CONNECTIONS_MAX,
    idleTimeout: SMTP_IDLE_MS,
    // Half of the call at most, so that each stage can say what it waited for before the whole call ends.
    connectionTimeout: Math.min(SMTP_CONNECT_TIMEOUT_MS, timeoutMs / 2),
    dnsTimeout: Math.min(SMTP_CONNECT_TIMEOUT_MS, timeoutMs / 2),
    greetingTimeout: Math.min(SMTP_GREETING_TIMEOUT_MS, timeoutMs / 2),
    socketTimeout: Math.min(SMTP_SILENCE_TIMEOUT_MS, timeoutMs * 0.9),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === null ? {} : { dkim: dkimOptions(dkim) }),
  })
  pool.use('stream', (mail, done) => {
    watchHandover(mail.message, mail.data)
    done()
  })
  return pool
}

/** The streams of one letter: when one has been read to its end, the end of the message may have been written. */
interface Handover {
  readonly streams: Readable[]
}

/** Nodemailer names no stage in its errors; whether the message was read to its end is the proof of one. */
function watchHandover(message: { createReadStream: (...args: never[]) => Readable }, data: object): void {
  const { handover } = data as { handover?: Handover }
  const create = message.createReadStream.bind(message)
  message.createReadStream = (...args) => {
    const stream = create(...args)
    handover?.streams.push(stream)
    return stream
  }
}

async function post(letter: Letter, pool: Pool, timeoutMs: number): Promise<Outcome> {
  const fault = findLetterFault(letter)
  if (fault !== null) return { kind: 'refused', reason: fault }
  const handover: Handover = { streams: [] }
  const mail = {
    raw: Readable.from(slicesOf(buildMime(letter)), { objectMode: false }),
    envelope: { from: letter.returnPath ?? letter.from.address, to: [letter.to] },
    signal: AbortSignal.timeout(timeoutMs),
    handover,
  }
  try {
    const { response } = await pool.sendMail(mail)
    return { kind: 'accepted', providerId: queueId(response) }
  } catch (error) {
    const failure = error as SmtpFailure
    const begun = handover.streams.length > 0
    if (failure.code === 'EABORT' && !begun)
      return { kind: 'deferred', reason: 'SMTP: the letter’s turn did not come in time; fewer per parcel may help' }
    return smtpOutcome(
      failure,
      handover.streams.some((stream) => stream.readableEnded),
    )
  }
}

/** In slices, so that of a line that is cut it can be told whether the letter’s end may have been on its way. */
function* slicesOf(mime: Buffer): Generator<Buffer> {
  for (let at = 0; at < mime.length; at += SLICE_BYTES) yield mime.subarray(at, at + SLICE_BYTES)
}

const SLICE_BYTES = 16 * 1024

/** What the server calls the letter, for a search in its log: `250 2.0.0 Ok: queued as 4F1…`. */
function queueId(response: string | undefined): string | null {
  const named = /queued as\s+<?([^\s>]+)|\bid[ =]<?([^\s>]+)/i.exec(response ?? '')
  return named?.[1] ?? named?.[2] ?? (response === undefined ? null : tidyReason(response))
}

async function checkServer(server: SmtpServer, pool: Pool): Promise<TransportCheck> {
  const place = `${server.host}:${server.port}`
  try {
    await pool.verify()
    const user = server.auth === undefined ? 'without signing in' : `as ${server.auth.user}`
    return { ok: true, note: `The SMTP server ${place} answers ${user}.` }
  } catch (error) {
    const outcome = smtpOutcome(error as SmtpFailure, false)
    return { ok: false, remedy: `${place}: ${'reason' in outcome ? outcome.reason : 'no answer'}` }
  }
}

interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly tls?: { readonly rejectUnauthorized: boolean }
}

/** Reads SMTP_URL; throws a Fault that never repeats the password. */
function readUrl(url: string): SmtpServer {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const user = decode(parsed?.username ?? '')
  const pass = decode(parsed?.password ?? '')
  if (!parsed || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '' || user === null || pass === null)
    throw misuse('SMTP_URL must look like smtp://user:password@mail.example.org:587 or smtps://…:465.')
  const secure = parsed.protocol === 'smtps:'
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port) || (secure ? 465 : 587),
    secure,
    requireTLS: parsed.searchParams.get('requireTLS') === 'true',
    ...(user === '' ? {} : { auth: { user, pass } }),
    // For a relay of one's own with a certificate that nobody signed.
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
