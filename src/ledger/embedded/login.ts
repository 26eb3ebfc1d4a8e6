import type { Socket } from 'node:net'
import {
  EMBEDDED_LOGIN_BYTES_MAX,
  EMBEDDED_LOGIN_MS_MAX,
  EMBEDDED_LOGINS_MAX,
} from '../../../config/limits-processes.ts'
import { isSameSecret } from '../../security/same-secret.ts'
import { ASK_FOR_PASSWORD, CANCEL_REQUEST, errorMessage, GSSENC_REQUEST, PROTOCOL_3, SSL_REQUEST } from './protocol.ts'

type Step =
  | { readonly kind: 'wait' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'admitted'; readonly pending: Buffer }

/**
 * Runs before pglite-socket, which has no login. It answers the first messages of a connection, asks for the password if there
 * is one, and passes on only authenticated clients. Others are closed after a time or a number of bytes. At most
 * EMBEDDED_LOGINS_MAX logins are open; a new one replaces the oldest.
 */
export class Logins {
  private readonly password: string | null
  private readonly serve: (socket: Socket) => Promise<unknown>
  private readonly open = new Set<Socket>()

  constructor(password: string | null, serve: (socket: Socket) => Promise<unknown>) {
    this.password = password
    this.serve = serve
  }

  checkLimits(socket: Socket): void {
    const login = new Login(this.password, socket)
    const timer = setTimeout(() => socket.destroy(), EMBEDDED_LOGIN_MS_MAX)
    timer.unref()
    const end = () => {
      clearTimeout(timer)
      this.open.delete(socket)
    }
    const read = (data: Buffer) => {
      const step = login.take(data)
      if (step.kind === 'wait') return
      socket.off('data', read)
      end()
      if (step.kind === 'refused') {
        socket.destroySoon()
        return
      }
      socket.off('close', end)
      socket.pause()
      socket.unshift(step.pending)
      this.serve(socket).then(
        () => socket.resume(),
        () => socket.destroy(),
      )
    }
    socket.on('error', () => socket.destroy())
    socket.on('close', end)
    socket.on('data', read)
    this.open.add(socket)
    const [oldest] = this.open
    if (this.password !== null && this.open.size > EMBEDDED_LOGINS_MAX) oldest?.destroy()
  }
}

/** The first messages of one connection (PostgreSQL protocol, §55.2.1). */
class Login {
  private readonly password: string | null
  private readonly socket: Socket
  private received = Buffer.alloc(0)
  private bytes = 0
  private greeting: Buffer | null = null

  constructor(password: string | null, socket: Socket) {
    this.password = password
    this.socket = socket
  }

  take(data: Buffer): Step {
    this.bytes += data.length
    if (this.bytes > EMBEDDED_LOGIN_BYTES_MAX) return { kind: 'refused' }
    this.received = Buffer.concat([this.received, data])
    if (this.greeting === null) {
      const step = this.greet()
      if (this.greeting === null) return step
    }
    return this.check()
  }

  private greet(): Step {
    for (;;) {
      if (this.received.length < 8) return { kind: 'wait' }
      const length = this.received.readInt32BE(0)
      const code = this.received.readInt32BE(4)
      if (length === 8 && (code === SSL_REQUEST || code === GSSENC_REQUEST)) {
        this.socket.write('N')
        this.received = this.received.subarray(8)
        continue
      }
      // A cancel request ends with its connection. PGlite cannot be interrupted, so nothing happens.
      if (code === CANCEL_REQUEST || code !== PROTOCOL_3 || length < 8 || length > EMBEDDED_LOGIN_BYTES_MAX)
        return { kind: 'refused' }
      if (this.received.length < length) return { kind: 'wait' }
      if (this.password === null) return { kind: 'admitted', pending: this.received }
      this.greeting = this.received.subarray(0, length)
      this.received = this.received.subarray(length)
      this.socket.write(ASK_FOR_PASSWORD)
      return { kind: 'wait' }
    }
  }

  /** Waits for the PasswordMessage and checks the password. */
  private check(): Step {
    if (this.received.length < 5) return { kind: 'wait' }
    const length = this.received.readInt32BE(1)
    if (this.received[0] !== 'p'.charCodeAt(0) || length < 5) return { kind: 'refused' }
    if (this.received.length < length + 1) return { kind: 'wait' }
    const given = this.received.subarray(5, length)
    if (!isSameSecret(given, this.password ?? '')) {
      this.socket.write(errorMessage('28P01', 'password authentication failed'))
      return { kind: 'refused' }
    }
    return {
      kind: 'admitted',
      pending: Buffer.concat([this.greeting ?? '', this.received.subarray(length + 1)] as Buffer[]),
    }
  }
}
