import { isAboutTheNumber, type SmtpFailure } from './error-codes.ts'

/**
 * Whether a reachable server refused one more connection for now: a 4xx at the greeting, at EHLO or while signing in, or a
 * connection that it closed without a reply. An unreachable server and a permanent rejection do not count.
 */
export function isConnectionRejected(failure: SmtpFailure): boolean {
  const { code, responseCode = 0 } = failure
  if (responseCode === 0) return code === 'ECONNECTION' || isReset(failure)
  return responseCode < 500 || isAboutTheNumber(failure)
}

function isReset(failure: SmtpFailure & { readonly originalCode?: unknown }): boolean {
  return failure.originalCode === 'ECONNRESET' || failure.originalCode === 'EPIPE'
}
