import type { FastifyInstance, FastifyRequest } from 'fastify'

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Answers this machine only. A page of the internet can make a browser ask 127.0.0.1, or give its own name that
 * address (DNS rebinding): so the Host must be one of ours, and what changes or sends something must come from a page
 * of ours (Origin, and Sec-Fetch-Site where the browser says it).
 */
export function guard(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request)) return reply.status(421).type('text/plain').send('This preview answers 127.0.0.1 only.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isFromUs(request))
      return reply.status(403).type('text/plain').send('This must be asked for on a page of the preview itself.\n')
    reply.headers({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
  })
}

/** The preview's own pages: everything from here, nothing inline. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

function isOurHost({ headers, socket }: FastifyRequest): boolean {
  const host = headers.host ?? ''
  const name = host.replace(/:\d+$/, '')
  return LOOPBACK_NAMES.includes(name) && host === `${name}:${socket.localPort}`
}

function isFromUs({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return headers.origin === `http://${headers.host}` && (site === undefined || site === 'same-origin')
}
