import { SPELLING_PAPERS, SPELLING_PAPERS_PER_READ, SPELLING_REFRESH_MS } from '../../../../config/limits-web.ts'
import type { PaperCursor } from '../../../ledger/editions/search-words.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createSpellingIndex, type SpellingIndex } from '../../../text/spelling.ts'

/**
 * Returns the spelling index of the words in titles, keywords, organisations and authors. It is built once per process and then
 * extended by new papers, so that a request never reads the titles of years.
 */
export function createSearchSpelling(ledger: Stores, clock: Clock): () => Promise<SpellingIndex> {
  const index = createSpellingIndex()
  let cursor: PaperCursor | null = null
  let begun = false
  const cache = createLoadingCache<SpellingIndex>({ max: 1, expiry: { ms: SPELLING_REFRESH_MS, clock } })
  const refresh = async () => {
    if (!begun) cursor = await ledger.editions.findNamesStart(SPELLING_PAPERS)
    begun = true
    for (;;) {
      const read = await ledger.editions.readNames(cursor, SPELLING_PAPERS_PER_READ)
      for (const { title, keywords, organization, authors } of read.names)
        index.add([title, ...keywords, organization ?? '', ...authors])
      cursor = read.cursor
      if (read.names.length < SPELLING_PAPERS_PER_READ) return index
    }
  }
  return () => cache('names', refresh)
}
