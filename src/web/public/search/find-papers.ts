import {
  QUERY_COST_PER_COMPARED_WORD_MS,
  SEARCH_ALTERNATIVES_MAX,
  SEARCH_FEED_PAPERS_MAX,
  SEARCH_PAGE_PAPERS,
} from '../../../../config/limits-web.ts'
import type { FeedPaper } from '../../../ledger/editions/feed-papers.ts'
import type { Stores } from '../../../ledger/stores.ts'
import type { SpellingIndex } from '../../../text/spelling.ts'
import { alternativesIn } from './check-query.ts'
import { costOfSearch } from './query-limiter.ts'
import type { Found, Search } from './search-page.tsx'

/** Returns a page of results. If there are none, it searches again with corrected spelling. */
export async function findPapers(
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

/** Returns the best papers for a search without dates, for its feed. */
export async function findNewPapers(
  ledger: Stores,
  query: string,
  spend: (cost: number) => void,
): Promise<FeedPaper[]> {
  const result = await ledger.editions.searchPapers({
    query,
    from: null,
    to: null,
    limit: SEARCH_FEED_PAPERS_MAX,
    offset: 0,
    snippets: false,
  })
  spend(costOfSearch(result))
  return ledger.editions.readFeedPapers(result.hits.map(({ paper }) => paper.id))
}
