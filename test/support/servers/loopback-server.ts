import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './ports.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Starts an HTTP server on loopback. Each handler answers once, in order, and the last one all further requests. */
export async function startServer(...handlers: readonly Handler[]) {
  const requests: { url: string; userAgent: string; at: number }[] = []
  const server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', userAgent: request.headers['user-agent'] ?? '', at: performance.now() })
    const handler = handlers[Math.min(requests.length, handlers.length) - 1]
    handler?.(request, response)
  })
  const port = await listen(server)
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

export function answers(status: number, body: string, headers: Record<string, string> = {}): Handler {
  return (_, response) => {
    response.writeHead(status, headers).end(body)
  }
}

/** Sends headers and half of a body, then cuts the connection. */
export const cuts: Handler = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('[{"paper":', () => response.destroy())
}

/** Accepts the request and does not answer. */
export const hangs: Handler = () => undefined

/** Sends an endless body. */
export const floods: Handler = (_, response) => {
  response.writeHead(200)
  const chunk = 'x'.repeat(65_536)
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}

/** A fake sleep that only records the times. */
export function notedSleep() {
  const pauses: number[] = []
  return {
    pauses,
    sleep: async (ms: number) => {
      pauses.push(ms)
    },
  }
}
