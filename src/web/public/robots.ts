import type { FastifyInstance } from 'fastify'
import { PAGE_CACHE_MS, SITEMAP_ADDRESSES_MAX } from '../../../config/limits-web.ts'
import { spanOf } from '../../domain/calendar-span.ts'
import { type Day, dayIn } from '../../domain/day.ts'
import { categoryPath, topicPath } from '../../domain/topics/topic-slug.ts'
import type { Stores } from '../../ledger/stores.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { escapeHtml } from '../../rendering/escape.ts'
import type { Site } from '../layout/page.ts'
import { sendRendered } from '../layout/site.ts'
import { basePathOf } from '../requests/mount.ts'
import { readRecentTopics } from './topics/recent-topics.ts'

/** Pages that only the holder of an emailed link should open. */
const PRIVATE_PATHS = [
  '/confirm/',
  '/unsubscribe/',
  '/preferences/',
  '/feedback/',
  '/digest/',
  '/feed/',
  '/saved/',
  '/address/',
  '/restore-address/',
  '/fresh-link/',
  '/admin',
]

interface RobotsDeps {
  readonly ledger: Stores
  readonly timezone: string
}

/** `/robots.txt` (RFC 9309) and `/sitemap.xml` (sitemaps.org): days, weeks, months, topics and papers. */
export function addRobots(web: FastifyInstance, site: Site, deps: RobotsDeps): void {
  const { brand, clock } = site
  const sitemaps = createLoadingCache<string>({ max: 1, expiry: { ms: PAGE_CACHE_MS, clock } })
  web.get('/robots.txt', async (request, reply) => {
    const forbidden = [...PRIVATE_PATHS, '/search?', '/sample'].map(
      (path) => `Disallow: ${basePathOf(brand.publicUrl)}${path}`,
    )
    const lines = ['User-agent: *', ...forbidden]
    const text = [...lines, '', `Sitemap: ${brand.publicUrl}/sitemap.xml`, ''].join('\n')
    return sendRendered(request, reply, text, 'text/plain; charset=utf-8')
  })
  web.get('/sitemap.xml', async (request, reply) => {
    const xml = await sitemaps('sitemap', () => sitemapOf(site, deps))
    return sendRendered(request, reply, xml, 'application/xml; charset=utf-8')
  })
}

async function sitemapOf({ brand, links, clock }: Site, { ledger, timezone }: RobotsDeps): Promise<string> {
  const { days, papers } = await ledger.editions.readAddresses(SITEMAP_ADDRESSES_MAX)
  const { keywords, categories } = await readRecentTopics(ledger, dayIn(timezone, clock()))
  const hasCode = await ledger.editions.hasStarReadings(clock())
  const paths = [
    ...['/', '/scorecard', '/topics', '/week', '/month', '/rising', ...(hasCode ? ['/code'] : []), '/archive'],
    ...keywords.map(({ key }) => topicPath(key)),
    ...categories.map(({ name }) => categoryPath(name)),
    ...spansWithPapers(days),
  ]
  const addresses = [
    ...paths.map((path) => `${brand.publicUrl}${path}`),
    ...days.map(links.edition),
    ...papers.map(links.paper),
  ].slice(0, 2 * SITEMAP_ADDRESSES_MAX)
  const urls = addresses.map((address) => `<url><loc>${escapeHtml(address)}</loc></url>`).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`
}

/** Returns the paths of the weeks and months of these days. */
function spansWithPapers(days: readonly Day[]): Set<string> {
  return new Set(
    days.flatMap((day) => {
      const month = spanOf('month', day).name
      return [`/week/${spanOf('week', day).name}`, `/month/${month}`, `/archive/${month}`]
    }),
  )
}
