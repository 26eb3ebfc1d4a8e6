import { createServer, type Socket } from 'node:net'
import { listen } from '../../test/support/servers/ports.ts'
import { createSinkStats, reportTo, type SinkOptions } from '../setup/sink-stats.ts'

/**
 * A mail server that takes everything and looks at nothing but where a letter ends (RFC 5321 §4.1.1.4), in a process of its
 * own: postfix’s smtp-sink costs 0.4 ms a letter and hides everything above 3,000/s. Knows PIPELINING (RFC 2920).
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
  /** What is not a whole line yet; within a letter its last bytes, in which its end may have begun. */
  #rest: Buffer = Buffer.alloc(0)
  #letterBytes: number | null = null

  constructor(socket: Socket) {
    this.#socket = socket
  }

  read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const answers: string[] = []
    while (bytes.length > 0) {
      const from = this.#letterBytes === null ? this.#command(bytes, answers) : this.#letter(bytes, answers)
      if (from === null) break
      bytes = bytes.subarray(from)
    }
    if (this.#letterBytes !== null) {
      const kept = Math.min(bytes.length, END.length - 1)
      this.#letterBytes += bytes.length - kept
      bytes = bytes.subarray(bytes.length - kept)
    }
    this.#rest = Buffer.from(bytes)
    if (answers.length > 0) this.#socket.write(answers.join(''))
  }

  /** Where the next begins, or null when this one is not whole. */
  #command(bytes: Buffer, answers: string[]): number | null {
    const end = bytes.indexOf(LINE)
    if (end === -1) return null
    const verb = bytes.toString('latin1', 0, Math.min(end, 4)).toUpperCase()
    if (verb === 'EHLO') answers.push('250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n')
    else if (verb === 'DATA') {
      answers.push('354 go on\r\n')
      this.#letterBytes = 0
    } else if (verb === 'QUIT') answers.push('221 bye\r\n')
    else answers.push('250 2.0.0 Ok\r\n')
    return end + LINE.length
  }

  #letter(bytes: Buffer, answers: string[]): number | null {
    const end = bytes.indexOf(END)
    if (end === -1) return null
    stats.count(1, (this.#letterBytes ?? 0) + end)
    answers.push(`250 2.0.0 Ok: queued as ${stats.messages.toString(36).toUpperCase()}\r\n`)
    this.#letterBytes = null
    return end + END.length
  }
}

reportTo(process, stats, await listen(server))
