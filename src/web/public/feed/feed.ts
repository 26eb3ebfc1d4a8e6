import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PAGE_CACHE_MAX, PAGE_CACHE_MS } from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache, type LoadingCache } from '../../../platform/cache.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { faultOfQuery } from '../search/check-query.ts'
import type { QueryLimiter } from '../search/query-limiter.ts'
import { chosenFeed, type FeedChoice, parametersOf, readFeed, searchFeed } from './choice.ts'
import { type FeedDocument, feedDocument } from './document.ts'
import { type FeedFormat, sendFeed } from './format.ts'

interface FeedDeps {
  readonly ledger: Stores
  readonly limiter: QueryLimiter
  /** IANA time zone of the editions' days. */
  readonly timezone: string
}

/**
 * `GET /feed.xml` (Atom, RFC 4287) and `/feed.json` (JSON Feed 1.1): the newest papers. `?q=` selects the papers of a search,
 * `?topic=` and `?category=` those of a topic, and `?best=week` or `month` those with the most votes.
 */
export function addFeeds(web: FastifyInstance, site: Site, deps: FeedDeps): void {
  const feeds = createLoadingCache<FeedDocument | null>({
    max: PAGE_CACHE_MAX,
    expiry: { ms: PAGE_CACHE_MS, clock: site.clock },
  })
  for (const format of ['atom', 'json'] as const)
    web.get<{ Querystring: Record<string, unknown> }>(`/feed.${format === 'atom' ? 'xml' : 'json'}`, (request, reply) =>
      answer(request, reply, format, { site, deps, feeds }),
    )
}

async function answer(
  request: FastifyRequest<{ Querystring: Record<string, unknown> }>,
  reply: FastifyReply,
  format: FeedFormat,
  { site, deps, feeds }: { site: Site; deps: FeedDeps; feeds: LoadingCache<FeedDocument | null> },
) {
  const choice = chosenFeed(request.query)
  if (choice.kind === 'faulty') return sendErrorPage(reply, site, 400, choice.words)
  const self = `${site.brand.publicUrl}/feed.${format === 'atom' ? 'xml' : 'json'}${parametersOf(choice)}`
  if (choice.kind === 'search') {
    const fault = faultOfQuery(choice.query)
    if (fault !== null) return sendErrorPage(reply, site, 400, fault)
    return deps.limiter.run(request, reply, choice.query, async (spend) => {
      const { head, items } = await searchFeed(choice.query, { ledger: deps.ledger, site, spend })
      return sendFeed(request, reply, format, feedDocument({ ...head, self }, items, site))
    })
  }
  // The topic of a paper needs an index only, and the cache makes many readers cost one query.
  const feed = await feeds(self, () => load(choice, self, site, deps))
  if (feed === null) return sendErrorPage(reply, site, 404, say('feed.noTopic'))
  return sendFeed(request, reply, format, feed)
}

async function load(
  choice: Exclude<FeedChoice, { kind: 'search' | 'faulty' }>,
  self: string,
  site: Site,
  { ledger, timezone }: FeedDeps,
): Promise<FeedDocument | null> {
  const found = await readFeed(choice, { ledger, site, timezone })
  return found === null ? null : feedDocument({ ...found.head, self }, found.items, site)
}
