import type { SmtpFailure } from './error-codes-smtp.ts'

/**
 * Words of a server that has too many connections: Postfix, Exim, Exchange, IronPort, Domino. They come with 421, 432,
 * sometimes 450 or 554.
 */
const NUMBER_WORDS =
  /too many\b.{0,40}\b(connections?|connects|sessions?|clients)\b|\b(connections?|sessions?|thread)\b.{0,20}\b(limit|rate|quota)|\b(max(imum)?|concurrent|simultaneous)\b.{0,40}\b(connections?|sessions?)\b|ports are busy/i

/** Whether the server says that this connection is one too many (RFC 5321 §3.8; 432 is Exchange's). */
export function isAboutTheNumber({ response = '', responseCode = 0 }: SmtpFailure): boolean {
  return responseCode === 432 || (responseCode >= 400 && NUMBER_WORDS.test(response))
}

/**
 * Whether a server that is there would not have one more connection now: a 4xx at the greeting, at EHLO or while signing in, or
 * an end without a word. A server that cannot be reached, or rejects us, is another matter.
 */
export function isTurnedAway(failure: SmtpFailure): boolean {
  const { code, responseCode = 0 } = failure
  if (responseCode === 0) return code === 'ECONNECTION' || isReset(failure)
  return responseCode < 500 || isAboutTheNumber(failure)
}

function isReset(failure: SmtpFailure & { readonly originalCode?: unknown }): boolean {
  return failure.originalCode === 'ECONNRESET' || failure.originalCode === 'EPIPE'
}
