import { once } from '../platform/once.ts'
import type { Interest } from './interest.ts'
import type { ReadFeedback, RelevanceFeedback } from './relevance-feedback.ts'
import type { WeightedWords } from './words/word-table.ts'

/** The scores of one interest for a pool. They are the same for all subscribers with this interest. */
export interface InterestScores {
  readonly typed: string
  /** Whether it excludes the papers that it matches. The interest itself is not kept, because a pool has up to 20,000. */
  readonly isExclusion: boolean
  /** The strength of the match of each paper, by index; 0 if it does not match. */
  readonly values: Float64Array
  /** The indexes of the papers that match, by rank. */
  readonly matching: readonly number[]
  /** Returns the papers similar to the best matches that are not muted; null if there are none, or for a condition. */
  related(muted: Uint8Array): RelatedPapers | null
}

/** The papers similar to the best matches of an interest. */
export interface RelatedPapers extends RelevanceFeedback {
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
  values: Float64Array,
  words: () => PoolWords,
): InterestScores {
  const matching: number[] = []
  for (let index = 0; index < values.length; index += 1) if ((values[index] ?? 0) > 0) matching.push(index)
  // Conditions such as `code:yes` have no words that could be similar.
  const isTopic = interest.kind === 'topic' || interest.kind === 'exact'
  let ofAll: RelatedPapers | null | undefined
  return {
    typed,
    isExclusion: interest.kind === 'not',
    values,
    matching,
    related(muted) {
      if (!isTopic || matching.length === 0) return null
      if (matching.some((index) => muted[index] === 1))
        return relatedPapers(
          values.map((value, index) => (muted[index] === 1 ? 0 : value)),
          words(),
        )
      if (ofAll === undefined) ofAll = relatedPapers(values, words())
      return ofAll
    },
  }
}

function relatedPapers(values: Float64Array, words: PoolWords): RelatedPapers | null {
  const feedback = words.readFeedback(values)
  if (feedback === null) return null
  const known = new Map<number, readonly string[]>()
  const shared = once(() => words.sharedPhrases(feedback.words))
  return {
    ...feedback,
    near(index) {
      const found = known.get(index)
      if (found !== undefined) return found
      const made = shared()(index)
      known.set(index, made)
      return made
    },
  }
}
