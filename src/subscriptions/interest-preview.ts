import { INTEREST_PREVIEW_EDITION_MS, INTEREST_PREVIEW_PAPERS_MAX } from '../../config/limits-subscriptions.ts'
import type { Day } from '../domain/day.ts'
import type { Edition } from '../domain/edition.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { createChooser } from '../ranking/selection/choose.ts'
import type { Chooser } from '../ranking/selection/selection.ts'

/** The papers of the newest edition that match some interests. */
export interface InterestPreview {
  readonly day: Day
  /** How many papers match. */
  readonly matches: number
  /** The first matches. */
  readonly papers: readonly { readonly title: string; readonly url: string; readonly interest: string }[]
}

export interface NewestEdition {
  readNewestDay(): Promise<Day | null>
  readEdition(day: Day): Promise<Edition | null>
}

export interface InterestPreviewDeps {
  readonly editions: NewestEdition
  readonly paperUrl: (id: string) => string
  readonly clock: Clock
}

/**
 * Matches interests with the selection that builds digests. The edition is read at most once a minute and its words are
 * folded once, so a keystroke costs no query. Resolves with null when there is no edition yet.
 */
export function createInterestPreview(
  deps: InterestPreviewDeps,
): (interests: readonly string[]) => Promise<InterestPreview | null> {
  const cache = createLoadingCache<{ day: Day; choose: Chooser } | null>({
    max: 1,
    expiry: { ms: INTEREST_PREVIEW_EDITION_MS, clock: deps.clock },
  })
  const loadNewest = async () => {
    const day = await deps.editions.readNewestDay()
    const found = day === null ? null : await deps.editions.readEdition(day)
    return found === null ? null : { day: found.day, choose: createChooser(found.entries) }
  }
  return async (interests) => {
    const edition = await cache('newest', loadNewest)
    if (edition === null) return null
    const chosen = edition.choose(
      { interests, mutedTerms: [], authors: [], featuredCount: 1, interestShare: 100 },
      new Set(),
    )
    const matching = chosen.filter((each) => each.interest !== null)
    return {
      day: edition.day,
      matches: matching.length,
      papers: matching.slice(0, INTEREST_PREVIEW_PAPERS_MAX).map(({ entry, interest }) => ({
        title: entry.paper.title,
        url: deps.paperUrl(entry.paper.id),
        interest: interest ?? '',
      })),
    }
  }
}
