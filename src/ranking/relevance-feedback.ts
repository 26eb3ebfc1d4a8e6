import type { WeightedWords, WordTable } from './words/word-table.ts'

/** The number of best matches whose words are used, and of words that are used. */
const BEST = 10
const WORDS = 50

/** Returns the words of the best matches (pseudo-relevance feedback), given the match strength of each paper. */
export type RelevanceFeedback = (strengths: readonly number[] | Float64Array) => WeightedWords | null

/**
 * Creates pseudo-relevance feedback (Rocchio 1971; Lavrenko and Croft 2001): the words of the best matches, whether the
 * subscriber typed them or not. They are a vector of length one, the heaviest word first, or null if nothing matches. The weight
 * of this similarity relative to the interests is fitted (`nearWeight` in trend.json).
 */
export function createRelevanceFeedback({ papers, stems }: WordTable): RelevanceFeedback {
  // A buffer for all calls. Each call sets it back to zeros.
  const sums = new Float64Array(stems.length)
  return (strengths) => {
    const best = strongest(strengths)
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
    const vector = unitVector(heaviest(found, sums), sums)
    for (const word of found) sums[word] = 0
    return vector
  }
}

const NOTHING: WeightedWords = { words: new Int32Array(0), weights: new Float64Array(0) }

/** Returns the indexes of the best matches. On a tie the earlier paper wins. */
function strongest(strengths: readonly number[] | Float64Array): number[] {
  const best: number[] = []
  for (let index = 0; index < strengths.length; index += 1)
    if ((strengths[index] ?? 0) > 0)
      insert(
        best,
        index,
        BEST,
        (a, b) => (strengths[a] ?? 0) > (strengths[b] ?? 0) || (strengths[a] === strengths[b] && a < b),
      )
  return best
}

/** Returns the heaviest words. On a tie the first in the alphabet wins. */
function heaviest(found: readonly number[], sums: Float64Array): number[] {
  const heavy: number[] = []
  for (const word of found)
    insert(heavy, word, WORDS, (a, b) => (sums[a] ?? 0) > (sums[b] ?? 0) || (sums[a] === sums[b] && a < b))
  return heavy
}

/** Inserts an item into a sorted list of at most `max` items. This is fast, because most words are too light for the list. */
function insert(list: number[], item: number, max: number, isBefore: (a: number, b: number) => boolean): void {
  const last = list[list.length - 1]
  if (list.length === max) {
    if (last === undefined || !isBefore(item, last)) return
    list.pop()
  }
  let at = list.length
  list.push(item)
  for (; at > 0; at -= 1) {
    const before = list[at - 1] ?? item
    if (!isBefore(item, before)) break
    list[at] = before
  }
  list[at] = item
}

function unitVector(words: readonly number[], sums: Float64Array): WeightedWords {
  let squares = 0
  for (const word of words) squares += (sums[word] ?? 0) ** 2
  const length = Math.sqrt(squares) || 1
  return { words: Int32Array.from(words), weights: Float64Array.from(words, (word) => (sums[word] ?? 0) / length) }
}
