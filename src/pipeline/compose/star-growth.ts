import { STARS_NAMED_MAX, STARS_SETTLE_MINUTES } from '../../../config/limits-stars.ts'
import type { Entry } from '../../domain/edition.ts'
import { gainedStarsWords, isNotable, repositoryOf, type StarGrowth } from '../../domain/stars.ts'
import { say } from '../../language/language.ts'

/** The readings of stars, as the ledger implements them. */
export interface StarGrowths {
  /** Returns the growth of those of the papers that have two recent readings, from the readings stored up to a moment. */
  readStarGrowth(ids: readonly string[], at: Date): Promise<ReadonlyMap<string, StarGrowth>>
}

/**
 * Adds to candidates how many stars their code has and gained, and names the largest growths in the reasons. The order does not
 * change. `at` is the frozen moment of the votes, and a reading counts only if it was stored some minutes before. Storing takes
 * seconds, so each later call sees the same readings, and a digest that is composed again has the same bytes.
 */
export async function withStarGrowth(
  entries: readonly Entry[],
  at: Date | null,
  store: StarGrowths,
): Promise<readonly Entry[]> {
  const ids = entries.flatMap(({ paper }) => (repositoryOf(paper.links.code) === null ? [] : [paper.id]))
  if (at === null || ids.length === 0) return entries
  const growths = await store.readStarGrowth(ids, new Date(at.getTime() - STARS_SETTLE_MINUTES * 60_000))
  if (growths.size === 0) return entries
  const named = largest(growths)
  return entries.map((entry) => {
    const growth = growths.get(entry.paper.id)
    if (growth === undefined) return entry
    const inReason = named.has(entry.paper.id)
    const why = inReason ? say('why.code', { why: entry.why, gained: gainedStarsWords(growth) }) : entry.why
    return { ...entry, why, growth: { ...growth, inReason } }
  })
}

/** Returns the ids of the papers whose growth is notable and among the largest. */
function largest(growths: ReadonlyMap<string, StarGrowth>): ReadonlySet<string> {
  const notable = [...growths].filter(([, growth]) => isNotable(growth))
  notable.sort(([a, one], [b, other]) => other.gained - one.gained || (a < b ? -1 : 1))
  return new Set(notable.slice(0, STARS_NAMED_MAX).map(([id]) => id))
}
