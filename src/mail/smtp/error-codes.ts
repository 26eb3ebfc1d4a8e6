import { LIMIT_RATE_MS, LIMIT_UNKNOWN_MS } from '../../../config/limits.ts'
import type { Outcome, PauseKind } from '../outcome.ts'
import { tidyReason, withRemedy } from '../reply/reason.ts'
import { type ReplyReading, readReply } from '../reply/reply.ts'
import { msUntilReset, statedWaitMs } from '../reply/retry-time.ts'

/** The fields of nodemailer's errors that are read here. */
export interface SmtpFailure {
  readonly message: string
  readonly code?: string | undefined
  readonly command?: string | undefined
  readonly response?: string | undefined
  readonly responseCode?: number | undefined
}

/** Where in the session an error came up (RFC 5321 §3). Before `RCPT` no reply is about a recipient. */
type Stage = 'connect' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA'

const SIGN_IN = 'Set the user name and password in SMTP_URL.'
const NOT_THERE = 'Look whether the server in SMTP_URL is there and takes connections from here.'
const TLS = 'The server’s TLS is not accepted; look at its certificate and at requireTLS in SMTP_URL.'
const BUSY = 'The mail server takes no connection at present; it is tried again.'
const NO_SIGN_IN = 'The mail server cannot check the password at present; it is tried again.'
const NOT_THIS_MACHINE = 'The mail server takes no connections from this machine; look at its rules.'
const NOT_THIS_SENDER = 'The mail server does not take mail from the address in MAIL_FROM.'

/** Remedies, by the words of a server that rejects us. The first match counts. */
const REMEDIES: readonly (readonly [pattern: RegExp, remedy: string])[] = [
  [/relay/i, 'The mail server does not relay for this machine; set user name and password in SMTP_URL.'],
  [
    /suspend|paused|disabled|on hold|under review|activated|approved|not allowed to send/i,
    'The account at the mail server may not send; see its provider’s page or write to its support.',
  ],
  [
    /spamhaus|block|black|rbl|reputation|listed|banned|spam abuse/i,
    'The address of the sending server is on a block list; ask that list, or send by another server.',
  ],
  [
    /\bspf\b|dkim|dmarc|sender policy framework|unauthenticated|reverse dns|\bptr\b|cannot find your|authentication level/i,
    'The sending domain does not prove itself; run `paperround doctor` and mend SPF, DKIM, DMARC or reverse DNS.',
  ],
  [/authenticat|credentials|password|log ?in/i, SIGN_IN],
  [/not verified|verified|send ?as|send as|unconfigured|sender|from/i, NOT_THIS_SENDER],
]

/** Node names some faults of a certificate only in words. */
const TLS_TROUBLE = /\b(certificate|TLS|SSL)\b/i
const SIZE = /^552|\b5\.(2\.3|3\.4)\b|size|too (?:large|big)/i
/**
 * Words of a server that has too many connections: Postfix, Exim, Exchange, IronPort, Domino, Mimecast. They come with 421,
 * 432, sometimes 450 or 554.
 */
const NUMBER_WORDS =
  /too many\b.{0,40}\b(connections?|connects|sessions?|clients)\b|\b(connections?|sessions?|thread)\b.{0,20}\b(limit|rate|quota|exceed)|\b(max(imum)?|concurrent|simultaneous)\b.{0,40}\b(connections?|sessions?)\b|ports are busy/i

/**
 * Says what an SMTP error means for one message. `handedOver` says whether the end of the message may have been
 * written: then only the server's own reply to it proves that the message was not taken (RFC 5321 §4.2.5).
 */
export function smtpOutcome(error: SmtpFailure, handedOver: boolean, now: Date): Outcome {
  const words = error.response ?? error.message
  const reason = tidyReason(`SMTP: ${words}`)
  const code = error.responseCode ?? 0
  const answered = error.code === 'EMESSAGE' && error.command === 'DATA' && code >= 400
  if (handedOver && !answered) return { kind: 'unknown', pause: 'down', reason }
  if (error.code === 'ETLS' || error.code === 'EREQUIRETLS') return held('down', TLS, reason)
  if (code >= 400) return replyOutcome(stageOf(error), code, words, now)
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return held('sender', SIGN_IN, reason)
  // Without a reply it was nodemailer that refused: an address, or a message larger than the server's SIZE.
  if (error.code === 'EENVELOPE' && /sender/i.test(error.message)) return held('sender', NOT_THIS_SENDER, reason)
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return { kind: 'refused', reason }
  return held('down', TLS_TROUBLE.test(error.message) ? TLS : NOT_THERE, reason)
}

