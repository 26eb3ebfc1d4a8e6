import type { LearnedTerms } from '../../domain/interests/feedback-profile.ts'

/** Returns the score of a paper, from the sum of the levels of its learned terms and its similarity to the mean of the archive. */
export function learnedScore(
  { scale, background, offset }: Omit<LearnedTerms, 'terms'>,
  levelSum: number,
  usual: number,
): number {
  return scale * levelSum - background * usual - offset
}

/** The weight of a “less like this” relative to a “more like this” (Rocchio, 1971). */
const LESS_SHARE = 0.5

/** Returns one score from the similarities to the liked and the disliked papers. From 1 on, the subscriber wants the paper. */
export function combinedScore(more: number, less: number): number {
  return more - LESS_SHARE * Math.max(less, 0)
}

/** From this score on, a paper is liked even if only common phrases explain it. Chosen by reading digests (docs/RANKING.md). */
export const CLEARLY_LIKED = 2

/** Returns at least 1 for a paper that feedback wants, −1 for one that it does not want, and 0 for others. */
export function verdictOf(more: number, less: number): number {
  if (less >= 1 && less > more) return -1
  const score = combinedScore(more, less)
  return score >= 1 ? score : 0
}
