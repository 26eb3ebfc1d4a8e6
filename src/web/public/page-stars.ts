import type { StarGrowth } from '../../domain/stars.ts'
import type { Stores } from '../../ledger/stores.ts'

/** The stars of the code of a page’s papers. */
export interface PageStars {
  readonly growths: ReadonlyMap<string, StarGrowth>
  /** Whether there is a list of trending code. */
  readonly hasCode: boolean
}

/** Reads the stars for the papers of a page. Without readings nothing is shown. */
export async function readPageStars(
  { editions }: Pick<Stores, 'editions'>,
  papers: readonly { readonly paper: { readonly id: string } }[],
  at: Date,
): Promise<PageStars> {
  const hasCode = await editions.hasStarReadings(at)
  const ids = hasCode ? papers.map(({ paper }) => paper.id) : []
  return { growths: await editions.readStarGrowth(ids, at), hasCode }
}
