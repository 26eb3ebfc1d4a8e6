import { createServer, type Socket } from 'node:net'
import { listen } from './ports.ts'

export interface RawSmtpInput {
  /** The extensions in the reply to EHLO. */
  readonly extensions?: readonly string[]
  /** The reply to a command, or to `content`; null for none. Without it the server accepts everything. */
  readonly reply?: (what: string, socket: Socket) => string | null | undefined
  /** Sends the replies to everything that one read has brought. */
  readonly write?: (socket: Socket, replies: string) => void
  /** Called with each chunk of content before it is read. */
  readonly onContent?: (socket: Socket) => void
}

export interface RawSmtpServer {
  readonly url: string
  readonly port: number
  /** The commands after signing in, in the groups in which they arrived. A message is listed as `content`. */
  readonly groups: readonly (readonly string[])[]
  /** Each message as it came over the wire, without its end. */
  readonly contents: readonly string[]
  readonly connections: () => number
  close(): void
}

const ACCEPTED: Readonly<Record<string, string>> = {
  DATA: '354 Go on\r\n',
  content: '250 Ok: queued as RAW1\r\n',
  QUIT: '221 Bye\r\n',
}

/** Starts an SMTP server whose every reply a test can choose, even against RFC 5321. */
export async function startRawSmtpServer(input: RawSmtpInput = {}): Promise<RawSmtpServer> {
  const groups: string[][] = []
  const contents: string[] = []
  const sockets = new Set<Socket>()
  const write = input.write ?? ((socket: Socket, replies: string) => void socket.write(replies))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.setNoDelay(true)
    let rest = ''
    let inContent = false
    const answerTo = (what: string): string => {
      if (/^(EHLO|HELO)/.test(what)) {
        const lines = ['raw', ...(input.extensions ?? [])]
        return lines.map((line, n) => `250${n === lines.length - 1 ? ' ' : '-'}${line}\r\n`).join('')
      }
      const chosen = input.reply?.(what, socket)
      return chosen === undefined ? (ACCEPTED[what] ?? '250 Ok\r\n') : (chosen ?? '')
    }
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1')
      const group: string[] = []
      let replies = ''
      if (inContent) input.onContent?.(socket)
      if (socket.writableEnded) return
      for (;;) {
        const found = (inContent ? /(?:^|\r\n)\.\r\n/ : /\r\n/).exec(rest)
        if (found === null) break
        const before = rest.slice(0, found.index)
        rest = rest.slice(found.index + found[0].length)
        if (inContent) contents.push(found[0].startsWith('\r\n') ? `${before}\r\n` : before)
        const what = inContent ? 'content' : before
        if (!/^(EHLO|HELO)/.test(what)) group.push(what)
        const answer = answerTo(what)
        inContent = what === 'DATA' && answer.startsWith('354')
        replies += answer
      }
      if (group.length > 0) groups.push(group)
      if (replies !== '' && !socket.destroyed) write(socket, replies)
    })
    socket.write('220 raw ESMTP\r\n')
  })
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  const port = await listen(server)
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    groups,
    contents,
    connections: () => connections,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
