import { SEED_PAPERS_SHOWN_MAX, SEED_PROPOSALS_MAX } from '../../../config/limits-subscriptions.ts'
import { type Paper, titleKey } from '../../domain/paper.ts'
import { proposeInterests } from '../../ranking/review/propose-interests.ts'
import type { InterestPreviews } from '../interests/interest-preview.ts'
import { readSeeds } from './read-seeds.ts'

export interface ProposeDeps {
  readonly interests: Pick<InterestPreviews, 'recent'>
  readonly editions: {
    readPapersOfWorks(wanted: {
      readonly ids: readonly string[]
      readonly titles: readonly string[]
    }): Promise<readonly Paper[]>
  }
}

/** Interests and liked papers that fit a reader’s own works. They are not saved. */
export interface Proposals {
  readonly interests: readonly string[]
  /** Works that the ledger has. */
  readonly papers: readonly Paper[]
  /** How many works were read. */
  readonly works: number
  readonly faults: readonly string[]
}

/** Proposes interests from a pasted list or a file. `taken` are interests that the reader already has. */
export async function proposeFromWorks(
  text: string,
  taken: readonly string[],
  { interests, editions }: ProposeDeps,
): Promise<Proposals> {
  const { works, faults } = await readSeeds(text, () => new Promise((resolve) => setImmediate(resolve)))
  const papers =
    works.length === 0
      ? []
      : await editions.readPapersOfWorks({
          ids: works.flatMap(({ id }) => id ?? []),
          titles: works.flatMap(({ title }) => title ?? []),
        })
  const known = new Map(
    papers.flatMap((paper) => [[paper.id, paper] as const, [titleKey(paper.title), paper] as const]),
  )
  const texts = works.flatMap(({ id, title, keywords }) => {
    const paper = known.get(id ?? '') ?? known.get(titleKey(title ?? ''))
    if (paper !== undefined) return [{ ...paper, keywords: [...paper.keywords, ...keywords] }]
    return title === null ? [] : [{ title, abstract: '', keywords }]
  })
  const recent = await interests.recent()
  return {
    interests: proposeInterests(texts, { pool: recent?.pool ?? null, taken, max: SEED_PROPOSALS_MAX }),
    papers: papers.slice(0, SEED_PAPERS_SHOWN_MAX),
    works: works.length,
    faults,
  }
}
