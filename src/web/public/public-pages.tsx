import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import {
  ARCHIVE_PAGE_DAYS,
  PAGE_CACHE_MAX,
  PAGE_CACHE_MS,
  SEARCHES_PER_NETWORK_MINUTE,
} from '../../../config/limits-web.ts'
import { addDays, type Day, dayIn, parseDay } from '../../domain/day.ts'
import { canonicalId } from '../../domain/paper.ts'
import type { Stores } from '../../ledger/stores.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { networkOf } from '../../security/client-ip.ts'
import { paperPath } from '../../security/signed-links.ts'
import type { Page, Site } from '../layout/page.ts'
import { renderPage, sendRendered } from '../layout/site.ts'
import { ArchivePage } from './archive-page.tsx'
import { addDayPages } from './day/day-routes.tsx'
import { addFeed } from './feed.ts'
import { PaperPage } from './paper-page.tsx'
import { addRobots } from './robots.ts'
import { addScorecard } from './scorecard/scorecard.tsx'
import { createQueryLimiter } from './search/query-limiter.ts'
import { addSearch } from './search/search.tsx'

/** Dependencies of the public pages. */
export interface PublicPagesDeps {
  readonly ledger: Stores
  /** IANA time zone of the editions' days. */
  readonly timezone: string
  /** Returns a new token for the form of the banner. */
  readonly formToken: () => string
}

/** `/`, `/papers/:date`, `/archive`, `/paper/:id`, `/search`, `/feed.xml`, `/scorecard`, `/robots.txt`, `/sitemap.xml`. */
export function addPublicPages(web: FastifyInstance, site: Site, deps: PublicPagesDeps): void {
  addDayPages(web, site, deps)
  addArchive(web, site, deps)
  addPaper(web, site, deps)
  web.register(async (scope) => {
    // Search is expensive and uncacheable, so it is rate-limited.
    await scope.register(rateLimit, {
      max: SEARCHES_PER_NETWORK_MINUTE,
      timeWindow: 60_000,
      keyGenerator: ({ ip }) => networkOf(ip),
    })
    const limiter = createQueryLimiter(site)
    addSearch(scope, site, { ...deps, limiter })
    addFeed(scope, site, { ...deps, limiter })
  })
  addScorecard(web, site, deps)
  addRobots(web, site, deps)
}

function addArchive(web: FastifyInstance, site: Site, deps: PublicPagesDeps): void {
  const pages = createLoadingCache<string>({ max: PAGE_CACHE_MAX, expiry: { ms: PAGE_CACHE_MS, clock: site.clock } })
  web.get<{ Querystring: { before?: unknown } }>('/archive', async (request, reply) => {
    const before = parseDay(String(request.query.before ?? '')) ?? addDays(dayIn(deps.timezone, site.clock()), 1)
    const html = await pages(before, async () => renderPage(site, await archivePage(before, deps)))
    return sendRendered(request, reply, html)
  })
}

async function archivePage(before: Day, { ledger }: PublicPagesDeps): Promise<Page> {
  const days = await ledger.editions.readArchiveDays(before, ARCHIVE_PAGE_DAYS)
  const last = days.at(-1)?.day
  return {
    title: 'All days',
    description: 'All days with papers in the archive.',
    canonical: '/archive',
    current: 'archive',
    content: <ArchivePage days={days} older={days.length === ARCHIVE_PAGE_DAYS && last ? last : null} />,
  }
}

function addPaper(web: FastifyInstance, site: Site, { ledger }: PublicPagesDeps): void {
  web.get<{ Params: { '*': string } }>('/paper/*', async (request, reply) => {
    const asked = request.params['*']
    const id = canonicalId(asked)
    if (id === null) return reply.callNotFound()
    // Redirects a version such as `2603.07660v2` to the address of the paper.
    if (id !== asked) return reply.redirect(paperPath(id), 301)
    const record = await ledger.editions.readPaper(id)
    if (record === null) return reply.callNotFound()
    const { paper } = record
    const html = renderPage(site, {
      title: paper.title,
      description: paper.abstract.slice(0, DESCRIPTION_CHARS),
      canonical: paperPath(id),
      content: <PaperPage record={record} />,
    })
    return sendRendered(request, reply, html)
  })
}

const DESCRIPTION_CHARS = 200
