import { QUOTA_UNKNOWN_RETRY_MS, RATE_LIMIT_RETRY_MS } from '../../../config/limits.ts'
import type { Outcome, PauseKind } from '../outcome.ts'
import { tidyReason, withRemedy } from '../reply/reason.ts'
import { type ReplyReading, readReply } from '../reply/reply.ts'
import { msUntilReset, statedWaitMs } from '../reply/retry-time.ts'

/** The fields of a failure that this file reads: of `SmtpError`, or of nodemailer’s errors until a connection is open. */
export interface SmtpFailure {
  readonly message: string
  readonly code?: string | undefined
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

/** The stage of the session in which an error occurred (RFC 5321 §3). Before `RCPT` no reply is about a recipient. */
type Stage = 'connect' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA'

const SIGN_IN = 'Set the user name and password in SMTP_URL.'
const UNREACHABLE = 'Check that the server in SMTP_URL runs and accepts connections from this machine.'
const TLS = 'The server’s TLS is not accepted; check its certificate and requireTLS in SMTP_URL.'
const BUSY = 'The mail server accepts no connections at present; the program tries again.'
const NO_SIGN_IN = 'The mail server cannot check the password at present; the program tries again.'
const NOT_THIS_MACHINE = 'The mail server accepts no connections from this machine; check its rules.'
const NOT_THIS_SENDER = 'The mail server does not accept mail from the address in MAIL_FROM.'

/** Remedies by the words of a server that rejects us. The first match counts. */
const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/relay/i, 'The mail server does not relay for this machine; set user name and password in SMTP_URL.'],
  [
    /suspend|paused|disabled|on hold|under review|activated|approved|not allowed to send/i,
    'The account at the mail server may not send; see the provider’s dashboard or ask its support.',
  ],
  [
    /spamhaus|block|black|rbl|reputation|listed|banned|spam abuse/i,
    'The address of the sending server is on a block list; ask for its removal, or use another server.',
  ],
  [
    /\bspf\b|dkim|dmarc|sender policy framework|unauthenticated|reverse dns|\bptr\b|cannot find your|authentication level/i,
    'The sending domain fails authentication; run `paperround doctor` and correct SPF, DKIM, DMARC or reverse DNS.',
  ],
  [/authenticat|credentials|password|log ?in/i, SIGN_IN],
  [/not verified|verified|send ?as|send as|unconfigured|sender|from/i, NOT_THIS_SENDER],
]

/** Some certificate errors of Node have no code. */
const TLS_ERROR = /\b(certificate|TLS|SSL)\b/i
const SIZE = /^552|\b5\.(2\.3|3\.4)\b|size|too (?:large|big)/i
/** Replies about too many connections by Postfix, Exim, Exchange, IronPort, Domino and Mimecast: 421, 432, sometimes 450 or 554. */
const NUMBER_WORDS =
  /too many\b.{0,40}\b(connections?|connects|sessions?|clients)\b|\b(connections?|sessions?|thread)\b.{0,20}\b(limit|rate|quota|exceed)|\b(max(imum)?|concurrent|simultaneous)\b.{0,40}\b(connections?|sessions?)\b|ports are busy/i

/**
 * Returns the outcome of an SMTP error for one message. `handedOver` is true when the end of the message may have been
 * written: then only the server's reply to it proves that the message was not accepted (RFC 5321 §4.2.5).
 */
export function smtpOutcome(error: SmtpFailure, handedOver: boolean, now: Date): Outcome {
  const words = error.response ?? error.message
  const reason = tidyReason(`SMTP: ${words}`)
  const code = error.responseCode ?? 0
  const answered = error.code === 'EMESSAGE' && error.command === 'DATA' && code >= 400
  if (handedOver && !answered) return { kind: 'unknown', pause: 'down', reason }
  if (error.code === 'ETLS' || error.code === 'EREQUIRETLS') return paused('down', TLS, reason)
  if (code >= 400) return replyOutcome(stageOf(error), code, words, now)
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return paused('sender', SIGN_IN, reason)
  // Without a reply, the address itself was not safe in a command.
  if (error.code === 'EENVELOPE' && /^Invalid sender/.test(error.message))
    return paused('sender', NOT_THIS_SENDER, reason)
  if (error.code === 'EENVELOPE') return { kind: 'refused', reason }
  return paused('down', TLS_ERROR.test(error.message) ? TLS : UNREACHABLE, reason)
}

