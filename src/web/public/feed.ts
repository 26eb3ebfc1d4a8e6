import type { FastifyInstance } from 'fastify'
import { Feed } from 'feed'
import { FEED_PAPERS_MAX, SEARCH_CHARS_MAX } from '../../../config/limits-web.ts'
import type { NewPaper } from '../../ledger/editions/public-queries.ts'
import type { Stores } from '../../ledger/stores.ts'
import { escapeHtml } from '../../rendering/escape.ts'
import { sendErrorPage } from '../layout/errors.tsx'
import type { Site } from '../layout/page.ts'
import { sendRendered } from '../layout/site.ts'
import { singleLine } from '../requests/query-string.ts'
import { faultOfQuery } from './search/check-query.ts'
import { findNewPapers } from './search/find-papers.ts'
import type { QueryLimiter } from './search/query-limiter.ts'

const AUTHORS_NAMED_MAX = 20
/** XML 1.0 §2.2 allows no control characters but these three. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** `GET /feed.xml`: the newest papers as Atom (RFC 4287). With `?q=`, the papers that match a search. */
export function addFeed(
  web: FastifyInstance,
  site: Site,
  { ledger, limiter }: { readonly ledger: Stores; readonly limiter: QueryLimiter },
): void {
  web.get<{ Querystring: { q?: unknown } }>('/feed.xml', async (request, reply) => {
    const query = singleLine(request.query.q).slice(0, SEARCH_CHARS_MAX)
    const send = (papers: readonly NewPaper[]) =>
      sendRendered(request, reply, atomOf(papers, query, site), 'application/atom+xml; charset=utf-8')
    if (query === '') return send(await ledger.editions.readNewPapers(FEED_PAPERS_MAX))
    const fault = faultOfQuery(query)
    if (fault !== null) return sendErrorPage(reply, site, 400, fault)
    return limiter.run(request, reply, query, async (spend) => send(await findNewPapers(ledger, query, spend)))
  })
}

function atomOf(papers: readonly NewPaper[], query: string, { brand, links }: Site): string {
  const { name, publicUrl } = brand
  const self = `${publicUrl}/feed.xml${query === '' ? '' : `?q=${encodeURIComponent(query)}`}`
  const newest = new Date(Math.max(0, ...papers.map(({ updatedAt }) => updatedAt.getTime())))
  const feed = new Feed({
    id: self,
    link: publicUrl,
    title: clean(query === '' ? `${name}: trending papers` : `${name}: ${query}`),
    updated: newest,
    copyright: 'Abstracts belong to their authors.',
    feedLinks: { atom: self },
  })
  for (const { paper, firstDay } of papers) {
    feed.addItem({
      id: links.paper(paper.id),
      link: links.paper(paper.id),
      // The feed declares title and description as HTML, so plain text must be escaped.
      title: escapeHtml(clean(paper.title)),
      description: escapeHtml(clean(paper.abstract)),
      // The day on which the paper entered the list. A corrected abstract does not make a paper new.
      date: new Date(`${firstDay}T00:00:00Z`),
      author: paper.authors.slice(0, AUTHORS_NAMED_MAX).map((author) => ({ name: clean(author) })),
    })
  }
  return feed.atom1()
}

function clean(text: string): string {
  return text.replace(NOT_XML, '')
}
