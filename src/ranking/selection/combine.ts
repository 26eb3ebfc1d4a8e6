import type { InterestScores } from '../interest-scores.ts'
import type { RelevanceFeedback } from '../relevance-feedback.ts'

/** The strength of each paper for one interest, and the papers with a strength above 0. */
type Strengths = Pick<InterestScores, 'values' | 'scored'>

/**
 * Writes the combined strength of each paper with a p-norm, and how many interests it has a strength for. With `norm` 1 it is the sum. A
 * higher norm gives more weight to the strongest interest.
 */
export function combineInterests(
  interests: readonly Strengths[],
  norm: number,
  strength: Float64Array,
  counts: Uint8Array,
): void {
  strength.fill(0)
  counts.fill(0)
  for (const { values, scored } of interests)
    for (const index of scored) {
      const [value, sum, count] = [values[index] ?? 0, strength[index] ?? 0, counts[index] ?? 0]
      // Most papers have a strength for at most one interest. Their strength needs no power.
      strength[index] = count === 0 ? value : (count === 1 ? sum ** norm : sum) + value ** norm
      counts[index] = count + 1
    }
  for (let index = 0; index < counts.length; index += 1)
    if ((counts[index] ?? 0) > 1) strength[index] = (strength[index] ?? 0) ** (1 / norm)
}

/**
 * Writes the similarity of each paper to the best matches of all interests into `sums`. An interest counts as much as its best
 * match is strong. With all interests in one vector, the words of one of them could push out those of another, and the order was
 * worse (docs/internals/ranking-figures.md).
 */
export function combineFeedback(feedbacks: readonly RelevanceFeedback[], sums: Float64Array): void {
  sums.fill(0)
  const length = Math.sqrt(feedbacks.reduce((total, { weight }) => total + weight * weight, 0))
  for (const { weight, similarity } of feedbacks) {
    const share = weight / length
    for (let index = 0; index < similarity.length; index += 1)
      sums[index] = (sums[index] ?? 0) + share * (similarity[index] ?? 0)
  }
}
