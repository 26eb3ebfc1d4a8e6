import type { SmtpFailure } from './error-codes.ts'
import type { SmtpReply } from './reply-reader.ts'

/** A failure of a session, in the shape of nodemailer’s errors: opening a connection fails with those. */
export class SmtpError extends Error implements SmtpFailure {
  readonly code: string
  readonly command: string | undefined
  readonly response: string | undefined
  readonly responseCode: number | undefined

  constructor(message: string, code: string, command?: string, reply?: SmtpReply) {
    super(reply === undefined ? message : `${message}: ${reply.text}`)
    this.code = code
    this.command = command
    this.response = reply?.text
    this.responseCode = reply?.code
  }
}

/** Returns the failure of a step that the caller aborted. */
export function abortFailure(): SmtpError {
  return new SmtpError('The call timed out', 'EABORT')
}

/** Returns the failure of a connection that ended. `reply` is an unfinished last reply that states the reason. */
export function connectionEnded(reply?: SmtpReply): SmtpError {
  return new SmtpError('Connection closed', 'ECONNECTION', undefined, reply)
}
