import type { Entry } from '../../domain/edition.ts'
import type { Selection } from '../../domain/parcel.ts'
import { cached } from '../../platform/cache.ts'
import { explainAuthor, explainLearned, explainMatch, explainNear } from '../../ranking/explain.ts'

/** Reasons by paper and interest. All subscribers with the same interest share one string. */
export type ReasonCache = Map<Entry, Map<string, string>>

/** Returns a function that explains why a paper is in one subscriber's digest. */
export function explaining(choice: Selection, cache: ReasonCache): (entry: Entry) => string {
  // A lookup in a Map is faster than in an object with ids as keys, and most of a hundred papers are not in it.
  const follows = new Map(Object.entries(choice.follows))
  const matches = new Map(Object.entries(choice.matches))
  const learned = new Map(Object.entries(choice.learned ?? {}))
  const near = new Map(Object.entries(choice.near ?? {}))
  return (entry) => {
    const { why, paper } = entry
    const author = follows.get(paper.id)
    if (author !== undefined) return explainAuthor(author, why)
    const interest = matches.get(paper.id)
    if (interest !== undefined) return once(cache, entry, interest, () => explainMatch(interest, why))
    const words = learned.get(paper.id)
    if (words !== undefined) return explainLearned(words, why)
    const like = near.get(paper.id)
    return like === undefined ? why : explainNear(like, why)
  }
}

function once(cache: ReasonCache, entry: Entry, interest: string, make: () => string): string {
  const reasons = cache.get(entry) ?? new Map<string, string>()
  cache.set(entry, reasons)
  return cached(reasons, interest, WHYS_KEPT_MAX, make)
}

/** Returns the sentence that says how the papers of a digest were chosen. */
export function interestsOf({ interests, matches, follows, near, learned }: Selection): string {
  const byFeedback = learned === undefined ? '' : '; and by what you asked more of'
  // If no paper matches an interest, the digest must not claim that its papers do.
  if (
    interests.length > 0 &&
    [matches, follows, near ?? {}, learned ?? {}].every((each) => Object.keys(each).length === 0)
  )
    return `Nothing new matches your interests (${interests.join(', ')}): these are the most voted papers.`
  if (interests.length > 0) return `Chosen for your interests: ${interests.join(', ')}${byFeedback}.`
  return learned === undefined
    ? 'You have named no interests yet: the papers are in the order of the day’s votes. Add some in your preferences.'
    : 'Chosen by votes and by what you asked more of. What was learnt of it stands in your preferences.'
}

/** Per paper. Most subscribers share a few hundred interests. */
const WHYS_KEPT_MAX = 1_000
