import type { Entry } from '../../domain/edition.ts'
import type { Selection } from '../../domain/parcel.ts'
import { cached } from '../../platform/cache.ts'
import { explainAuthor, explainLearned, explainMatch, explainNear } from '../../ranking/explain.ts'
import type { SelectedPaper } from '../../ranking/selection/selection.ts'
import type { DigestPaper } from '../../rendering/digest/props.ts'

/**
 * Papers with their reasons. All subscribers who have a paper for the same reason share one object, so that its card is
 * found by identity.
 */
export type ReasonCache = Map<Entry, Map<string, DigestPaper>>

/** Returns a function that explains why a paper is in one subscriber's digest. */
export function explaining(choice: Selection, cache: ReasonCache): (entry: Entry) => DigestPaper {
  const [follows, matches] = [mapOf(choice.follows), mapOf(choice.matches)]
  const [learned, near] = [mapOf(choice.learned), mapOf(choice.near)]
  return (entry) => {
    const { id } = entry.paper
    return explained(
      {
        entry,
        author: follows.get(id) ?? null,
        interest: matches.get(id) ?? null,
        learned: learned.get(id) ?? NO_WORDS,
        near: near.get(id) ?? NO_WORDS,
      },
      cache,
    )
  }
}

const NO_WORDS: readonly string[] = []

/** Returns a selected paper with its reason. */
export function explained({ entry, author, interest, learned, near }: SelectedPaper, cache: ReasonCache): DigestPaper {
  const { why } = entry
  const reasons = reasonsOf(entry, cache)
  // Most papers are chosen for an interest, or for nothing. Their look-ups make no function.
  const known = author === null && learned.length + near.length === 0 ? reasons.get(interest ?? NO_REASON) : undefined
  if (known !== undefined) return known
  // No interest begins with these marks, because PostgreSQL stores no character 0.
  if (author !== null) return once(reasons, entry, `\0by ${author}`, () => explainAuthor(author, why))
  if (interest !== null) return once(reasons, entry, interest, () => explainMatch(interest, why), inWords(interest))
  if (learned.length > 0) return once(reasons, entry, `\0like ${learned.join()}`, () => explainLearned(learned, why))
  if (near.length > 0) return once(reasons, entry, `\0near ${near.join()}`, () => explainNear(near, why))
  return once(reasons, entry, NO_REASON, () => why)
}

const NO_REASON = '\0'

/** Returns an interest as it can stand in a subject, or null for an exclusion or a condition such as `category:cs.CL`. */
function inWords(interest: string): string | null {
  const words = interest.trim().replace(/^["“”«]+|["“”»]+$/gu, '')
  return words === '' || /^-|^(?:author|category|code)\s*:/i.test(words) ? null : words
}

function once(
  reasons: Map<string, DigestPaper>,
  entry: Entry,
  key: string,
  explain: () => string,
  interest: string | null = null,
): DigestPaper {
  return cached(reasons, key, WHYS_KEPT_MAX, () => {
    const why = explain()
    return { paperId: entry.paper.id, why, own: why === entry.why, interest }
  })
}

function reasonsOf(entry: Entry, cache: ReasonCache): Map<string, DigestPaper> {
  let reasons = cache.get(entry)
  if (reasons === undefined) {
    reasons = new Map()
    cache.set(entry, reasons)
  }
  return reasons
}

/** A lookup in a Map is faster than in an object with ids as keys, and most of a hundred papers are not in it. */
function mapOf<V>(record: Readonly<Record<string, V>> = {}): ReadonlyMap<string, V> {
  return new Map(Object.entries(record))
}

/** Returns the sentence that says how the papers of a digest were chosen. */
export function interestsOf({ interests, matches, follows, near, learned }: Selection): string {
  const byFeedback = learned === undefined ? '' : '; and by what you asked more of'
  // If no paper matches an interest, the digest must not claim that its papers do.
  if (interests.length > 0 && [matches, follows, near, learned].every((each) => each === undefined || isEmpty(each)))
    return `Nothing new matches your interests (${interests.join(', ')}): these are the most voted papers.`
  if (interests.length > 0) return `Chosen for your interests: ${interests.join(', ')}${byFeedback}.`
  return learned === undefined
    ? 'You have named no interests yet: the papers are in the order of the day’s votes. Add some in your preferences.'
    : 'Chosen by votes and by what you asked more of. What was learnt of it stands in your preferences.'
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}

/** Per paper. Most subscribers share a few hundred interests. */
const WHYS_KEPT_MAX = 1_000
