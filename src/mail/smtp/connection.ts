import type { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { Dialogue } from './dialogue.ts'
import type { SmtpFailure } from './error-codes.ts'
import { abortFailure, connectionEnded } from './failure.ts'
import { type Progress, type SmtpEnvelope, type SmtpExtensions, transact } from './transaction.ts'

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
  readonly send: (envelope: SmtpEnvelope, mime: Buffer, progress: Progress, signal: AbortSignal) => Promise<string>
  readonly onEnd: (listener: () => void) => void
  /** Sends QUIT and closes. */
  readonly quit: () => void
  readonly close: () => void
}

type Done = (error?: Error | null) => void

/**
 * Opens a connection and signs in. Nodemailer does that: addresses, TLS and all ways of signing in. The messages are ours.
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
    let extensions: SmtpExtensions = { pipelining: false, smtpUtf8: false }
    const settle: Done = (error) => {
      signal.removeEventListener('abort', onAbort)
      smtp.off('error', settle)
      smtp.off('end', onEnd)
      try {
        if (error) throw error
        resolve(takeOver(smtp, extensions))
      } catch (failure) {
        smtp.close()
        reject(failure)
      }
    }
    const onEnd = () => settle(connectionEnded())
    const onAbort = () => settle(abortFailure())
    signal.addEventListener('abort', onAbort, { once: true })
    smtp.on('error', settle)
    smtp.on('end', onEnd)
    smtp.connect((error) => {
      extensions = extensionsOf(smtp.lastServerResponse)
      if (error || auth === undefined || !smtp.allowsAuth) settle(error)
      else smtp.login({ credentials: auth }, settle)
    })
  })
}

/** Reads the reply to EHLO, which is the last reply when nodemailer has connected (RFC 5321 §4.1.1.1). */
function extensionsOf(reply: string | false): SmtpExtensions {
  const names = new Set((reply || '').split('\n').map((line) => /^250[ -]([\w-]+)/.exec(line)?.[1]?.toUpperCase()))
  return { pipelining: names.has('PIPELINING'), smtpUtf8: names.has('SMTPUTF8') }
}

/** Sends the messages in place of nodemailer, which still closes the socket and reports its errors, end and silence. */
function takeOver(smtp: SMTPConnection, extensions: SmtpExtensions): SmtpConnection {
  const socket = socketOf(smtp)
  const theirs = socket.listeners('data') as ((chunk: Buffer) => void)[]
  const dialogue = new Dialogue(socket)
  for (const listener of theirs) socket.off('data', listener)
  smtp.on('error', (error) => dialogue.fail(error))
  smtp.on('end', () => dialogue.fail(connectionEnded()))
  let messages = 0
  let rejected = false
  return {
    messages: () => messages,
    isOpen: () => !smtp.destroyed,
    async send(envelope, mime, progress, signal) {
      messages += 1
      const onAbort = () => {
        dialogue.fail(abortFailure())
        smtp.close()
      }
      if (signal.aborted) onAbort()
      // The server has said something since the last message, such as 421: then the connection is about to end.
      else if (!dialogue.isInStep) dialogue.fail(connectionEnded())
      signal.addEventListener('abort', onAbort)
      try {
        const reply = await transact(dialogue, extensions, { envelope, mime, reset: rejected, progress })
        rejected = false
        return reply
      } catch (error) {
        rejected = rejectsOnlyTheMessage(error as SmtpFailure)
        if (!rejected) smtp.close()
        throw error
      } finally {
        signal.removeEventListener('abort', onAbort)
        if (!dialogue.isInStep) smtp.close()
      }
    },
    onEnd: (listener) => void smtp.once('end', listener),
    quit() {
      for (const listener of theirs) socket.on('data', listener)
      smtp.quit()
    },
    close: () => smtp.close(),
  }
}

/**
 * Returns the socket of an open connection. Nodemailer calls the field public, but does not document it.
 * @throws Error when nodemailer has changed, so that an upgrade fails at the first message.
 */
export function socketOf({ _socket: socket }: Pick<SMTPConnection, '_socket'>): Socket {
  if (!socket || typeof socket.write !== 'function' || socket.listenerCount('data') !== 1)
    throw new Error(
      'This version of nodemailer keeps its socket differently; install the version in package-lock.json.',
    )
  return socket
}

/** RFC 5321 §3.8: 421 ends the session; any other rejection of a message leaves it open. */
function rejectsOnlyTheMessage({ code, responseCode = 0 }: SmtpFailure): boolean {
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== 421
}
