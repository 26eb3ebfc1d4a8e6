import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { listen } from './ports.ts'
import { type Reply, SmtpLimitCounter, type SmtpLimits } from './smtp-limits.ts'

/** A fault of one message at a command. */
export type SmtpFault =
  | { readonly at: 'MAIL' | 'RCPT' | 'DATA'; readonly kind: 'reply'; readonly code: number; readonly text: string }
  /** With `DATA` the whole message is read, but there is no answer. */
  | { readonly at: 'RCPT' | 'DATA'; readonly kind: 'drop' | 'hang' }
  /** The right answer, late. */
  | { readonly at: 'DATA'; readonly kind: 'slow'; readonly ms: number }
  /** The connection is lost while the message is being read. */
  | { readonly at: 'BODY'; readonly kind: 'drop' }

export interface SmtpServerInput {
  /** The required user name and password. */
  readonly user?: string
  readonly password?: string
  /** Constant replies per recipient. */
  readonly recipients?: Readonly<Record<string, Reply>>
  /** Called at each command of a message without a planted fault. */
  readonly nextFault?: (at: SmtpFault['at']) => SmtpFault | undefined
  /** The limits of a busy server. */
  readonly limits?: SmtpLimits
  /** Stores only the head of each message, for tests with many messages. */
  readonly lean?: boolean
  /** Options of smtp-server itself. */
  readonly options?: SMTPServerOptions
}

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
  readonly secure: boolean
  readonly at: number
  /** Whether the message was refused. */
  readonly refused: boolean
}

const HEAD_BYTES = 4_096

export interface TestSmtpServer {
  readonly port: number
  readonly url: string
  /** Every message that was read completely, whether or not the answer arrived. */
  readonly received: readonly ReceivedMail[]
  readonly connections: () => number
  /** The connections and messages that its limits refused. */
  readonly counts: () => SmtpLimitCounter['counts']
  /** The number of open connections. */
  readonly open: () => number
  /** The next messages get these faults, in order. */
  plant(...faults: readonly SmtpFault[]): void
  close(): Promise<void>
}

/** Starts a real SMTP server on loopback that stores raw messages and fails on demand. */
export async function startSmtpServer(input: SmtpServerInput = {}): Promise<TestSmtpServer> {
  const received: ReceivedMail[] = []
  const faults: SmtpFault[] = []
  const limits = new SmtpLimitCounter(input.limits ?? {})
  let connections = 0
  const meet = (...at: SmtpFault['at'][]) => {
    const next = faults[0]
    if (next !== undefined) return at.includes(next.at) ? faults.shift() : undefined
    for (const place of at) {
      const fault = input.nextFault?.(place)
      if (fault !== undefined) return fault
    }
    return undefined
  }
  const fail = (fault: SmtpFault, session: SMTPServerSession, reply: (error: Error) => void) => {
    if (fault.kind === 'reply') reply(replyOf(fault))
    if (fault.kind === 'drop') drop(server, session)
  }
  const server = new SMTPServer({
    logger: false,
    authOptional: input.user === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onConnect: ({ id }, done) => {
      connections += 1
      answer(limits.connect(id), done)
    },
    onClose: ({ id }) => limits.disconnect(id),
    onAuth: ({ username, password }, _session, done) =>
      username === input.user && password === input.password
        ? done(null, { user: username })
        : done(replyOf({ code: 535, text: '5.7.8 Authentication credentials invalid' })),
    onMailFrom: (_address, session, done) => {
      const fault = meet('MAIL')
      if (fault === undefined) answer(limits.mail(session.id), done)
      else fail(fault, session, done)
    },
    onRcptTo: ({ address }, session, done) => {
      const fault = meet('RCPT')
      const fixed = input.recipients?.[address]
      if (fault !== undefined) fail(fault, session, done)
      else answer(fixed ?? limits.rcpt(senderOf(session), address), done)
    },
    onData: (stream, session, done) => {
      const fault = meet('BODY', 'DATA')
      if (fault?.at === 'BODY') stream.once('data', () => drop(server, session))
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        // Copies the head, because a slice would keep the whole buffer in memory.
        const kept = input.lean === true ? Buffer.from(raw.subarray(0, HEAD_BYTES)) : raw
        const over = fault === undefined ? limits.data() : undefined
        received.push(receivedMail(session, kept, fault?.kind === 'reply' || over !== undefined))
        if (over !== undefined) return done(replyOf(over))
        const ends = limits.take(session.id)
        const accept = () => {
          done(null, 'Ok: queued as TEST1')
          if (ends) end(server, session)
        }
        if (fault === undefined) accept()
        else if (fault.kind === 'slow') setTimeout(accept, fault.ms)
        else fail(fault, session, done)
      })
    },
    ...input.options,
  })
  // A dropped connection is an error to the server, but intended by the test.
  server.on('error', () => {})
  const port = await listen(server.server)
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    counts: () => limits.counts,
    open: () => openConnections(server).length,
    plant: (...next) => faults.push(...next),
    close: () => closeAll(server),
  }
}

interface OpenConnection {
  readonly session: { readonly id: string }
  readonly _socket: { destroy(): void }
  close(): void
}

function openConnections(server: SMTPServer): OpenConnection[] {
  return [...(server as unknown as { connections: Set<OpenConnection> }).connections]
}

/** Cuts the connection like a crash or a network fault. */
function drop(server: SMTPServer, { id }: SMTPServerSession): void {
  for (const connection of openConnections(server)) if (connection.session.id === id) connection._socket.destroy()
}

/** Closes the connection after the reply. */
function end(server: SMTPServer, { id }: SMTPServerSession): void {
  for (const connection of openConnections(server)) if (connection.session.id === id) connection.close()
}

function closeAll(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const connection of openConnections(server)) connection._socket.destroy()
  })
}

function answer(reply: Reply | undefined, done: (error?: Error) => void): void {
  if (reply === undefined) done()
  else done(replyOf(reply))
}

function replyOf({ code, text }: Reply): Error {
  return Object.assign(new Error(text), { responseCode: code })
}

function senderOf({ envelope: { mailFrom } }: SMTPServerSession): string {
  return mailFrom === false ? '' : mailFrom.address
}

function receivedMail(session: SMTPServerSession, raw: Buffer, refused: boolean): ReceivedMail {
  const { envelope, secure } = session
  return {
    from: senderOf(session),
    to: envelope.rcptTo.map(({ address }) => address),
    raw,
    secure,
    at: Date.now(),
    refused,
  }
}
