import {
  QUERY_COST_PER_COMPARED_WORD_MS,
  SEARCH_FEED_PAPERS_MAX,
  SEARCH_FEW_PAPERS,
  SEARCH_PAGE_PAPERS,
} from '../../../../config/limits-web.ts'
import type { FeedPaper } from '../../../ledger/editions/feed-papers.ts'
import type { SearchOptions } from '../../../ledger/editions/search.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { SpellingIndex } from '../../../text/spelling.ts'
import { filterOf, type Search } from './check-search.ts'
import { costOfSearch } from './query-limiter.ts'
import type { Found } from './search-results.tsx'

/**
 * Returns a page of results. If there are few, it searches also with corrected spelling, and if there are still none, for papers that
 * have all words but one.
 */
export async function findPapers(
  ledger: Stores,
  search: Search,
  spelling: () => Promise<SpellingIndex>,
  spend: (cost: number) => void,
): Promise<Found> {
  const ask = async (query: string, relaxed = false) => {
    const result = await ledger.editions.searchPapers({ ...optionsOf(search), query, relaxed })
    spend(costOfSearch(result))
    return result
  }
  const found = { ...(await ask(search.query)), insteadOf: null, also: null, relaxed: false }
  if (search.page > 1 || found.more || found.total >= SEARCH_FEW_PAPERS || search.query === '') return found
  const { query: meant, compared } = (await spelling()).respell(search.query)
  spend(compared * QUERY_COST_PER_COMPARED_WORD_MS)
  if (meant !== null) {
    const corrected = await ask(meant)
    if (found.total === 0 && corrected.total > 0) return { ...found, ...corrected, insteadOf: meant }
    const known = new Set(found.hits.map(({ paper }) => paper.id))
    const hits = corrected.hits.filter(({ paper }) => !known.has(paper.id))
    if (hits.length > 0) return { ...found, also: { query: meant, hits } }
  }
  if (found.total > 0) return found
  return { ...found, ...(await ask(meant ?? search.query, true)), relaxed: true }
}

function optionsOf(search: Search): Omit<SearchOptions, 'query'> {
  return {
    from: search.from,
    to: search.to,
    filter: filterOf(search),
    order: search.order,
    limit: SEARCH_PAGE_PAPERS,
    offset: (search.page - 1) * SEARCH_PAGE_PAPERS,
  }
}

/** Returns the newest papers for a search without dates, as a feed lists them. */
export async function findNewPapers(
  ledger: Stores,
  query: string,
  spend: (cost: number) => void,
): Promise<FeedPaper[]> {
  const result = await ledger.editions.searchPapers({
    query,
    from: null,
    to: null,
    order: 'newest',
    limit: SEARCH_FEED_PAPERS_MAX,
    offset: 0,
  })
  spend(costOfSearch(result))
  return ledger.editions.readFeedPapers(result.hits.map(({ paper }) => paper.id))
}
