import type { FastifyInstance } from 'fastify'
import { SEARCH_CHARS_MAX, SEARCH_PAGES_MAX } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { Site } from '../../layout/page.ts'
import { renderPage, sendPrivatePage, sendRendered } from '../../layout/site.ts'
import { singleLine } from '../../requests/query-string.ts'
import { faultOfQuery } from './check-query.ts'
import { findPapers } from './find-papers.ts'
import type { QueryLimiter } from './query-limiter.ts'
import { type Found, type Search, SearchPage } from './search-page.tsx'
import { createSearchSpelling } from './search-spelling.ts'

interface SearchDeps {
  readonly ledger: Stores
  readonly limiter: QueryLimiter
}

type Checked = { readonly ok: true; readonly search: Search } | { readonly ok: false; readonly faults: string[] }

/** `GET /search?q=&from=&to=&page=`: ranked full-text search over all stored papers. */
export function addSearch(web: FastifyInstance, site: Site, { ledger, limiter }: SearchDeps): void {
  const spelling = createSearchSpelling(ledger, site.clock)
  web.get<{ Querystring: Record<string, unknown> }>('/search', async (request, reply) => {
    const checked = checkSearch(request.query)
    const head = { title: 'Search', canonical: '/search', current: 'search' as const }
    const typed = singleLine(request.query.q).slice(0, SEARCH_CHARS_MAX)
    if (!checked.ok) {
      const search = { query: typed, from: null, to: null, page: 1 }
      const content = <SearchPage search={search} found={null} faults={checked.faults} />
      return sendPrivatePage(reply, site, { ...head, canonical: null, content }, 400)
    }
    const { search } = checked
    const answer = (found: Found | null) => {
      const content = <SearchPage search={search} found={found} faults={[]} />
      const title = search.query === '' ? 'Search' : `${search.query}: papers`
      return sendRendered(request, reply, renderPage(site, { ...head, title, content }))
    }
    if (search.query === '') return answer(null)
    return limiter.run(request, reply, search.query, async (spend) =>
      answer(await findPapers(ledger, search, spelling, spend)),
    )
  })
}

function checkSearch(query: Record<string, unknown>): Checked {
  const faults: string[] = []
  const text = singleLine(query.q)
  const tooMuch = faultOfQuery(text)
  if (tooMuch !== null) faults.push(tooMuch)
  const date = (name: 'from' | 'to'): Day | null => {
    const given = singleLine(query[name])
    const day = given === '' ? null : parseDay(given)
    if (given !== '' && day === null)
      faults.push(`“${given.slice(0, 20)}” is not a valid date. Write it as 2026-11-24.`)
    return day
  }
  const [from, to] = [date('from'), date('to')]
  if (from !== null && to !== null && from > to) faults.push('The start date is after the end date.')
  const page = singleLine(query.page) === '' ? 1 : Number(singleLine(query.page))
  if (!Number.isInteger(page) || page < 1 || page > SEARCH_PAGES_MAX)
    faults.push(`Only pages 1 to ${SEARCH_PAGES_MAX} are available. Add more words to narrow the search.`)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, search: { query: text, from, to, page } }
}
