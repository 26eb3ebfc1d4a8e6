import { afterEach } from '@jest/globals'
import { type Day, day } from '../../src/domain/day.ts'
import { type ArxivDeps, arxivSource } from '../../src/sources/arxiv/arxiv.ts'
import { createLimiter } from '../../src/sources/http/limiter.ts'
import { type Handler, notedSleep, startServer } from './servers/loopback-server.ts'

export const TUESDAY = day('2026-11-24')
export const NOW = new Date('2026-11-24T06:00:00Z')
const NAMES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"'

export const apiFeed = (entries: string, total = 1) =>
  `<?xml version='1.0' encoding='UTF-8'?><feed ${NAMES}><id>x</id><updated>2026-11-24T05:00:00Z</updated><opensearch:totalResults>${total}</opensearch:totalResults>${entries}</feed>`

export const apiEntry = (
  id: string,
  title = 'A title',
) => `<entry><id>http://arxiv.org/abs/${id}</id><title>${title}</title>
  <summary>Of $\\alpha$ &amp; a &lt; b.</summary><published>2026-11-23T17:00:00Z</published>
  <category term="cs.LG"/><category term="cs.CL"/><arxiv:primary_category term="cs.CL"/>
  <arxiv:comment>12 pages, code at https://github.com/a/b, under review</arxiv:comment>
  <author><name>Ada L.</name></author><author><name>Bo \\'E. K.</name></author></entry>`

export const rssFeed = (items: string, on = 'Tue, 24 Nov 2026 00:00:00 -0500') =>
  `<?xml version='1.0'?><rss ${NAMES} version="2.0"><channel><title>cs.CL</title><pubDate>${on}</pubDate><skipDays><day>Sunday</day><day>Saturday</day></skipDays>${items}</channel></rss>`

export const rssItem = (
  id: string,
  type: string,
) => `<item><title>Item ${id}</title><link>https://arxiv.org/abs/${id}</link>
  <description>arXiv:${id}v1 Announce Type: ${type} \nAbstract: The abstract: of it.</description><guid isPermaLink="false">oai:arXiv.org:${id}v1</guid>
  <category>cs.CL</category><category>cs.AI</category><pubDate>Tue, 24 Nov 2026 00:00:00 -0500</pubDate>
  <arxiv:announce_type>${type}</arxiv:announce_type><dc:creator>Ada L., Bo K. (Lab, City), Jos\\'e</dc:creator></item>`

export let stop = async () => {}
afterEach(() => stop())

/** Reads a day from a server with these answers. */
export async function readArxiv(of: Day, handlers: readonly Handler[], more: Partial<ArxivDeps> = {}) {
  const server = await startServer(...handlers)
  stop = server.stop
  const { sleep } = notedSleep()
  const limiter = createLimiter({ intervalMs: 0, now: () => 0, sleep })
  const parts = {
    baseUrl: server.baseUrl,
    feedUrl: null,
    categories: ['cs.CL', 'cs.AI'],
    userAgent: 'Paperround/0.1 (+x)',
    clock: () => NOW,
    sleep,
    limiter,
  }
  const source = arxivSource({ ...parts, ...more, ...(more.feedUrl == null ? {} : { feedUrl: server.baseUrl }) })
  return { answer: await source.read(of), requests: server.requests }
}
