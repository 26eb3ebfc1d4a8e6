import { randomUUID } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'

/** A provider that takes everything, keeps nothing, and counts. */
export interface Sink {
  readonly env: Readonly<Record<string, string>>
  /** Bytes that came in, of all connections. */
  bytes(): number
  close(): void
}

const LOOPBACK = '127.0.0.1'

/** Answers Resend’s batch call with an id for each letter, without reading more of the body than where letters begin. */
export async function resendSink(): Promise<Sink> {
  const letter = Buffer.from('"Message-ID":')
  let bytes = 0
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const data: { id: string }[] = []
      for (let at = body.indexOf(letter); at >= 0; at = body.indexOf(letter, at + 1)) data.push({ id: randomUUID() })
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }))
    })
  })
  server.on('connection', (socket) => {
    socket.on('close', () => {
      bytes += socket.bytesRead
    })
    sockets.add(socket)
  })
  const sockets = new Set<{ readonly bytesRead: number; readonly destroyed: boolean; destroy(): void }>()
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  return {
    env: {
      MAIL_TRANSPORT: 'resend',
      RESEND_API_KEY: 're_capacity',
      RESEND_BASE_URL: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    },
    bytes: () => bytes + live(sockets),
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Says yes to every command; a letter ends where RFC 5321 §4.1.1.4 says. */
export async function smtpSink(): Promise<Sink> {
  let bytes = 0
  const sockets = new Set<{ readonly bytesRead: number; readonly destroyed: boolean; destroy(): void }>()
  const server = createServer((socket) => {
    let text = ''
    let inLetter = false
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      bytes += socket.bytesRead
    })
    socket.write('220 sink\r\n')
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (;;) {
        const end = inLetter ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n')
        // The end of a letter may be cut between two chunks, so its last bytes are kept.
        if (end < 0) {
          if (inLetter) text = text.slice(-4)
          return
        }
        const command = text.slice(0, 4).toUpperCase()
        text = text.slice(end + (inLetter ? 5 : 2))
        const begins = !inLetter && command === 'DATA'
        inLetter = begins
        socket.write(begins ? '354 go on\r\n' : command === 'EHLO' ? '250-sink\r\n250 8BITMIME\r\n' : '250 ok\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  return {
    env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: `smtp://${LOOPBACK}:${(server.address() as AddressInfo).port}` },
    bytes: () => bytes + live(sockets),
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function live(sockets: ReadonlySet<{ readonly bytesRead: number; readonly destroyed: boolean }>): number {
  return [...sockets].reduce((sum, { bytesRead, destroyed }) => sum + (destroyed ? 0 : bytesRead), 0)
}
