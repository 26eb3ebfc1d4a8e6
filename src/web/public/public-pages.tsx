import type { FastifyInstance } from 'fastify'
import { SEARCHES_PER_NETWORK_MINUTE } from '../../../config/limits-web.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Site } from '../layout/page.ts'
import { createPageCache } from '../layout/page-cache.ts'
import { limitNetworks } from '../requests/network-limit.ts'
import { addCards } from './cards/card-routes.ts'
import { addDayPages } from './day/day-routes.tsx'
import { addFeeds } from './feed/feed.ts'
import { addPaper } from './paper/paper.tsx'
import { addArchive } from './periods/archive.tsx'
import { addPeriods } from './periods/periods.tsx'
import { addRobots } from './robots.ts'
import { addScorecard } from './scorecard/scorecard.tsx'
import { createQueryLimiter } from './search/query-limiter.ts'
import { addSearch } from './search/search.tsx'
import { addTopics } from './topics/topics.tsx'

/** Dependencies of the public pages. */
export interface PublicPagesDeps {
  readonly ledger: Stores
  /** IANA time zone of the editions' days. */
  readonly timezone: string
  /** Returns a new token for the form of the banner. */
  readonly formToken: () => string
}

/**
 * `/`, `/papers/:date`, `/paper/:id`, `/search`, `/feed.xml`, `/feed.json`, `/topics`, `/week`, `/month`, `/rising`, `/code`,
 * `/archive`, `/scorecard`, `/robots.txt`, `/sitemap.xml`.
 */
export function addPublicPages(web: FastifyInstance, site: Site, deps: PublicPagesDeps): void {
  const cached = { ...deps, sendCached: createPageCache(site) }
  addDayPages(web, site, cached)
  addPaper(web, site, cached)
  addCards(web, site, deps)
  web.register(async (scope) => {
    // Search is expensive and uncacheable, so it is rate-limited.
    await limitNetworks(scope, SEARCHES_PER_NETWORK_MINUTE)
    const limiter = createQueryLimiter(site)
    addSearch(scope, site, { ...deps, limiter })
    addFeeds(scope, site, { ...deps, limiter })
  })
  addTopics(web, site, cached)
  addPeriods(web, site, cached)
  addArchive(web, site, cached)
  addScorecard(web, site, cached)
  addRobots(web, site, deps)
}
