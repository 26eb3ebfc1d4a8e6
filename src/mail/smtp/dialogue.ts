import type { Socket } from 'node:net'
import { connectionEnded, SmtpError } from './failure.ts'
import { ReplyReader, type SmtpReply } from './reply-reader.ts'

/**
 * Commands and replies on an open socket. Replies are read in order. After a failure the replies that had arrived can still
 * be read, and then each step throws the failure.
 */
export class Dialogue {
  readonly #socket: Socket
  readonly #reader = new ReplyReader()
  readonly #replies: SmtpReply[] = []
  #failure: Error | null = null
  #wake: (() => void) | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // Once the server has ended its side, no reply can come.
    socket.once('end', () => this.fail(connectionEnded(this.#reader.unfinished())))
  }

  /** Whether the server has sent something that was not read yet. */
  get hasReply(): boolean {
    return this.#replies.length > 0
  }

  /** False after a failure, and when a reply belongs to no command: then the next ones would be read as replies to other commands. */
  get isInStep(): boolean {
    return this.#failure === null && this.#replies.length === 0
  }

  /** @throws the failure, if there was one. */
  send(bytes: Buffer | string): void {
    if (this.#failure !== null) throw this.#failure
    this.#socket.write(bytes, this.#notify)
  }

  /** Waits until the operating system has taken everything that was sent, or until the server replies. */
  async flushed(): Promise<void> {
    while (this.#replies.length === 0) {
      if (this.#failure !== null) throw this.#failure
      if (this.#socket.writableLength === 0) return
      await this.#event()
    }
  }

  /** Returns the next reply. */
  async reply(): Promise<SmtpReply> {
    for (;;) {
      const reply = this.#replies.shift()
      if (reply !== undefined) return reply
      if (this.#failure !== null) throw this.#failure
      await this.#event()
    }
  }

  /** Ends the dialogue. The first failure counts. */
  fail(failure: Error): void {
    this.#failure ??= failure
    this.#notify()
  }

  #read(chunk: Buffer): void {
    if (this.#failure !== null) return
    try {
      this.#reader.read(chunk, this.#replies)
    } catch (error) {
      this.#failure = new SmtpError((error as Error).message, 'EPROTOCOL')
    }
    this.#notify()
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  readonly #notify = (): void => {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
