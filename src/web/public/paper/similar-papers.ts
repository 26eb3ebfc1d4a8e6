import { setImmediate } from 'node:timers/promises'
import { SIMILAR_ARCHIVE_PAPERS, SIMILAR_PAPERS_SHOWN } from '../../../../config/limits-paper.ts'
import type { Paper } from '../../../domain/paper.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { createLoadingCache } from '../../../platform/cache.ts'
import { indexSimilarPapers, type SimilarPaper, type SimilarPapers } from '../../../ranking/similar.ts'

/** The index of the papers of the newest lists. */
export interface SimilarPapersIndex {
  /** Reads the papers, unless the newest are already indexed. */
  load(): Promise<SimilarPapers | null>
  /** Returns the papers that are similar to a paper. */
  find(paper: Paper): Promise<readonly SimilarPaper[]>
}

/**
 * Keeps one index of the newest papers. After a new edition the old index answers until the new one is ready, so that
 * only the first request of a process waits.
 */
export function createSimilarPapersIndex({ editions }: Pick<Stores, 'editions'>): SimilarPapersIndex {
  const indexes = createLoadingCache<SimilarPapers>({ max: 1 })
  let latest: SimilarPapers | null = null
  const load = async () => {
    const newest = await editions.readNewestRevision()
    if (newest === null) return null
    const { day, revision } = newest
    return indexes(`${day} ${revision}`, async () => {
      const papers = await editions.readArchivePapers(day, SIMILAR_ARCHIVE_PAPERS)
      latest = await indexSimilarPapers(papers, () => setImmediate())
      return latest
    })
  }
  return {
    load,
    async find(paper) {
      const loading = load()
      // A failed load is repeated by the next request.
      loading.catch(() => undefined)
      return (latest ?? (await loading))?.to(paper, SIMILAR_PAPERS_SHOWN) ?? []
    },
  }
}
