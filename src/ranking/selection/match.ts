import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import { verdictOf } from '../feedback/scores.ts'
import type { InterestScores, RelatedPapers } from '../interest-scores.ts'
import type { MatchParameters } from '../parameters.ts'
import { GRADE, MATCH } from '../topic/grade.ts'
import type { CandidatePool } from './candidate-pool.ts'
import { combineFeedback, combineInterests } from './combine.ts'
import type { MatchProfile } from './selection.ts'

/** How a paper matches. A higher level is shown first. */
export const LEVEL = {
  none: 0,
  /** It only mentions an interest. It may be featured if nothing else is. */
  mention: 1,
  /** It is only similar to the best matches. The paper may be featured, but is not listed as a match. */
  related: 2,
  /** It matches an interest or the feedback. */
  match: 3,
  /** It is by a followed author. */
  followed: 4,
} as const

/** How the papers of a pool match a subscriber’s preferences. Arrays are by index, which is the order by rank. */
export interface Matches {
  /** The indexes of the papers that are not excluded. */
  readonly open: readonly number[]
  /** The open papers with a level above `none`. */
  readonly wanted: readonly number[]
  /** 1 for a paper that was already sent or is muted. */
  readonly excluded: Uint8Array
  readonly level: Uint8Array
  readonly strength: Float64Array
  /** At least 1 for papers that the feedback wants, −1 for those that it does not want, 0 for others. */
  readonly feedback: Float64Array
  /** The phrases that explain each paper that only the feedback wants, by index. */
  readonly learnedPhrases: ReadonlyMap<number, readonly string[]>
  /** The position of the first followed author among the authors of the paper, or −1. */
  readonly author: Int16Array
  /** Whether a paper is by a followed author. */
  readonly hasFollowed: boolean
  /** The scores of the interests, and the papers similar to their best matches. */
  readonly interests: readonly InterestScores[]
  readonly related: readonly RelatedPapers[]
}

/** Returns the matches for a profile, without the papers already sent. They are valid until the next call. */
export type Matcher = (profile: MatchProfile, alreadySent: ReadonlySet<string>) => Matches

/** Creates a matcher. All calls write into the same arrays, so papers that match nothing need no memory. */
export function createMatcher(
  pool: CandidatePool,
  { norm, nearWeight }: MatchParameters,
  feedbackWeight = FEEDBACK_WEIGHT,
): Matcher {
  const { members, popularity } = pool
  const indexes = new Map(members.map(({ paper }, index) => [paper.id, index]))
  const [muted, excluded, level] = [bytes(members), bytes(members), bytes(members)]
  const [counts, best, close] = [bytes(members), bytes(members), bytes(members)]
  const [strength, feedback, similarity] = [numbers(members), numbers(members), numbers(members)]
  const [more, less] = [numbers(members), numbers(members)]
  const author = new Int16Array(members.length)
  const learnedPhrases = new Map<number, readonly string[]>()
  /** A paper that neither an interest nor the feedback explains is not shown as liked. */
  const explainedVerdict = (index: number, { liked }: FeedbackProfile) => {
    const verdict = verdictOf(more[index] ?? 0, less[index] ?? 0)
    if (verdict <= 0 || (best[index] ?? 0) >= GRADE.full) return verdict
    const phrases = liked === null ? [] : pool.evidence(liked, index, verdict)
    if (phrases.length === 0) return 0
    learnedPhrases.set(index, phrases)
    return verdict
  }
  return (profile, alreadySent) => {
    const { interests, mutes } = readInterests(pool, profile)
    muted.fill(0)
    for (const index of mutes.flat()) muted[index] = 1
    excluded.set(muted)
    markSent(alreadySent, indexes, excluded)
    combineInterests(interests, norm, strength, counts)
    bestGrades(interests, best)
    // A paper that was already sent still says what the subscriber wants. A muted paper does not.
    const related = nearWeight === 0 ? [] : relatedOf(interests, muted)
    combineFeedback(related, similarity)
    close.fill(0)
    for (const each of related) for (const index of each.close) close[index] = 1
    const hasFollowed = markFollowed(pool, profile.authors, author)
    const { learned = null } = profile
    scoreFeedback(pool, learned, { more, less })
    learnedPhrases.clear()
    const [open, wanted]: [number[], number[]] = [[], []]
    for (let index = 0; index < members.length; index += 1) {
      if (excluded[index] === 1) continue
      open.push(index)
      const grade = best[index] ?? 0
      const isRelated = close[index] === 1
      const verdict = learned === null ? 0 : explainedVerdict(index, learned)
      const near = grade >= MATCH || isRelated ? nearWeight * (similarity[index] ?? 0) : 0
      const score = (strength[index] ?? 0) + near + feedbackWeight * Math.max(0, verdict)
      strength[index] = score * (popularity[index] ?? 1) * (verdict < 0 ? DISLIKED : 1)
      feedback[index] = verdict
      level[index] = levelOf(hasFollowed && (author[index] ?? -1) >= 0, verdict > 0 ? GRADE.full : grade, isRelated)
      if (level[index] !== LEVEL.none) wanted.push(index)
    }
    return {
      open,
      wanted,
      excluded,
      level,
      strength,
      feedback,
      learnedPhrases,
      author,
      hasFollowed,
      interests,
      related,
    }
  }
}

