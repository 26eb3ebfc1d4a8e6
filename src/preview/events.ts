import type { FastifyInstance } from 'fastify'
import { PREVIEW_HEARTBEAT_MS } from '../../config/limits-web.ts'
import type { Watcher } from './templates/watch.ts'

/** Adds `/events`: server-sent events (HTML Living Standard §9.2) with one `changed` per burst of saved files. */
export function addEvents(server: FastifyInstance, watcher: Watcher): void {
  server.get('/events', (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    raw.write(': watching\n\n')
    const stop = watcher.onChange((file) => {
      raw.write(`event: changed\ndata: ${JSON.stringify({ file })}\n\n`)
    })
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), PREVIEW_HEARTBEAT_MS)
    heartbeat.unref()
    request.raw.on('close', () => {
      clearInterval(heartbeat)
      stop()
    })
  })
}
