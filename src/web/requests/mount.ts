import type { FastifyInstance } from 'fastify'

/** The path under which readers reach the site, without a slash at its end; '' where it is the host's root. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '')
}

/**
 * Takes the base off an address before a route is looked for. What comes without it is served as it is, so that probes
 * and Prometheus, which ask the port itself, need not know it.
 */
export function withoutBase(base: string, url: string): string {
  if (base === '' || !url.startsWith(base)) return url
  const rest = url.slice(base.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url
}

/**
 * Puts the base before every address of our own that leaves: in a page's attributes and where a redirect goes to. It is
 * done here, once, so that a page is written as if it stood at the root and none can forget it. Both are safe to match:
 * React escapes every quote that is text, and attributes alone hold bare ones.
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

/** The same for a piece of a page that does not leave as a page. */
export function putBase(base: string, html: string): string {
  return base === '' ? html : html.replace(LOCAL_ADDRESS, `$1${base}/`)
}

/** `/search`, but not `//elsewhere.example`, which is another host's. */
const LOCAL_ADDRESS = /( (?:href|src|action|formaction|data-live|data-script)=")\/(?!\/)/gi

function isLocal(address: string): boolean {
  return address.startsWith('/') && !address.startsWith('//')
}
