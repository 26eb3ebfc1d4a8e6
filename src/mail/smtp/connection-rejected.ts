import { isAboutTheNumber, type SmtpFailure } from './error-codes.ts'

/**
 * Whether a server that is there would not have one more connection now: a 4xx at the greeting, at EHLO or while signing in, or
 * an end without a word. A server that cannot be reached, or rejects us, is another matter.
 */
export function isConnectionRejected(failure: SmtpFailure): boolean {
  const { code, responseCode = 0 } = failure
  if (responseCode === 0) return code === 'ECONNECTION' || isReset(failure)
  return responseCode < 500 || isAboutTheNumber(failure)
}

function isReset(failure: SmtpFailure & { readonly originalCode?: unknown }): boolean {
  return failure.originalCode === 'ECONNRESET' || failure.originalCode === 'EPIPE'
}
