import type { FastifyInstance } from 'fastify'
import { SEARCH_CHARS_MAX, SEARCH_PAGE_PAPERS, SEARCH_PAGES_MAX, VOCABULARY_KEPT_MS } from '../../config/limits.ts'
import { createLoadingCache } from '../cache.ts'
import { type Day, parseDay } from '../day.ts'
import { distance } from '../distance.ts'
import type { Database } from '../ledger/database.ts'
import { type Hit, readVocabulary, searchPapers } from '../ledger/search.ts'
import { lineOf } from './asked.ts'
import { SearchPage } from './search-page.tsx'
import { renderPage, type Site, sendPrivatePage, sendRendered } from './site.ts'

/** What was asked for, checked. */
export interface Search {
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  /** From 1. */
  readonly page: number
}

export interface Found {
  readonly hits: readonly Hit[]
  readonly total: number
  /** The query that was answered instead, when nothing matched what was typed. */
  readonly insteadOf: string | null
}

type Checked = { readonly ok: true; readonly search: Search } | { readonly ok: false; readonly faults: string[] }

/** `GET /search?q=&from=&to=&page=`: ranked full text over every paper that is kept. */
export function addSearch(web: FastifyInstance, site: Site, { db }: { readonly db: Database }): void {
  const vocabulary = createVocabulary(db, site)
  web.get<{ Querystring: Record<string, unknown> }>('/search', async (request, reply) => {
    const checked = checkSearch(request.query)
    const head = { title: 'Search', canonical: '/search', current: 'search' as const }
    const typed = lineOf(request.query.q).slice(0, SEARCH_CHARS_MAX)
    if (!checked.ok) {
      const search = { query: typed, from: null, to: null, page: 1 }
      const content = <SearchPage search={search} found={null} faults={checked.faults} />
      return sendPrivatePage(reply, site, { ...head, canonical: null, content }, 400)
    }
    const { search } = checked
    const found = search.query === '' ? null : await find(db, search, vocabulary)
    const content = <SearchPage search={search} found={found} faults={[]} />
    const title = search.query === '' ? 'Search' : `${search.query}: papers`
    return sendRendered(request, reply, renderPage(site, { ...head, title, content }))
  })
}

function checkSearch(query: Record<string, unknown>): Checked {
  const faults: string[] = []
  const text = lineOf(query.q)
  if (text.length > SEARCH_CHARS_MAX) faults.push(`The search is longer than ${SEARCH_CHARS_MAX} characters.`)
  const date = (name: 'from' | 'to'): Day | null => {
    const given = lineOf(query[name])
    const day = given === '' ? null : parseDay(given)
    if (given !== '' && day === null) faults.push(`“${given.slice(0, 20)}” is not a day. Write it as in 2026-11-24.`)
    return day
  }
  const [from, to] = [date('from'), date('to')]
  if (from !== null && to !== null && from > to) faults.push('The first day is after the last.')
  const page = lineOf(query.page) === '' ? 1 : Number(lineOf(query.page))
  if (!Number.isInteger(page) || page < 1 || page > SEARCH_PAGES_MAX)
    faults.push(`There are pages 1 to ${SEARCH_PAGES_MAX}; name more words to find fewer papers.`)
  return faults.length > 0 ? { ok: false, faults } : { ok: true, search: { query: text, from, to, page } }
}

async function find(db: Database, search: Search, vocabulary: () => Promise<Map<string, number>>): Promise<Found> {
  const ask = (query: string) =>
    searchPapers(db, {
      query,
      from: search.from,
      to: search.to,
      limit: SEARCH_PAGE_PAPERS,
      offset: (search.page - 1) * SEARCH_PAGE_PAPERS,
    })
  const found = await ask(search.query)
  if (found.hits.length > 0 || search.page > 1) return { ...found, insteadOf: null }
  const meant = respelt(search.query, await vocabulary())
  if (meant === null) return { ...found, insteadOf: null }
  const second = await ask(meant)
  return { ...second, insteadOf: second.hits.length === 0 ? null : meant }
}

/** Each unknown word replaced by the commonest title word that is one or two slips away; null when nothing changed. */
export function respelt(query: string, vocabulary: ReadonlyMap<string, number>): string | null {
  const changed = query.replace(/\p{L}{4,}/gu, (word) => {
    const typed = word.toLowerCase()
    if (vocabulary.has(typed)) return word
    const slips = typed.length < 7 ? 1 : 2
    let best: { word: string; slips: number; titles: number } | null = null
    for (const [known, titles] of vocabulary) {
      if (Math.abs(known.length - typed.length) > slips) continue
      const apart = distance(typed, known)
      if (apart > slips) continue
      if (best === null || apart < best.slips || (apart === best.slips && titles > best.titles))
        best = { word: known, slips: apart, titles }
    }
    return best?.word ?? word
  })
  return changed === query ? null : changed
}

function createVocabulary(db: Database, { clock }: Site): () => Promise<Map<string, number>> {
  const cache = createLoadingCache<Map<string, number>>({ max: 1, expiry: { ms: VOCABULARY_KEPT_MS, clock } })
  return () => cache('titles', () => readVocabulary(db))
}
