import type { FastifyInstance } from 'fastify'
import { SITEMAP_ADDRESSES_MAX } from '../../../config/limits-web.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { Site } from '../layout/page.ts'
import { sendRendered } from '../layout/site.ts'
import { basePathOf } from '../requests/mount.ts'

/** Pages that only the holder of an emailed link should open. */
const PRIVATE_PATHS = [
  '/confirm/',
  '/unsubscribe/',
  '/preferences/',
  '/feedback/',
  '/digest/',
  '/address/',
  '/restore-address/',
  '/fresh-link/',
  '/admin',
]

/** `/robots.txt` (RFC 9309) and `/sitemap.xml` (sitemaps.org): days and papers. */
export function addRobots(web: FastifyInstance, { brand, links }: Site, { ledger }: { readonly ledger: Stores }): void {
  web.get('/robots.txt', async (request, reply) => {
    const forbidden = [...PRIVATE_PATHS, '/search?', '/sample'].map(
      (path) => `Disallow: ${basePathOf(brand.publicUrl)}${path}`,
    )
    const lines = ['User-agent: *', ...forbidden]
    const text = [...lines, '', `Sitemap: ${brand.publicUrl}/sitemap.xml`, ''].join('\n')
    return sendRendered(request, reply, text, 'text/plain; charset=utf-8')
  })
  web.get('/sitemap.xml', async (request, reply) => {
    const { days, papers } = await ledger.editions.readAddresses(SITEMAP_ADDRESSES_MAX)
    const addresses = [
      `${brand.publicUrl}/`,
      `${brand.publicUrl}/scorecard`,
      ...days.map(links.edition),
      ...papers.map(links.paper),
    ]
    const urls = addresses.map((address) => `<url><loc>${escapeXml(address)}</loc></url>`).join('\n')
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`
    return sendRendered(request, reply, xml, 'application/xml; charset=utf-8')
  })
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
