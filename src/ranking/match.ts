import type { FeedbackProfile, ProfileWord } from '../domain/feedback-profile.ts'
import type { Candidate, CandidatePool } from './candidate-pool.ts'
import type { MatchParameters } from './parameters.ts'
import type { MatchProfile } from './selection.ts'
import { combined } from './topic.ts'
import { wordsOf } from './words/words.ts'

/** How one paper matches a subscriber’s preferences. */
export interface Match {
  readonly candidate: Candidate
  readonly strength: number
  readonly interest: string | null
  readonly author: string | null
  /** The matching interests with their strength. */
  readonly matches: ReadonlyMap<string, number>
  /** The feedback score: at least 1 for wanted papers, −1 for unwanted, 0 for others. */
  readonly feedback: number
  /** Returns the words that the paper shares with the best matches; null if it is not related to them. */
  readonly relatedWords: (() => readonly ProfileWord[]) | null
}

export function isWanted({ strength, author }: Match): boolean {
  return strength > 0 || author !== null
}

/** Returns whether a paper is only related to the best matches. It may then be featured, but is not listed as a match. */
export function isOnlyRelated({ matches, author, feedback, relatedWords }: Match): boolean {
  return relatedWords !== null && matches.size === 0 && author === null && feedback <= 0
}

/** Returns the match of every paper that is not excluded or muted, by rank. */
export function matchesOf(
  pool: CandidatePool,
  profile: MatchProfile,
  excluded: ReadonlySet<number>,
  parameters: MatchParameters,
): Match[] {
  const interests = profile.interests.flatMap((typed) => {
    const strengths = pool.strengths(typed)
    return strengths === null ? [] : [{ typed, ...strengths }]
  })
  const wanted = interests.filter(({ interest }) => interest.kind !== 'not')
  const unwanted = interests.filter(({ interest }) => interest.kind === 'not').map(({ typed }) => typed)
  const mutes = [...profile.mutedTerms, ...unwanted].map((typed) => pool.muted(typed))
  const remaining = pool.byRank.filter(
    ({ index }) => !excluded.has(index) && !mutes.some((mute) => mute[index] === true),
  )
  const { norm, nearWeight } = parameters
  const topics = wanted.filter(({ interest }) => interest.kind === 'topic' || interest.kind === 'exact')
  const related = nearWeight === 0 || topics.length === 0 ? null : relatedPapersOf(pool, remaining, topics, norm)
  const followed = new Set(profile.authors.map((name) => wordsOf(name).join(' ')).filter((name) => name !== ''))
  const { learned = null } = profile
  const affinities = learned === null ? null : feedbackScores(pool, learned)
  // Most papers match nothing, so all subscribers share their `Match`.
  const defaults = defaultMatches(pool)
  return remaining.map((candidate) => {
    const { index } = candidate
    const matches = matchStrengthsOf(wanted, index)
    const feedback = feedbackOf(learned, affinities?.[index] ?? 0)
    const similarity = related?.similarity[index] ?? 0
    const isRelated = related !== null && similarity >= related.threshold
    const authorIndex = followed.size === 0 ? -1 : candidate.authors.findIndex((name) => followed.has(name.join(' ')))
    const defaultMatch = defaults[index]
    if (defaultMatch !== undefined && matches === NO_MATCHES && !isRelated && authorIndex < 0 && feedback === 0)
      return defaultMatch
    const score =
      (matches.size === 0 ? 0 : combined([...matches.values()], norm)) +
      (matches.size > 0 || isRelated ? nearWeight * similarity : 0) +
      FEEDBACK_WEIGHT * Math.max(0, feedback)
    return {
      candidate,
      strength: score * candidate.popularity * (feedback < 0 ? DISLIKED : 1),
      interest: strongestOf(matches),
      author: candidate.paper.authors[authorIndex] ?? null,
      matches,
      feedback,
      relatedWords: isRelated && related !== null ? related.words : null,
    }
  })
}

const NO_MATCHES: ReadonlyMap<string, number> = new Map()
const defaultMatchCache = new WeakMap<CandidatePool, readonly Match[]>()

