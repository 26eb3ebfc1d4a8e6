import { createServer, type Socket } from 'node:net'
import { listen } from './ports.ts'

/** Kinds of broken connections, by the first part of the path. */
export type Breakage = 'reset-at-head' | 'reset-after-body' | 'end-after-body' | 'cut-answer' | 'no-http' | 'hang'

export interface BrokenServer {
  readonly port: number
  url(breakage: Breakage): string
  close(): Promise<void>
}

/** Starts a loopback server that breaks connections at different stages of HTTP. */
export async function startBrokenServer(): Promise<BrokenServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let text = ''
    let done = false
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!done) done = answer(socket, text)
    })
  })
  const port = await listen(server)
  return {
    port,
    url: (breakage) => `http://127.0.0.1:${port}/${breakage}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Returns whether the connection was broken. */
function answer(socket: Socket, text: string): boolean {
  const breakage = /^(?:POST|GET) \/([a-z-]+)/.exec(text)?.[1]
  const end = text.indexOf('\r\n\r\n')
  if (breakage === undefined || end < 0) return false
  if (breakage === 'reset-at-head') socket.resetAndDestroy()
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
  if (text.length < end + 4 + length) return false
  if (breakage === 'reset-after-body') socket.resetAndDestroy()
  if (breakage === 'end-after-body') socket.end()
  if (breakage === 'no-http') socket.end('SSH-2.0-OpenSSH_9.2\r\n')
  if (breakage === 'cut-answer')
    socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"data":[{"id":"a"',
      () => socket.destroy(),
    )
  return true
}