/** Whether the server says that this connection is one too many (RFC 5321 §3.8; 432 is Exchange's). */
export function isAboutTheNumber({ response = '', responseCode = 0 }: SmtpFailure): boolean {
  return responseCode === 432 || (responseCode >= 400 && NUMBER_WORDS.test(response))
}

function stageOf({ code, command = '', message }: SmtpFailure): Stage {
  // Nodemailer gives a 421 amid a session no command; only its own words tell it from one in place of a greeting.
  if (command === 'CONN' && /^(?:Server closed the connection|Unexpected Response)/.test(message)) return 'RCPT'
  if (code === 'EAUTH' || command.startsWith('AUTH')) return 'AUTH'
  if (command === 'MAIL FROM') return 'MAIL'
  if (command === 'RCPT TO') return 'RCPT'
  return command === 'DATA' ? 'DATA' : 'connect'
}

function replyOutcome(stage: Stage, code: number, words: string, now: Date): Outcome {
  const reading = readReply(words)
  const reason = tidyReason(`SMTP: ${words}`)
  if (stage === 'AUTH' && code < 500 && reading.blame !== 'limit') return held('down', NO_SIGN_IN, reason)
  const isOneTooMany = NUMBER_WORDS.test(words)
  if (isOneTooMany && stage === 'connect') return held('down', BUSY, reason)
  if (reading.blame === 'limit' || isOneTooMany) return limitOutcome(words, reason, now)
  if (SIGN_IN_CODES.has(code)) return rejected('AUTH', words, reason)
  if (reading.blame === 'sender') return rejected(stage, words, reason)
  if (stage === 'RCPT' || stage === 'DATA') return recipientOutcome(stage, code, reading, { words, reason })
  if (stage === 'MAIL' && SIZE.test(words) && code >= 500) return { kind: 'refused', reason }
  if (stage === 'MAIL' && code < 500) return deferred(words, reason)
  if (stage === 'connect') return held('down', code < 500 ? BUSY : NOT_THERE, reason)
  return rejected(stage, words, reason)
}

/** The server asks for a user, or for another one (RFC 4954 §4). */
const SIGN_IN_CODES: ReadonlySet<number> = new Set([530, 534, 535, 538])

function rejected(stage: Stage, words: string, reason: string): Outcome {
  const fallback = stage === 'connect' ? NOT_THIS_MACHINE : stage === 'AUTH' ? SIGN_IN : NOT_THIS_SENDER
  return held('sender', REMEDIES.find(([pattern]) => pattern.test(words))?.[1] ?? fallback, reason)
}

function recipientOutcome(
  stage: 'RCPT' | 'DATA',
  code: number,
  { blame, enhanced }: ReplyReading,
  { words, reason }: { readonly words: string; readonly reason: string },
): Outcome {
  // 503 says that the session is out of step, not that the message is bad (RFC 5321 §4.2.3).
  if (code < 500 || code === 503 || blame === 'server') return deferred(words, reason)
  const isDead = blame === 'address' && (stage === 'RCPT' || enhanced?.startsWith('5.1.') === true)
  return isDead ? { kind: 'refused', reason, suppress: true } : { kind: 'refused', reason }
}

/** A limit of ours. Of a quota the next transport may take over; a rate is waited for. */
function limitOutcome(words: string, reason: string, now: Date): Outcome {
  const told = statedWaitMs(words)
  const quota = (ms: number): Outcome => ({ kind: 'deferred', pause: 'quota', reason, retryMs: told ?? ms })
  if (/per hour|hourly|this hour|an hour/i.test(words)) return quota(msUntilReset('hour', now))
  if (/per day|daily|today|24 ?h|\b[45]\.4\.5\b/i.test(words)) return quota(msUntilReset('day', now))
  if (/month/i.test(words)) return quota(msUntilReset('month', now))
  if (/quota|credits|threshold|(?:sending|send|messaging|messages?|relay\w*) limits?|\b5\.7\.70[58]\b/i.test(words))
    return quota(LIMIT_UNKNOWN_MS)
  const perSecond = /sending rate|per second/i.test(words)
  return { kind: 'deferred', pause: 'rate', reason, retryMs: told ?? (perSecond ? 1_000 : LIMIT_RATE_MS) }
}

/** Tried again on the schedule of a mail server, and not before the time that the server names, such as of a grey list. */
function deferred(words: string, reason: string): Outcome {
  const told = statedWaitMs(words)
  return told === null ? { kind: 'deferred', reason } : { kind: 'deferred', reason, retryMs: told }
}

function held(hold: PauseKind, remedy: string, reason: string): Outcome {
  return { kind: 'deferred', pause: hold, reason: withRemedy(remedy, reason) }
}