/** Whether the server has too many connections (RFC 5321 §3.8; Exchange answers 432). */
export function isAboutTheNumber({ response = '', responseCode = 0 }: SmtpFailure): boolean {
  return responseCode === 432 || (responseCode >= 400 && NUMBER_WORDS.test(response))
}

function stageOf({ code, command = '' }: SmtpFailure): Stage {
  if (code === 'EAUTH' || command.startsWith('AUTH')) return 'AUTH'
  if (command === 'MAIL FROM') return 'MAIL'
  if (command === 'RCPT TO') return 'RCPT'
  return command === 'DATA' ? 'DATA' : 'connect'
}

function replyOutcome(stage: Stage, code: number, words: string, now: Date): Outcome {
  const reading = readReply(words)
  const reason = tidyReason(`SMTP: ${words}`)
  if (stage === 'AUTH' && code < 500 && reading.blame !== 'limit') return paused('down', NO_SIGN_IN, reason)
  const isOneTooMany = NUMBER_WORDS.test(words)
  if (isOneTooMany && stage === 'connect') return paused('down', BUSY, reason)
  if (reading.blame === 'limit' || isOneTooMany) return limitOutcome(words, reason, now)
  if (SIGN_IN_CODES.has(code)) return senderRejected('AUTH', words, reason)
  if (reading.blame === 'sender') return senderRejected(stage, words, reason)
  if (stage === 'RCPT' || stage === 'DATA') return recipientOutcome(stage, code, reading, { words, reason })
  if (stage === 'MAIL' && SIZE.test(words) && code >= 500) return { kind: 'refused', reason }
  if (stage === 'MAIL' && code < 500) return deferred(words, reason)
  if (stage === 'connect') return paused('down', code < 500 ? BUSY : UNREACHABLE, reason)
  return senderRejected(stage, words, reason)
}

/** Replies that ask for authentication, or reject it (RFC 4954 §4). */
const SIGN_IN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538])

function senderRejected(stage: Stage, words: string, reason: string): Outcome {
  const fallback = stage === 'connect' ? NOT_THIS_MACHINE : stage === 'AUTH' ? SIGN_IN : NOT_THIS_SENDER
  return paused('sender', REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? fallback, reason)
}

function recipientOutcome(
  stage: 'RCPT' | 'DATA',
  code: number,
  { blame, enhanced }: ReplyReading,
  { words, reason }: { readonly words: string; readonly reason: string },
): Outcome {
  // 503 means a bad sequence of commands, not a bad message (RFC 5321 §4.2.3).
  if (code < 500 || code === 503 || blame === 'server') return deferred(words, reason)
  const isDead = blame === 'address' && (stage === 'RCPT' || enhanced?.startsWith('5.1.') === true)
  return isDead ? { kind: 'refused', reason, suppress: true } : { kind: 'refused', reason }
}

/** The outcome of a limit on our sending. The next transport takes over for a quota, but not for a rate limit. */
function limitOutcome(words: string, reason: string, now: Date): Outcome {
  const statedMs = statedWaitMs(words)
  const quota = (ms: number): Outcome => ({ kind: 'deferred', pause: 'quota', reason, retryMs: statedMs ?? ms })
  if (/per hour|hourly|this hour|an hour/i.test(words)) return quota(msUntilReset('hour', now))
  if (/per day|daily|today|24 ?h|\b[45]\.4\.5\b/i.test(words)) return quota(msUntilReset('day', now))
  if (/month/i.test(words)) return quota(msUntilReset('month', now))
  if (/quota|credits|threshold|(?:sending|send|messaging|messages?|relay\w*) limits?|\b5\.7\.70[58]\b/i.test(words))
    return quota(QUOTA_UNKNOWN_RETRY_MS)
  const perSecond = /sending rate|per second/i.test(words)
  return { kind: 'deferred', pause: 'rate', reason, retryMs: statedMs ?? (perSecond ? 1_000 : RATE_LIMIT_RETRY_MS) }
}

/** Defers a message, at least for the time that the server names, such as for greylisting. */
function deferred(words: string, reason: string): Outcome {
  const retryMs = statedWaitMs(words)
  return retryMs === null ? { kind: 'deferred', reason } : { kind: 'deferred', reason, retryMs }
}

function paused(pause: PauseKind, remedy: string, reason: string): Outcome {
  return { kind: 'deferred', pause, reason: withRemedy(remedy, reason) }
}
