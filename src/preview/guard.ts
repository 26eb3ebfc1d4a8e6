import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSameSecret } from '../security/same-secret.ts'

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Removes the token from a URL, so that routes are written without it. A URL without the token stays as it is, and
 * `requireToken` rejects it.
 */
export function withoutToken(url: string, token: string): string {
  if (!hasToken(url, token)) return url
  const rest = url.slice(token.length + 1)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * Accepts requests only from this machine and only with the token, because other users of the machine can reach loopback
 * addresses too. The token is the first part of every URL. A cookie would not do, because browsers send cookies to every
 * port of a host. A website can make a browser request 127.0.0.1, or point its own name there (DNS rebinding). Therefore
 * the Host must be a loopback name, and POSTs must come from our own pages (Origin, and Sec-Fetch-Site if present).
 */
export function requireToken(server: FastifyInstance, token: string): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request))
      return reply.status(421).type('text/plain').send('The preview answers only on 127.0.0.1.\n')
    if (!hasToken(request.originalUrl, token))
      return reply.status(403).type('text/plain').send('Open the address that the preview command printed.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isSameOrigin(request))
      return reply.status(403).type('text/plain').send('Send this form from a page of the preview.\n')
    reply.headers({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
  })
  server.addHook('onSend', async (_request, reply, payload: unknown) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string') reply.header('location', `/${token}${location}`)
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
    return isPage && typeof payload === 'string' ? payload.replace(LOCAL_ADDRESS, `$1/${token}/`) : payload
  })
}

/** React escapes quotes in text, so unescaped quotes delimit attributes. `//elsewhere.example` is another host. */
const LOCAL_ADDRESS = /( (?:href|src|action|formaction|data-src|data-fill)=")\/(?!\/)/gi

function hasToken(url: string, token: string): boolean {
  const [, first = ''] = /^\/([^/?#]*)/.exec(url) ?? []
  return isSameSecret(first, token)
}

/** Content-Security-Policy of the preview's pages: everything from the preview, nothing inline. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

function isOurHost({ headers, socket }: FastifyRequest): boolean {
  const host = headers.host ?? ''
  const name = host.replace(/:\d+$/, '')
  return LOOPBACK_NAMES.includes(name) && host === `${name}:${socket.localPort}`
}

function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return headers.origin === `http://${headers.host}` && (site === undefined || site === 'same-origin')
}
