import type { FastifyInstance } from 'fastify'

/**
 * Loads something when the server has begun to listen, so that no visitor waits for it. If that fails, the first request that
 * needs it loads it again.
 */
export function loadAfterStart(web: FastifyInstance, load: () => Promise<unknown>): void {
  web.addHook('onListen', async () => {
    load().catch(() => undefined)
  })
}
