import type { FoldedText } from '../topic/folded-text.ts'
import type { Lexicon } from './lexicon.ts'
import type { Stem } from './words.ts'

/** A vector of length one: stem → weight. */
export type WordVector = ReadonlyMap<Stem, number>

/** Returns the TF-IDF vector of a paper. */
export function wordVector(paper: Pick<FoldedText, 'weights'>, lexicon: Pick<Lexicon, 'idf'>): WordVector {
  return unit([...paper.weights].map(([word, weight]) => [word, lexicon.idf(word) * Math.log(1 + weight)]))
}

/** Returns the vector with the same direction and length one. */
export function unit(weights: readonly (readonly [Stem, number])[]): WordVector {
  const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1
  return new Map(weights.map(([word, weight]) => [word, weight / length]))
}

/** Returns the dot product, which is the cosine for unit vectors. */
export function dot(a: WordVector, b: WordVector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  let total = 0
  for (const [word, weight] of small) total += weight * (large.get(word) ?? 0)
  return total
}
