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
  /** Returns the words it shares with the best matches; null if it is not related to them. */
  readonly near: (() => readonly ProfileWord[]) | null
}

export function isWanted({ strength, author }: Match): boolean {
  return strength > 0 || author !== null
}

/** Returns whether a paper is only related to the best matches. It may then be featured, but is not listed as a match. */
export function isOnlyRelated({ matches, author, feedback, near }: Match): boolean {
  return near !== null && matches.size === 0 && author === null && feedback <= 0
}

/** Returns the match of every paper that is not excluded or muted, by rank. */
export function matchesOf(
  pool: CandidatePool,
  profile: MatchProfile,
  excluded: ReadonlySet<number>,
  parameters: MatchParameters,
): Match[] {
  const read = profile.interests.flatMap((typed) => {
    const strengths = pool.strengths(typed)
    return strengths === null ? [] : [{ typed, ...strengths }]
  })
  const wanted = read.filter(({ interest }) => interest.kind !== 'not')
  const unwanted = read.filter(({ interest }) => interest.kind === 'not').map(({ typed }) => typed)
  const mutes = [...profile.mutedTerms, ...unwanted].map((typed) => pool.muted(typed))
  const open = pool.byRank.filter(({ index }) => !excluded.has(index) && !mutes.some((mute) => mute[index] === true))
  const { norm, nearWeight } = parameters
  const topics = wanted.filter(({ interest }) => interest.kind === 'topic' || interest.kind === 'exact')
  const related = nearWeight === 0 || topics.length === 0 ? null : relatedPapersOf(pool, open, topics, norm)
  const followed = new Set(profile.authors.map((name) => wordsOf(name).join(' ')).filter((name) => name !== ''))
  const { learned = null } = profile
  const affinities = learned === null ? null : feedbackScores(pool, learned)
  // Most papers match nothing and share one object.
  const others = defaultMatches(pool)
  return open.map((member) => {
    const { index } = member
    const matched = matchStrengthsOf(wanted, index)
    const feedback = feedbackOf(learned, affinities?.[index] ?? 0)
    const similarity = related?.of[index] ?? 0
    const isRelated = related !== null && similarity >= related.threshold
    const authorIndex = followed.size === 0 ? -1 : member.authors.findIndex((name) => followed.has(name.join(' ')))
    const shared = others[index]
    if (shared !== undefined && matched === NO_MATCHES && !isRelated && authorIndex < 0 && feedback === 0) return shared
    const base =
      (matched.size === 0 ? 0 : combined([...matched.values()], norm)) +
      (matched.size > 0 || isRelated ? nearWeight * similarity : 0) +
      FEEDBACK_WEIGHT * Math.max(0, feedback)
    return {
      candidate: member,
      strength: base * member.popularity * (feedback < 0 ? DISLIKED : 1),
      interest: strongestOf(matched),
      author: member.paper.authors[authorIndex] ?? null,
      matches: matched,
      feedback,
      near: isRelated && related !== null ? related.words : null,
    }
  })
}

const NO_MATCHES: ReadonlyMap<string, number> = new Map()
const defaultsByPool = new WeakMap<CandidatePool, readonly Match[]>()

/** Returns the matches of papers that match nothing. They are the same for every subscriber. */
function defaultMatches(pool: CandidatePool): readonly Match[] {
  const known = defaultsByPool.get(pool)
  if (known !== undefined) return known
  const defaults = { strength: 0, interest: null, author: null, matches: NO_MATCHES, feedback: 0, near: null }
  const made = pool.members.map((candidate) => ({ candidate, ...defaults }))
  defaultsByPool.set(pool, made)
  return made
}

function matchStrengthsOf(
  wanted: readonly { readonly typed: string; readonly of: readonly number[] }[],
  index: number,
): ReadonlyMap<string, number> {
  // Most papers match nothing, so they share one empty map.
  let matched: Map<string, number> | null = null
  for (const { typed, of } of wanted) {
    const strength = of[index] ?? 0
    if (strength > 0) matched = (matched ?? new Map<string, number>()).set(typed, strength)
  }
  return matched ?? NO_MATCHES
}

/** Returns the strongest interest; on a tie the first. */
function strongestOf(matched: ReadonlyMap<string, number>): string | null {
  let strongest: string | null = null
  let most = 0
  for (const [typed, strength] of matched) {
    if (strength <= most) continue
    strongest = typed
    most = strength
  }
  return strongest
}

/** The strength of a feedback score of 1, relative to an interest. */
const FEEDBACK_WEIGHT = 6
/** The factor for a match that feedback also marks as unwanted. */
const DISLIKED = 0.5
/** A paper is related from this share of the mean similarity of the matches. Fitted on the earlier months. */
const RELATED_SHARE = 0.25

interface RelatedPapers {
  /** The similarity of each paper to the best matches, by index. */
  readonly of: Float64Array
  /** The similarity from which a paper is related. */
  readonly threshold: number
  readonly words: () => readonly ProfileWord[]
}

/** Returns the similarity of all papers to the best matches, or null without matches. */
function relatedPapersOf(
  pool: CandidatePool,
  open: readonly Candidate[],
  topics: readonly { readonly of: readonly number[] }[],
  norm: number,
): RelatedPapers | null {
  const strengths = new Float64Array(pool.members.length)
  let matching = 0
  for (const { index } of open) {
    const strength = combinedAt(topics, index, norm)
    strengths[index] = strength
    if (strength > 0) matching += 1
  }
  if (matching === 0) return null
  const { table, relevanceFeedback } = pool.words()
  const vector = relevanceFeedback(strengths)
  if (vector === null) return null
  const of = table.affinities(vector)
  const mean =
    of.reduce((total, affinity, index) => ((strengths[index] ?? 0) > 0 ? total + affinity : total), 0) / matching
  let words: readonly ProfileWord[] | null = null
  return {
    of,
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
function combinedAt(topics: readonly { readonly of: readonly number[] }[], index: number, norm: number): number {
  let single = 0
  for (const { of } of topics) {
    const strength = of[index] ?? 0
    if (strength === 0) continue
    if (single !== 0)
      return combined(
        topics.map((topic) => topic.of[index] ?? 0),
        norm,
      )
    single = strength
  }
  return single
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
