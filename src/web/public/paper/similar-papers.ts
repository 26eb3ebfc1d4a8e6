import { setImmediate } from 'node:timers/promises'
import { SIMILAR_ARCHIVE_PAPERS, SIMILAR_PAPERS_SHOWN } from '../../../../config/limits-paper.ts'
import type { Paper } from '../../../domain/paper.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { indexSimilarPapers, type SimilarPaper, type SimilarPapers } from '../../../ranking/similar.ts'

/** Returns the papers of the newest lists that are similar to a paper. */
export type FindSimilar = (paper: Paper) => Promise<readonly SimilarPaper[]>

/**
 * Keeps one index of the newest papers. After a new edition the old index answers until the new one is ready, so that
 * only the first request of a process waits.
 */
export function createFindSimilar({ editions }: Pick<Stores, 'editions'>): FindSimilar {
  const indexes = createLoadingCache<SimilarPapers>({ max: 1 })
  let latest: SimilarPapers | null = null
  return async (paper) => {
    const revision = await editions.readNewestRevision()
    if (revision === null) return []
    const loading = indexes(revision, async () => {
      latest = await indexSimilarPapers(await editions.readNewestWords(SIMILAR_ARCHIVE_PAPERS), () => setImmediate())
      return latest
    })
    if (latest === null) return (await loading).to(paper, SIMILAR_PAPERS_SHOWN)
    // A failed load is repeated by the next request.
    loading.catch(() => undefined)
    return latest.to(paper, SIMILAR_PAPERS_SHOWN)
  }
}
