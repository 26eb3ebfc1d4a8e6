import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSameSecret } from '../security/same-secret.ts'

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/**
 * Takes the token off an address, so that routes are written without it. An address without the token keeps its form,
 * and `guard` refuses it.
 */
export function withoutToken(url: string, token: string): string {
  if (!hasToken(url, token)) return url
  const rest = url.slice(token.length + 1)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/**
 * Answers this machine only, and the person who started the preview only: every address begins with `/TOKEN`, since other
 * users of the machine reach its loopback addresses too. It is no cookie, because a browser sends those to every port of
 * a host. A page of the internet can make a browser ask 127.0.0.1, or give its own name that address (DNS rebinding): so
 * the Host must be one of ours, and what changes or sends something must come from a page of ours (Origin, and
 * Sec-Fetch-Site where the browser says it).
 */
export function requireToken(server: FastifyInstance, token: string): void {
  server.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request)) return reply.status(421).type('text/plain').send('This preview answers 127.0.0.1 only.\n')
    if (!hasToken(request.originalUrl, token))
      return reply.status(403).type('text/plain').send('Open the address that the preview command has printed.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isFromUs(request))
      return reply.status(403).type('text/plain').send('This must be asked for on a page of the preview itself.\n')
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

/** React escapes every quote that is text, so bare ones are those of attributes. `//elsewhere.example` is another host's. */
const LOCAL_ADDRESS = /( (?:href|src|action|formaction|data-src|data-fill)=")\/(?!\/)/gi

function hasToken(url: string, token: string): boolean {
  const [, first = ''] = /^\/([^/?#]*)/.exec(url) ?? []
  return isSameSecret(first, token)
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
