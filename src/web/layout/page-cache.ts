import type { FastifyReply, FastifyRequest } from 'fastify'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../config/limits-web.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { sendErrorPage } from './errors.tsx'
import type { Page, Site } from './page.ts'
import { renderPage, sendRendered } from './site.ts'

/** A public page, and how to make it. */
interface CachedPage {
  /** The address of the page. Every address with its own content has its own key. */
  readonly key: string
  /** Returns the page, or null if there is none. */
  readonly make: () => Promise<Page | null>
  /** The sentence of the answer 404. */
  readonly missing?: string
  /** Puts what differs between requests into the document. */
  readonly fill?: (html: string) => string
}

/** Sends a page from a bounded cache. Pages that do not exist are remembered too, because finding that out costs a query. */
export type SendCached = (request: FastifyRequest, reply: FastifyReply, page: CachedPage) => Promise<FastifyReply>

/** Creates the cache that all public pages share, so that their number does not multiply its size. */
export function createPageCache(site: Site): SendCached {
  const pages = createLoadingCache<string | null>({
    max: PAGE_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  return async (request, reply, { key, make, missing, fill = (html) => html }) => {
    const html = await pages(key, async () => {
      const page = await make()
      return page === null ? null : renderPage(site, page)
    })
    return html === null ? sendErrorPage(reply, site, 404, missing) : sendRendered(request, reply, fill(html))
  }
}
