import type { Entry } from '../../domain/edition.ts'
import type { Selection } from '../../domain/parcel.ts'
import { cached } from '../../platform/cache.ts'
import { explainAuthor, explainLearned, explainMatch, explainMention, explainNear } from '../../ranking/explain.ts'
import type { SelectedPaper } from '../../ranking/selection/selection.ts'
import type { ChosenBy, DigestPaper, ReasonKind } from '../../rendering/digest/props.ts'

/**
 * Papers with their reasons. All subscribers who have a paper for the same reason share one object, so that its card is
 * found by identity.
 */
export type ReasonCache = Map<Entry, Map<string, DigestPaper>>

/** Returns a function that explains why a paper is in one subscriber's digest. */
export function explaining(choice: Selection, cache: ReasonCache): (entry: Entry) => DigestPaper {
  const [follows, matches] = [mapOf(choice.follows), mapOf(choice.matches)]
  const [learned, near] = [mapOf(choice.learned), mapOf(choice.near)]
  const mentions = new Set(choice.mentions)
  const synonyms = mapOf(choice.synonyms)
  return (entry) => {
    const { id } = entry.paper
    return explained(
      {
        entry,
        author: follows.get(id) ?? null,
        interest: matches.get(id) ?? null,
        isMention: mentions.has(id),
        synonym: synonyms.get(id) ?? null,
        learned: learned.get(id) ?? NO_WORDS,
        near: near.get(id) ?? NO_WORDS,
      },
      cache,
    )
  }
}

const NO_WORDS: readonly string[] = []

/** Returns a selected paper with its reason. */
export function explained(selected: SelectedPaper, cache: ReasonCache): DigestPaper {
  const { entry, author, interest, isMention, synonym, learned, near } = selected
  const { why } = entry
  const reasons = reasonsOf(entry, cache)
  // Most papers are chosen for an interest, or for nothing. Their look-ups make no function.
  const isUsual = author === null && !isMention && synonym === null && learned.length + near.length === 0
  const known = isUsual ? reasons.get(interest ?? NO_REASON) : undefined
  if (known !== undefined) return known
  // No interest begins with these marks, because PostgreSQL stores no character 0.
  if (author !== null)
    return once(reasons, `\0by ${author}`, () => madeFor(entry, 'author', explainAuthor(author, why)))
  if (interest !== null && isMention)
    return once(reasons, `\0mention ${interest}`, () => madeFor(entry, 'mention', explainMention(interest, why)))
  if (interest !== null && synonym !== null)
    return once(reasons, `\0${synonym} for ${interest}`, () =>
      madeFor(entry, 'interest', explainMatch(interest, why, synonym), interest),
    )
  if (interest !== null)
    return once(reasons, interest, () => madeFor(entry, 'interest', explainMatch(interest, why), interest))
  if (learned.length > 0)
    return once(reasons, `\0like ${learned.join()}`, () => madeFor(entry, 'feedback', explainLearned(learned, why)))
  if (near.length > 0)
    return once(reasons, `\0near ${near.join()}`, () => madeFor(entry, 'near', explainNear(near, why)))
  return once(reasons, NO_REASON, () => madeFor(entry, 'votes', why))
}

const NO_REASON = '\0'

function once(reasons: Map<string, DigestPaper>, key: string, made: () => DigestPaper): DigestPaper {
  return cached(reasons, key, WHYS_KEPT_MAX, made)
}

function madeFor(entry: Entry, kind: ReasonKind, why: string, interest = ''): DigestPaper {
  return { paperId: entry.paper.id, why, own: why === entry.why, kind, interest }
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

/** Returns what a digest was chosen by. */
export function chosenByOf({ interests, following, byVotes, learned, unmatched }: Selection): ChosenBy {
  return {
    interests,
    authors: following === true,
    votesOnly: byVotes === true,
    feedback: learned !== undefined,
    unmatched: unmatched ?? null,
  }
}

/** Per paper. Most subscribers share a few hundred interests. */
const WHYS_KEPT_MAX = 1_000