/** Returns the matches of papers that match nothing. They are the same for every subscriber. */
function defaultMatches(pool: CandidatePool): readonly Match[] {
  const known = defaultMatchCache.get(pool)
  if (known !== undefined) return known
  const noMatch = { strength: 0, interest: null, author: null, matches: NO_MATCHES, feedback: 0, relatedWords: null }
  const made = pool.members.map((candidate) => ({ candidate, ...noMatch }))
  defaultMatchCache.set(pool, made)
  return made
}

function matchStrengthsOf(
  wanted: readonly { readonly typed: string; readonly values: readonly number[] }[],
  index: number,
): ReadonlyMap<string, number> {
  // Most papers match nothing, so they share one empty map.
  let matches: Map<string, number> | null = null
  for (const { typed, values } of wanted) {
    const strength = values[index] ?? 0
    if (strength > 0) matches = (matches ?? new Map<string, number>()).set(typed, strength)
  }
  return matches ?? NO_MATCHES
}

/** Returns the strongest interest; on a tie the first. */
function strongestOf(matches: ReadonlyMap<string, number>): string | null {
  let strongest: string | null = null
  let highest = 0
  for (const [typed, strength] of matches) {
    if (strength <= highest) continue
    strongest = typed
    highest = strength
  }
  return strongest
}

/** The strength of a feedback score of 1, relative to an interest. */
const FEEDBACK_WEIGHT = 6
/** The factor for a match that feedback also marks as unwanted. */
const DISLIKED = 0.5
/** A paper is related if its similarity is at least this share of the matches’ mean. Fitted on past months. */
const RELATED_SHARE = 0.25

interface RelatedPapers {
  /** The similarity of each paper to the best matches, by index. */
  readonly similarity: Float64Array
  /** A paper with at least this similarity is related. */
  readonly threshold: number
  /** The words of the best matches. */
  readonly words: () => readonly ProfileWord[]
}

/** Returns the similarity of all papers to the best matches, or null without matches. */
function relatedPapersOf(
  pool: CandidatePool,
  remaining: readonly Candidate[],
  topics: readonly { readonly values: readonly number[] }[],
  norm: number,
): RelatedPapers | null {
  const strengths = new Float64Array(pool.members.length)
  let matchCount = 0
  for (const { index } of remaining) {
    const strength = combinedAt(topics, index, norm)
    strengths[index] = strength
    if (strength > 0) matchCount += 1
  }
  if (matchCount === 0) return null
  const { table, relevanceFeedback } = pool.words()
  const vector = relevanceFeedback(strengths)
  if (vector === null) return null
  const similarity = table.affinities(vector)
  const mean =
    similarity.reduce((total, each, index) => ((strengths[index] ?? 0) > 0 ? total + each : total), 0) / matchCount
  let words: readonly ProfileWord[] | null = null
  return {
    similarity,
    threshold: RELATED_SHARE * mean,
    words() {
      words ??= [...vector.words].map((word, at) => {
        const stem = table.stems[word] ?? ''
        return { stem, weight: vector.weights[at] ?? 0, shown: pool.shown(stem) }
      })
      return words
    },
  }
}

/** Returns the combined strength of a paper. Most papers match at most one interest, which needs no combination. */
function combinedAt(topics: readonly { readonly values: readonly number[] }[], index: number, norm: number): number {
  let only = 0
  for (const { values } of topics) {
    const strength = values[index] ?? 0
    if (strength === 0) continue
    if (only !== 0)
      return combined(
        topics.map((topic) => topic.values[index] ?? 0),
        norm,
      )
    only = strength
  }
  return only
}

function feedbackScores(pool: CandidatePool, { words }: FeedbackProfile): Float64Array {
  const { table } = pool.words()
  return table.affinities(table.weighed(words.map(({ stem, weight }) => [stem, weight] as const)))
}

/** Returns the feedback score: similarity relative to the threshold for wanted papers, −1 for unwanted ones, else 0. */
function feedbackOf(learned: FeedbackProfile | null, affinity: number): number {
  if (learned === null) return 0
  if (learned.more > 0 && affinity >= learned.like) return affinity / learned.like
  return learned.unlike !== null && affinity <= learned.unlike ? -1 : 0
}
