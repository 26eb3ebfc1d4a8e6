import { createServer, type Socket } from 'node:net'
import { listen } from '../../test/support/servers/ports.ts'
import { createSinkStats, reportTo, type SinkOptions } from '../setup/sink-stats.ts'

/**
 * A minimal mail server in a process of its own. It accepts everything and only looks for the end of each message (RFC 5321
 * §4.1.1.4). It supports PIPELINING (RFC 2920). Postfix’s smtp-sink takes 0.4 ms for a message, which limits it to 3,000/s.
 */
const stats = createSinkStats(JSON.parse(process.argv[2] ?? '{}') as SinkOptions)
const END = Buffer.from('\r\n.\r\n')
const LINE = Buffer.from('\r\n')

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  const session = new Session(socket)
  socket.on('data', (chunk: Buffer) => session.read(chunk))
  socket.write('220 sink ESMTP\r\n')
})

class Session {
  readonly #socket: Socket
  /** Bytes of an incomplete line. Within a message: its last bytes, which may be the start of its end. */
  #rest: Buffer = Buffer.alloc(0)
  #messageBytes: number | null = null

  constructor(socket: Socket) {
    this.#socket = socket
  }

  read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const answers: string[] = []
    while (bytes.length > 0) {
      const from = this.#messageBytes === null ? this.#command(bytes, answers) : this.#message(bytes, answers)
      if (from === null) break
      bytes = bytes.subarray(from)
    }
    if (this.#messageBytes !== null) {
      const tail = Math.min(bytes.length, END.length - 1)
      this.#messageBytes += bytes.length - tail
      bytes = bytes.subarray(bytes.length - tail)
    }
    this.#rest = Buffer.from(bytes)
    if (answers.length > 0) this.#socket.write(answers.join(''))
  }

  /** Returns where the next command begins, or null when this one is incomplete. */
  #command(bytes: Buffer, answers: string[]): number | null {
    const end = bytes.indexOf(LINE)
    if (end === -1) return null
    const verb = bytes.toString('latin1', 0, Math.min(end, 4)).toUpperCase()
    if (verb === 'EHLO') answers.push('250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n')
    else if (verb === 'DATA') {
      answers.push('354 go on\r\n')
      this.#messageBytes = 0
    } else if (verb === 'QUIT') answers.push('221 bye\r\n')
    else answers.push('250 2.0.0 Ok\r\n')
    return end + LINE.length
  }

  #message(bytes: Buffer, answers: string[]): number | null {
    const end = bytes.indexOf(END)
    if (end === -1) return null
    stats.count(1, (this.#messageBytes ?? 0) + end)
    answers.push(`250 2.0.0 Ok: queued as ${stats.messages.toString(36).toUpperCase()}\r\n`)
    this.#messageBytes = null
    return end + END.length
  }
}

reportTo(process, stats, await listen(server))
