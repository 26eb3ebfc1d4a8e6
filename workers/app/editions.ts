import { EDITION_CACHE_MAX, LEXICON_PAPERS_MAX, LEXICON_PAPERS_MIN } from '../../config/limits.ts'
import type { Edition } from '../../src/domain/edition.ts'
import type { Stores } from '../../src/ledger/stores.ts'
import type { DigestEditions } from '../../src/pipeline/compose/pool.ts'
import { createLoadingCache } from '../../src/platform/cache.ts'
import { createLexicon, type Lexicon } from '../../src/ranking/words/lexicon.ts'
import type { Synonyms } from '../../src/ranking/words/synonyms.ts'

/**
 * Returns the editions for a composer, with two caches. Each parcel reads six editions and a weekly one seven, so an
 * edition is read once and then only asked for its revision. All digests of a day share one lexicon.
 */
export function cachedEditions(editions: Stores['editions'], synonyms: Synonyms): DigestEditions {
  const cache = createLoadingCache<Edition | undefined>({ max: EDITION_CACHE_MAX })
  const lexicons = createLoadingCache<Lexicon | null>({ max: 1 })
  return {
    ...editions,
    async readEdition(day) {
      const revision = await editions.readRevision(day)
      if (revision === null) return null
      return (await cache(`${day} ${revision}`, async () => (await editions.readEdition(day)) ?? undefined)) ?? null
    },
    async readLexicon(day) {
      return lexicons(`${day} ${await editions.readRevision(day)}`, async () => {
        const papers = await editions.readArchivePapers(day, LEXICON_PAPERS_MAX)
        return papers.length < LEXICON_PAPERS_MIN ? null : createLexicon(papers, synonyms)
      })
    },
  }
}
