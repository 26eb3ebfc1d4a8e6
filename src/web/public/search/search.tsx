import type { FastifyInstance } from 'fastify'
import { SEARCH_CHARS_MAX } from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { arxivIdIn } from '../../../ranking/search/arxiv-query.ts'
import { interestsOf } from '../../../ranking/search/query-parts.ts'
import { paperPath } from '../../../security/signed-links.ts'
import type { Site } from '../../layout/page.ts'
import { renderPage, sendPrivatePage, sendRendered } from '../../layout/site.ts'
import { singleLine } from '../../requests/query-string.ts'
import { loadAfterStart } from '../load-after-start.ts'
import { asksForPapers, checkSearch, EMPTY_SEARCH, filterOf } from './check-search.ts'
import { findPapers } from './find-papers.ts'
import type { QueryLimiter } from './query-limiter.ts'
import { type Answer, SearchContext, SearchPage } from './search-page.tsx'
import { feedPathOf } from './search-results.tsx'
import { createSearchSpelling } from './search-spelling.ts'

interface SearchDeps {
  readonly ledger: Stores
  readonly limiter: QueryLimiter
}

/**
 * `GET /search?q=&from=&to=&sort=&code=&category=&org=&keyword=&page=`: ranked full-text search over all stored papers. An arXiv id,
 * or the address of a paper at arXiv or Hugging Face, leads to the paper.
 */
export function addSearch(web: FastifyInstance, site: Site, { ledger, limiter }: SearchDeps): void {
  const spelling = createSearchSpelling(ledger, site.clock)
  loadAfterStart(web, spelling)
  web.get<{ Querystring: Record<string, unknown> }>('/search', async (request, reply) => {
    const checked = checkSearch(request.query)
    const head = { title: say('nav.search'), canonical: '/search', current: 'search' as const }
    if (!checked.ok) {
      const search = { ...EMPTY_SEARCH, query: singleLine(request.query.q).slice(0, SEARCH_CHARS_MAX) }
      const content = <SearchPage search={search} answer={{ kind: 'faults', faults: checked.faults }} />
      return sendPrivatePage(reply, site, { ...head, canonical: null, content }, 400)
    }
    const { search } = checked
    const send = (answer: Answer) => {
      const content = <SearchPage search={search} answer={answer} />
      const title = search.query === '' ? say('nav.search') : say('search.title', { query: search.query })
      const interests = interestsOf(search.query, filterOf(search))
      const feed = interests.length === 0 ? {} : { feed: feedPathOf(interests) }
      const beside = answer.kind === 'found' ? { context: <SearchContext search={search} found={answer.found} /> } : {}
      return sendRendered(request, reply, renderPage(site, { ...head, ...feed, ...beside, title, content }))
    }
    if (!asksForPapers(search)) return send({ kind: 'nothing-asked' })
    return limiter.run(request, reply, search.query, async (spend) => {
      const id = arxivIdIn(search.query)
      if (id === null) return send({ kind: 'found', found: await findPapers(ledger, search, spelling, spend) })
      return (await ledger.editions.readPaper(id)) === null
        ? send({ kind: 'not-listed', id })
        : reply.redirect(paperPath(id), 302)
    })
  })
}
