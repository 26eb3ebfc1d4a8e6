import type { FastifyInstance } from 'fastify'

/** Returns the path of the public URL without a trailing slash; '' for the root of the host. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '')
}

/**
 * Removes the base path before routing. Paths without it are served unchanged, because probes and Prometheus call the
 * port directly.
 */
export function withoutBase(base: string, url: string): string {
  if (base === '' || !url.startsWith(base)) return url
  const rest = url.slice(base.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url
}

/**
 * Prefixes every local address in responses with the base path: in attributes of pages and in redirects. Doing it here,
 * once, lets pages write addresses from the root. Matching is safe: React escapes quotes in text, so bare quotes occur
 * only around attributes.
 */
export function addBase(web: FastifyInstance, base: string): void {
  if (base === '') return
  web.addHook('onSend', async (_request, reply, payload: unknown) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string' && isLocal(location)) reply.header('location', `${base}${location}`)
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
    return isPage && typeof payload === 'string' ? putBase(base, payload) : payload
  })
}

/** Prefixes the local addresses in a fragment of a page. */
export function putBase(base: string, html: string): string {
  return base === '' ? html : html.replace(LOCAL_ADDRESS, `$1${base}/`)
}

/** Matches `/search` but not `//elsewhere.example`, which is another host. */
const LOCAL_ADDRESS = /( (?:href|src|srcset|action|formaction|data-live|data-script)=")\/(?!\/)/gi

function isLocal(address: string): boolean {
  return address.startsWith('/') && !address.startsWith('//')
}
