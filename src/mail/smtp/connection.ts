import type { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SmtpFailure } from './error-codes.ts'

export interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly tls?: { readonly rejectUnauthorized: boolean }
}

export interface SmtpTimeouts {
  readonly connectionTimeout: number
  readonly dnsTimeout: number
  readonly greetingTimeout: number
  readonly socketTimeout: number
}

export interface SmtpEnvelope {
  readonly from: string
  readonly to: string
}

/** An open and signed-in connection. It carries one message at a time. */
export interface SmtpConnection {
  /** The number of messages that were started on it. */
  readonly messages: () => number
  /** False once either side has ended it. */
  readonly isOpen: () => boolean
  /**
   * Sends one message and returns the server's reply to it. An abort ends the connection.
   * @throws SmtpFailure; the connection stays open when the server rejected only this message.
   */
  readonly send: (envelope: SmtpEnvelope, content: Readable, signal: AbortSignal) => Promise<string>
  readonly onEnd: (listener: () => void) => void
  /** Sends QUIT and closes. */
  readonly quit: () => void
  readonly close: () => void
}

type Done = (error?: Error | null) => void

/**
 * Opens a connection and signs in.
 * @throws SmtpFailure with the server's reply, if it gave one.
 */
export function openSmtpConnection(
  server: SmtpServer,
  timeouts: SmtpTimeouts,
  signal: AbortSignal,
): Promise<SmtpConnection> {
  const { auth, ...address } = server
  const smtp = new SMTPConnection({ ...address, ...timeouts })
  // The failing step reports its error itself. Without a listener the event would end the process.
  smtp.on('error', () => {})
  return new Promise((resolve, reject) => {
    const settle: Done = (error) => {
      signal.removeEventListener('abort', onAbort)
      smtp.off('error', settle)
      smtp.off('end', onEnd)
      if (error) {
        smtp.close()
        reject(error)
      } else resolve(wrap(smtp))
    }
    const onEnd = () => settle(connectionEnded())
    const onAbort = () => settle(abortFailure())
    signal.addEventListener('abort', onAbort, { once: true })
    smtp.on('error', settle)
    smtp.on('end', onEnd)
    smtp.connect((error) => {
      if (error || auth === undefined || !smtp.allowsAuth) settle(error)
      else smtp.login({ credentials: auth }, settle)
    })
  })
}

/** Returns the failure of a step that the caller aborted. */
export function abortFailure(): Error & SmtpFailure {
  return Object.assign(new Error('The call timed out'), { code: 'EABORT' })
}

function wrap(smtp: SMTPConnection): SmtpConnection {
  let messages = 0
  let rejected = false
  return {
    messages: () => messages,
    isOpen: () => !smtp.destroyed,
    async send(envelope, content, signal) {
      messages += 1
      try {
        // After a rejection the next message begins with a clean session (RFC 5321 §4.1.1.5).
        if (rejected) await step<boolean>(smtp, signal, (done) => smtp.reset(done))
        rejected = false
        const { response } = await step<{ response: string }>(smtp, signal, (done) =>
          smtp.send({ from: envelope.from, to: [envelope.to] }, content, done),
        )
        return response
      } catch (error) {
        rejected = rejectsOnlyTheMessage(error as SmtpFailure)
        if (!rejected) smtp.close()
        throw error
      }
    },
    onEnd: (listener) => void smtp.once('end', listener),
    quit: () => smtp.quit(),
    close: () => smtp.close(),
  }
}

/** Runs one step. An abort closes the connection. `onEnd` rejects steps that get no callback when the connection ends. */
function step<T>(
  smtp: SMTPConnection,
  signal: AbortSignal,
  begin: (done: (error: Error | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, value?: T) => {
      signal.removeEventListener('abort', onAbort)
      smtp.off('error', settle)
      smtp.off('end', onEnd)
      if (error) reject(error)
      else resolve(value as T)
    }
    // The step's own error, with the server's reply, is reported in the same tick as the end.
    const onEnd = () => setImmediate(settle, connectionEnded())
    const onAbort = () => {
      settle(abortFailure())
      smtp.close()
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    smtp.once('error', settle)
    smtp.once('end', onEnd)
    begin(settle)
  })
}

function connectionEnded(): Error & SmtpFailure {
  return Object.assign(new Error('Connection closed'), { code: 'ECONNECTION' })
}

/** RFC 5321 §3.8: 421 ends the session; any other reply to a message leaves it open. */
function rejectsOnlyTheMessage({ code, responseCode = 0 }: SmtpFailure): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== 421
}
