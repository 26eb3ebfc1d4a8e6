import { QUICKEST } from '../../../support/app.ts'
import { paperOf, paperRow } from '../../../support/papers.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

export const PAPERS = 1_500

/**
 * Opens a site with many papers. “model” is in every abstract and “lattice” in the title of three old papers, “sandpit” in
 * the abstract of one of them.
 */
export async function openSearchSite(): Promise<TestSite> {
  const site = await openSite({ shape: QUICKEST })
  await site.app.ledger.db
    .insertInto('papers')
    .values(
      Array.from({ length: PAPERS }, (_, n) =>
        paperRow(
          paperOf(`p${n}`, {
            title: n < 3 ? `A lattice model numbered ${n}` : `A study numbered ${n}`,
            abstract: `We train a model of languages${n === 1 ? ' and of a sandpit' : ''}. Its results are new.`,
          }),
          `20${String(10 + Math.floor(n / 150)).padStart(2, '0')}-06-0${1 + (n % 9)}`,
        ),
      ),
    )
    .execute()
  return site
}
