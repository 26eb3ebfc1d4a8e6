import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './ports.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A real HTTP server on loopback that answers with each handler once, in order, and with the last one ever after. */
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

/** Sends headers and half of a body, then tears the connection. */
export const cuts: Handler = (_, response) => {
  response.writeHead(200, { 'content-length': '1000' })
  response.write('[{"paper":', () => response.destroy())
}

/** Takes the request and says nothing. */
export const hangs: Handler = () => undefined

/** Sends without end. */
export const floods: Handler = (_, response) => {
  response.writeHead(200)
  const chunk = 'x'.repeat(65_536)
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}

/** A sleep that only notes how long it was asked to. */
export function notedSleep() {
  const pauses: number[] = []
  return {
    pauses,
    sleep: async (ms: number) => {
      pauses.push(ms)
    },
  }
}
