import { unit, type WordVector } from './vectors.ts'
import type { Stem } from './words.ts'

/** One paper with how strongly a reader’s interests speak for it, and its words. */
export interface Spoken {
  readonly strength: number
  readonly words: WordVector
}

const BEST = 10
const WORDS = 50

/**
 * The words that go with a reader’s interests in the papers that match them best, whether or not they were typed, as a
 * vector of length one: pseudo-relevance feedback (Rocchio 1971; Lavrenko and Croft 2001). Null when nothing matches.
 * How much it counts beside the interests themselves is fitted (`nearWeight` in trend.json).
 */
export function wordsNear(papers: readonly Spoken[]): WordVector | null {
  const best = papers
    .map((paper, index) => ({ ...paper, index }))
    .filter(({ strength }) => strength > 0)
    .sort((a, b) => b.strength - a.strength || a.index - b.index)
    .slice(0, BEST)
  if (best.length === 0) return null
  const total = best.reduce((sum, { strength }) => sum + strength, 0)
  const together = new Map<Stem, number>()
  for (const { strength, words } of best)
    for (const [word, weight] of words) together.set(word, (together.get(word) ?? 0) + (strength / total) * weight)
  return unit([...together].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, WORDS))
}
