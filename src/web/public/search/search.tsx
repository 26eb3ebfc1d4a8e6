import type { FastifyInstance } from 'fastify'
import {
  QUERY_COST_PER_COMPARED_WORD_MS,
  SEARCH_ALTERNATIVES_MAX,
  SEARCH_CHARS_MAX,
  SEARCH_PAGE_PAPERS,
  SEARCH_PAGES_MAX,
  SEARCH_WORDS_MAX,
} from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { SpellingIndex } from '../../../text/spelling.ts'
import type { Site } from '../../layout/page.ts'
import { renderPage, sendPrivatePage, sendRendered } from '../../layout/site.ts'
import { singleLine } from '../../requests/query-string.ts'
import { costOfSearch, type QueryLimiter } from './query-limiter.ts'
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
      answer(await find(ledger, search, spelling, spend)),
    )
  })
}

/** Returns why a search is too large, or null. */
export function faultOfQuery(text: string): string | null {
  if (text.length > SEARCH_CHARS_MAX) return `The search is longer than ${SEARCH_CHARS_MAX} characters.`
  if (wordsIn(text).length > SEARCH_WORDS_MAX) return `The search has more than ${SEARCH_WORDS_MAX} words.`
  if (alternativesIn(text) > SEARCH_ALTERNATIVES_MAX)
    return `The search has more than ${SEARCH_ALTERNATIVES_MAX} alternatives.`
  return null
}

function wordsIn(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}

function alternativesIn(text: string): number {
  return 1 + wordsIn(text).filter((word) => word.toLowerCase() === 'or').length
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

async function find(
  ledger: Stores,
  search: Search,
  spelling: () => Promise<SpellingIndex>,
  spend: (cost: number) => void,
): Promise<Found> {
  const ask = async (query: string) => {
    const result = await ledger.editions.searchPapers({
      query,
      from: search.from,
      to: search.to,
      limit: SEARCH_PAGE_PAPERS,
      offset: (search.page - 1) * SEARCH_PAGE_PAPERS,
      // With that many alternatives, snippets cost as much as the search itself.
      snippets: alternativesIn(query) < SEARCH_ALTERNATIVES_MAX,
    })
    spend(costOfSearch(result))
    return result
  }
  const found = await ask(search.query)
  if (found.hits.length > 0 || search.page > 1) return { ...found, insteadOf: null }
  const { query: meant, compared } = (await spelling()).respell(search.query)
  spend(compared * QUERY_COST_PER_COMPARED_WORD_MS)
  if (meant === null) return { ...found, insteadOf: null }
  const second = await ask(meant)
  return { ...second, insteadOf: second.hits.length === 0 ? null : meant }
}