function relatedOf(interests: readonly InterestScores[], muted: Uint8Array): RelatedPapers[] {
  const related: RelatedPapers[] = []
  for (const interest of interests) {
    const each = interest.related(muted)
    if (each !== null) related.push(each)
  }
  return related
}

function bytes({ length }: { readonly length: number }): Uint8Array {
  return new Uint8Array(length)
}

function numbers({ length }: { readonly length: number }): Float64Array {
  return new Float64Array(length)
}

/** Returns what the interests say, and the papers that each muted term or `-` interest excludes. */
function readInterests(
  pool: CandidatePool,
  profile: MatchProfile,
): { readonly interests: readonly InterestScores[]; readonly mutes: readonly (readonly number[])[] } {
  const interests: InterestScores[] = []
  const mutes = profile.mutedTerms.map((typed) => pool.muted(typed))
  for (const typed of profile.interests) {
    const scores = pool.strengths(typed)
    if (scores?.isExclusion) mutes.push(pool.muted(typed))
    else if (scores !== null) interests.push(scores)
  }
  return { interests, mutes }
}

function markSent(alreadySent: ReadonlySet<string>, indexes: ReadonlyMap<string, number>, excluded: Uint8Array): void {
  if (alreadySent.size > indexes.size) {
    for (const [id, index] of indexes) if (alreadySent.has(id)) excluded[index] = 1
    return
  }
  for (const id of alreadySent) {
    const index = indexes.get(id)
    if (index !== undefined) excluded[index] = 1
  }
}

/** Writes the best grade of each paper for any interest. */
function bestGrades(interests: readonly InterestScores[], best: Uint8Array): void {
  best.fill(0)
  for (const { grades, matching } of interests)
    for (const index of matching) best[index] = Math.max(best[index] ?? 0, grades[index] ?? 0)
}

/** Writes the position of the first followed author of each paper. Returns whether there is one. */
function markFollowed(pool: CandidatePool, authors: readonly string[], positions: Int16Array): boolean {
  if (authors.length === 0) return false
  let isAny = false
  positions.fill(-1)
  for (const name of authors)
    for (const { index, position } of pool.papersBy(name)) {
      const known = positions[index] ?? -1
      if (known < 0 || position < known) positions[index] = position
      isAny = true
    }
  return isAny
}

function levelOf(isFollowed: boolean, grade: number, isRelated: boolean): number {
  if (isFollowed) return LEVEL.followed
  if (grade >= GRADE.full) return LEVEL.match
  if (isRelated) return LEVEL.related
  return grade >= MATCH ? LEVEL.mention : LEVEL.none
}

/** The strength of a feedback score of 1, relative to an interest. */
export const FEEDBACK_WEIGHT = 12
/** The factor for a match that feedback also marks as unwanted. */
const DISLIKED = 0.5

/** Writes how similar each paper is to the liked and to the disliked papers. */
function scoreFeedback(
  pool: CandidatePool,
  learned: FeedbackProfile | null,
  scores: { readonly more: Float64Array; readonly less: Float64Array },
): void {
  if (learned === null) return
  for (const [terms, target] of [
    [learned.liked, scores.more],
    [learned.disliked, scores.less],
  ] as const)
    if (terms === null) target.fill(0)
    else pool.terms().score(terms, target)
}

/** Returns the interest that a paper matches best: by the grade, then by the strength. On a tie the first wins. Null without a match. */
export function strongestInterest(interests: readonly InterestScores[], index: number): InterestScores | null {
  let strongest: InterestScores | null = null
  let [highest, highestGrade]: [number, number] = [0, MATCH]
  for (const interest of interests) {
    const grade = interest.grades[index] ?? 0
    if (grade < highestGrade) continue
    const value = interest.values[index] ?? 0
    if (grade > highestGrade || value > highest) [strongest, highest, highestGrade] = [interest, value, grade]
  }
  return strongest
}

/** Returns the words that a paper shares with the best matches of the interest to which it is closest. */
export function nearWords(related: readonly RelatedPapers[], index: number): readonly string[] {
  let closest: RelatedPapers | null = null
  let highest = 0
  for (const each of related) {
    const value = each.weight * (each.similarity[index] ?? 0)
    if (value > highest) [closest, highest] = [each, value]
  }
  return closest?.near(index) ?? []
}
