import type { WordVector } from './vectors.ts'
import type { Stem } from './words.ts'

/** Words of a table by their numbers, with the weight of each. */
export interface Weighed {
  readonly words: Int32Array
  readonly weights: Float64Array
}

/**
 * The words of a pool’s papers by number, in the order of the alphabet. For each set of preferences that nobody had before a
 * thousand of them are added up: by number that is microseconds, by the words themselves a tenth of a millisecond.
 */
export interface WordTable {
  readonly stems: readonly Stem[]
  /** The weighted words of each paper, by index. */
  readonly papers: readonly Weighed[]
  /** Returns the given words that at least one paper contains. */
  weighed(words: Iterable<readonly [stem: Stem, weight: number]>): Weighed
  /** How alike each paper is to some words, from −1 to 1, by its place in the pool. */
  affinities(some: Weighed): Float64Array
}

/** @param vectors of each paper, of length one. */
export function createWordTable(vectors: readonly WordVector[]): WordTable {
  const stems = [...new Set(vectors.flatMap((vector) => [...vector.keys()]))].sort()
  const numbers = new Map(stems.map((stem, number) => [stem, number]))
  const weighed: WordTable['weighed'] = (words) => {
    const known = [...words].flatMap(([stem, weight]) => {
      const number = numbers.get(stem)
      return number === undefined ? [] : [{ number, weight }]
    })
    return {
      words: Int32Array.from(known, ({ number }) => number),
      weights: Float64Array.from(known, ({ weight }) => weight),
    }
  }
  const papers = vectors.map(weighed)
  const holders = holdersOf(papers, stems.length)
  return { stems, papers, weighed, affinities: (some) => affinitiesOf(some, holders, papers.length) }
}

/** Which papers hold a word, with its weight in each: few, so that a reader’s words cost microseconds. */
interface Holders {
  /** Where each word’s papers begin in the two others. */
  readonly from: Int32Array
  readonly papers: Int32Array
  readonly weights: Float64Array
}

function holdersOf(rows: readonly Weighed[], words: number): Holders {
  const from = new Int32Array(words + 1)
  for (const row of rows) for (const word of row.words) from[word + 1] = (from[word + 1] ?? 0) + 1
  for (let word = 0; word < words; word += 1) from[word + 1] = (from[word + 1] ?? 0) + (from[word] ?? 0)
  const [papers, weights] = [new Int32Array(from[words] ?? 0), new Float64Array(from[words] ?? 0)]
  const next = from.slice()
  for (const [paper, row] of rows.entries())
    for (const [at, word] of row.words.entries()) {
      const place = next[word] ?? 0
      papers[place] = paper
      weights[place] = row.weights[at] ?? 0
      next[word] = place + 1
    }
  return { from, papers, weights }
}

function affinitiesOf(some: Weighed, { from, papers, weights }: Holders, size: number): Float64Array {
  const sums = new Float64Array(size)
  for (let at = 0; at < some.words.length; at += 1) {
    const word = some.words[at] ?? 0
    const weight = some.weights[at] ?? 0
    const end = from[word + 1] ?? 0
    for (let place = from[word] ?? 0; place < end; place += 1) {
      const paper = papers[place] ?? 0
      sums[paper] = (sums[paper] ?? 0) + weight * (weights[place] ?? 0)
    }
  }
  return sums
}
