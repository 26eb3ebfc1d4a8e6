import { MATCHING_EDITION_MS, MATCHING_PAPERS_MAX } from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { Edition, Entry } from '../domain/edition.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { Chooser } from '../ranking/selection.ts'

/** Which of the newest edition's papers an interest would have brought. */
export interface Matching {
  readonly day: Day
  /** How many papers match. */
  readonly matches: number
  /** The first of them. */
  readonly papers: readonly { readonly title: string; readonly url: string; readonly interest: string }[]
}

export interface MatchingParts {
  readonly readNewest: () => Promise<Edition | null>
  readonly createChooser: (entries: readonly Entry[]) => Chooser
  readonly paperUrl: (id: string) => string
  readonly clock: Clock
}

/**
 * Matches interests by the same choice that makes digests. The edition is read once a minute at most and its words
 * are folded once, so that a letter typed costs a look-up and no query. Null when there is no edition yet.
 */
export function createMatching(parts: MatchingParts): (interests: readonly string[]) => Promise<Matching | null> {
  const cache = createLoadingCache<{ day: Day; choose: Chooser } | null>({
    max: 1,
    expiry: { ms: MATCHING_EDITION_MS, clock: parts.clock },
  })
  const loadNewest = async () => {
    const found = await parts.readNewest()
    return found === null ? null : { day: found.day, choose: parts.createChooser(found.entries) }
  }
  return async (interests) => {
    const edition = await cache('newest', loadNewest)
    if (edition === null) return null
    const chosen = edition.choose({ interests, muted: [], authors: [], length: 1, mix: 100 }, new Set())
    const matching = chosen.filter((each) => each.interest !== null)
    return {
      day: edition.day,
      matches: matching.length,
      papers: matching.slice(0, MATCHING_PAPERS_MAX).map(({ entry, interest }) => ({
        title: entry.paper.title,
        url: parts.paperUrl(entry.paper.id),
        interest: interest ?? '',
      })),
    }
  }
}
