import { SPELLING_PAPERS, SPELLING_REFRESH_MS, SPELLING_TITLES_PER_READ } from '../../../../config/limits-web.ts'
import type { TitleCursor } from '../../../ledger/editions/search.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createSpellingIndex, type SpellingIndex } from '../../../text/spelling.ts'

/**
 * Returns the spelling index of the words in titles. It is built once per process and then extended by new titles, so
 * that a request never reads the titles of years.
 */
export function createSearchSpelling(ledger: Stores, clock: Clock): () => Promise<SpellingIndex> {
  const index = createSpellingIndex()
  let cursor: TitleCursor | null = null
  let begun = false
  const cache = createLoadingCache<SpellingIndex>({ max: 1, expiry: { ms: SPELLING_REFRESH_MS, clock } })
  const refresh = async () => {
    if (!begun) cursor = await ledger.editions.findTitleStart(SPELLING_PAPERS)
    begun = true
    for (;;) {
      const read = await ledger.editions.readTitles(cursor, SPELLING_TITLES_PER_READ)
      index.add(read.titles)
      cursor = read.cursor
      if (read.titles.length < SPELLING_TITLES_PER_READ) return index
    }
  }
  return () => cache('titles', refresh)
}
