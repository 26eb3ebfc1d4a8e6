import { strongest } from './strongest.ts'
import type { WeightedWords, WordTable } from './words/word-table.ts'

/** The number of best matches whose words are used, and of words that are used. */
const BEST = 15
const WORDS = 100

/** The papers similar to the best matches of one interest. It depends on the interest and the pool only. */
export interface RelevanceFeedback {
  /** The words of the best matches, as a vector of length one, the heaviest first. */
  readonly words: WeightedWords
  /** The strength of the best match. It weighs this interest against the others of a subscriber. */
  readonly weight: number
  /** The similarity of each paper to the best matches, from 0 to 1, by index. */
  readonly similarity: Float32Array
}

/** Returns the relevance feedback for the match strength of each paper, or null if nothing matches. */
export type ReadFeedback = (strengths: Float64Array) => RelevanceFeedback | null

/**
 * Creates pseudo-relevance feedback (Rocchio 1971; Lavrenko and Croft 2001): the words of the best matches, whether the
 * subscriber typed them or not. The weight of this similarity relative to the interests is fitted (`nearWeight` in trend.json).
 */
export function createRelevanceFeedback({ papers, stems, affinities }: WordTable): ReadFeedback {
  // A buffer for all calls. Each call sets it back to zeros.
  const sums = new Float64Array(stems.length)
  return (strengths) => {
    const best = bestOf(strengths)
    if (best.length === 0) return null
    const total = best.reduce((sum, index) => sum + (strengths[index] ?? 0), 0)
    const found: number[] = []
    for (const index of best) {
      const { words, weights } = papers[index] ?? NOTHING
      const share = (strengths[index] ?? 0) / total
      for (let at = 0; at < words.length; at += 1) {
        const word = words[at] ?? 0
        const sum = sums[word] ?? 0
        if (sum === 0) found.push(word)
        sums[word] = sum + share * (weights[at] ?? 0)
      }
    }
    // On a tie the first word in the alphabet wins.
    const words = unitVector(strongest(found, sums, WORDS), sums)
    for (const word of found) sums[word] = 0
    return { words, weight: strengths[best[0] ?? 0] ?? 0, similarity: new Float32Array(affinities(words)) }
  }
}

const NOTHING: WeightedWords = { words: new Int32Array(0), weights: new Float64Array(0) }

/** Returns the indexes of the best matches. On a tie the earlier paper wins. */
function bestOf(strengths: Float64Array): number[] {
  const matching: number[] = []
  for (let index = 0; index < strengths.length; index += 1) if ((strengths[index] ?? 0) > 0) matching.push(index)
  return strongest(matching, strengths, BEST)
}

function unitVector(words: readonly number[], sums: Float64Array): WeightedWords {
  let squares = 0
  for (const word of words) squares += (sums[word] ?? 0) ** 2
  const length = Math.sqrt(squares) || 1
  return { words: new Int32Array(words), weights: new Float64Array(words.map((word) => (sums[word] ?? 0) / length)) }
}
