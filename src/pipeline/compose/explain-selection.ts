import type { Entry } from '../../domain/edition.ts'
import type { Selection } from '../../domain/parcel.ts'
import { cached } from '../../platform/cache.ts'
import { explainAuthor, explainLearned, explainMatch, explainNear } from '../../ranking/explain.ts'

/** What was said of a paper to whom it matched, so that all readers are told it by one string. */
export type ReasonCache = Map<Entry, Map<string, string>>

/** Says of a paper why it is here for one reader. */
export function explaining(choice: Selection, told: ReasonCache): (entry: Entry) => string {
  // Of a hundred papers a few match, and a map is asked faster than an object with ids for names.
  const follows = new Map(Object.entries(choice.follows))
  const matches = new Map(Object.entries(choice.matches))
  const learned = new Map(Object.entries(choice.learned ?? {}))
  const near = new Map(Object.entries(choice.near ?? {}))
  return (entry) => {
    const { why, paper } = entry
    const author = follows.get(paper.id)
    if (author !== undefined) return explainAuthor(author, why)
    const interest = matches.get(paper.id)
    if (interest !== undefined) return once(told, entry, interest, () => explainMatch(interest, why))
    const words = learned.get(paper.id)
    if (words !== undefined) return explainLearned(words, why)
    const like = near.get(paper.id)
    return like === undefined ? why : explainNear(like, why)
  }
}

function once(told: ReasonCache, entry: Entry, interest: string, make: () => string): string {
  const said = told.get(entry) ?? new Map<string, string>()
  told.set(entry, said)
  return cached(said, interest, WHYS_KEPT_MAX, make)
}

/** What a digest says of whom its papers were chosen for. */
export function interestsOf({ interests, matches, follows, near, learned }: Selection): string {
  const taught = learned === undefined ? '' : '; and by what you asked more of'
  // To call papers chosen for an interest that none of them has would be untrue.
  if (
    interests.length > 0 &&
    [matches, follows, near ?? {}, learned ?? {}].every((each) => Object.keys(each).length === 0)
  )
    return `Nothing new matches your interests (${interests.join(', ')}): these are the most voted papers.`
  if (interests.length > 0) return `Chosen for your interests: ${interests.join(', ')}${taught}.`
  return learned === undefined
    ? 'You have named no interests yet: the papers are in the order of the day’s votes. Add some in your preferences.'
    : 'Chosen by votes and by what you asked more of. What was learnt of it stands in your preferences.'
}

/** Of each paper; the interests of most readers are a few hundred. */
const WHYS_KEPT_MAX = 1_000
