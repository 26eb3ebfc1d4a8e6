import { once } from '../platform/once.ts'
import type { Interest } from './interest.ts'
import type { ReadFeedback, RelevanceFeedback } from './relevance-feedback.ts'
import { GRADE, MATCH } from './topic/grade.ts'
import type { WeightedWords } from './words/word-table.ts'

/** The scores of one interest for a pool. They are the same for all subscribers with this interest. */
export interface InterestScores {
  readonly typed: string
  /** Whether it excludes the papers that it matches. The interest itself is not kept, because a pool has up to 20,000. */
  readonly isExclusion: boolean
  /** The strength of each paper, by index; 0 if it lacks one of the words. */
  readonly values: Float64Array
  /** The grade of each paper, by index. */
  readonly grades: Uint8Array
  /** The synonym by which a paper matches, by index. */
  readonly synonyms: ReadonlyMap<number, string>
  /** The indexes of the papers with a value, by rank. */
  readonly scored: readonly number[]
  /** The indexes of those that match, by rank. Their words stand together. */
  readonly matching: readonly number[]
  /** Returns the papers similar to the best matches that are not muted; null if there are none, or for a condition. */
  related(muted: Uint8Array): RelatedPapers | null
}

/** The papers similar to the best matches of an interest. */
export interface RelatedPapers extends RelevanceFeedback {
  /** The papers without a match that are so similar that they may be featured. */
  readonly close: readonly number[]
  /** Returns the phrases that a paper shares with the best matches, the heaviest first. */
  near(index: number): readonly string[]
}

/** The words of the pool. They are computed when they are first used. */
export interface PoolWords {
  readonly readFeedback: ReadFeedback
  /** Returns a function that returns the phrases of a paper that consist of these words, the heaviest first. */
  readonly sharedPhrases: (words: WeightedWords) => (index: number) => readonly string[]
}

export function createInterestScores(
  typed: string,
  interest: Interest,
  { values, grades, synonyms }: Pick<InterestScores, 'values' | 'grades' | 'synonyms'>,
  words: () => PoolWords,
): InterestScores {
  const scored: number[] = []
  for (let index = 0; index < values.length; index += 1) if ((values[index] ?? 0) > 0) scored.push(index)
  const matching = scored.filter((index) => (grades[index] ?? 0) >= MATCH)
  // Conditions such as `code:yes` have no words that could be similar.
  const isTopic = interest.kind === 'topic' || interest.kind === 'exact'
  // Papers with a broad word have more in common than the sense that a subscriber means.
  const seedsMin = interest.kind === 'topic' && interest.topic.isBroad ? Number.POSITIVE_INFINITY : CLOSE_SEEDS_MIN
  const relatedWithout = (muted: Uint8Array | null) => relatedPapers({ values, grades }, { muted, seedsMin }, words())
  let ofAll: RelatedPapers | null | undefined
  return {
    typed,
    isExclusion: interest.kind === 'not',
    values,
    grades,
    synonyms,
    scored,
    matching,
    related(muted) {
      if (!isTopic || matching.length === 0) return null
      if (matching.some((index) => muted[index] === 1)) return relatedWithout(muted)
      if (ofAll === undefined) ofAll = relatedWithout(null)
      return ofAll
    },
  }
}

/**
 * Returns the strength of the papers whose words count for similar papers. Muted papers do not count, and neither do those in which
 * the words are scattered, because they are about something else.
 */
export function seedsOf(
  { values, grades }: Pick<InterestScores, 'values' | 'grades'>,
  muted: Uint8Array | null,
): Float64Array {
  return values.map((value, index) => {
    const grade = grades[index] ?? GRADE.none
    const isScattered = grade === GRADE.scattered || grade === GRADE.apart
    return isScattered || muted?.[index] === 1 ? 0 : value
  })
}

/** Fewer full matches do not say what papers on an interest have in common. */
const CLOSE_SEEDS_MIN = 3
/** A paper is close to an interest from this similarity on. With less, readers do not see why they get it (docs/RANKING.md). */
const CLOSE_SIMILARITY_MIN = 0.2

function relatedPapers(
  { values, grades }: Pick<InterestScores, 'values' | 'grades'>,
  { muted, seedsMin }: { readonly muted: Uint8Array | null; readonly seedsMin: number },
  words: PoolWords,
): RelatedPapers | null {
  const feedback = words.readFeedback(seedsOf({ values, grades }, muted))
  if (feedback === null) return null
  const known = new Map<number, readonly string[]>()
  const shared = once(() => words.sharedPhrases(feedback.words))
  const near = (index: number) => {
    const found = known.get(index)
    if (found !== undefined) return found
    const made = shared()(index)
    known.set(index, made)
    return made
  }
  const seeds = grades.reduce((count, grade, at) => (grade >= GRADE.full && muted?.[at] !== 1 ? count + 1 : count), 0)
  const close: number[] = []
  if (seeds >= seedsMin)
    for (const [index, similarity] of feedback.similarity.entries())
      if (similarity >= CLOSE_SIMILARITY_MIN && (grades[index] ?? 0) < MATCH && near(index).length > 0)
        close.push(index)
  return { ...feedback, close, near }
}
