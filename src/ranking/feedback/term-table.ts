import type { LearnedTerms } from '../../domain/interests/feedback-profile.ts'
import { type ArchiveTerms, TERM_BITS, type Term, type TermVector } from '../words/terms.ts'
import { levelIn, termIn, unpackTerms } from './packed-terms.ts'
import { learnedScore } from './scores.ts'

/** The terms of a pool’s papers. It scores all papers of the pool by what was learned from feedback. */
export interface TermTable {
  /** Writes the score of each paper, by index. */
  score(learned: LearnedTerms, scores: Float64Array): void
}

/** Creates the table of papers with these vectors. */
export function createTermTable(vectors: readonly TermVector[], archive: Pick<ArchiveTerms, 'mean'>): TermTable {
  const index = indexOf(vectors)
  const { from, papers, weights } = index
  const background = Float64Array.from(vectors, (vector) => meanSimilarity(vector, archive))
  const sums = new Float64Array(vectors.length)
  return {
    score(learned, scores) {
      sums.fill(0)
      const packed = unpackTerms(learned)
      for (let at = 0; at < packed.length; at += 1) {
        const word = packed[at] ?? 0
        const number = find(termIn(word), index)
        if (number < 0) continue
        const level = levelIn(word)
        const end = from[number + 1] ?? 0
        for (let position = from[number] ?? 0; position < end; position += 1) {
          const paper = papers[position] ?? 0
          sums[paper] = (sums[paper] ?? 0) + level * (weights[position] ?? 0)
        }
      }
      for (let paper = 0; paper < sums.length; paper += 1)
        scores[paper] = learnedScore(learned, sums[paper] ?? 0, background[paper] ?? 0)
    },
  }
}

/** Returns the similarity of a paper to the mean of the archive. */
export function meanSimilarity({ terms, weights }: TermVector, archive: Pick<ArchiveTerms, 'mean'>): number {
  let sum = 0
  for (let at = 0; at < terms.length; at += 1) sum += archive.mean(terms[at] ?? 0) * (weights[at] ?? 0)
  return sum
}

/**
 * The papers that contain each term, with its weight in them, in ascending order of the terms. A profile has this order, too, so its
 * look-ups go through memory once. That is several times as fast as a hash table.
 */
interface TermIndex {
  readonly terms: Int32Array
  /** The position in `terms` where each bucket begins: the terms with the same upper bits. */
  readonly buckets: Int32Array
  /** The position in `papers` and `weights` where each term begins. */
  readonly from: Int32Array
  readonly papers: Int32Array
  readonly weights: Float32Array
}

/** About six terms of a pool are in one bucket. */
const BUCKET_BITS = 12

function indexOf(vectors: readonly TermVector[]): TermIndex {
  const counts = new Map<Term, number>()
  for (const vector of vectors) for (const term of vector.terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  const terms = Int32Array.from(counts.keys()).sort()
  const buckets = new Int32Array(2 ** (TERM_BITS - BUCKET_BITS) + 1)
  for (const term of terms) buckets[(term >>> BUCKET_BITS) + 1] = (buckets[(term >>> BUCKET_BITS) + 1] ?? 0) + 1
  accumulate(buckets)
  const from = new Int32Array(terms.length + 1)
  for (const [number, term] of terms.entries()) from[number + 1] = counts.get(term) ?? 0
  accumulate(from)
  const next = new Map<Term, number>()
  for (const [number, term] of terms.entries()) next.set(term, from[number] ?? 0)
  const papers = new Int32Array(from.at(-1) ?? 0)
  const weights = new Float32Array(papers.length)
  for (const [paper, vector] of vectors.entries())
    for (const [at, term] of vector.terms.entries()) {
      const position = next.get(term) ?? 0
      papers[position] = paper
      weights[position] = vector.weights[at] ?? 0
      next.set(term, position + 1)
    }
  return { terms, buckets, from, papers, weights }
}

/** Replaces each count by the sum of the counts up to it. */
function accumulate(counts: Int32Array): void {
  for (let at = 1; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + (counts[at - 1] ?? 0)
}

/** Returns the number of a term, or −1. */
function find(term: Term, { terms, buckets }: TermIndex): number {
  const bucket = term >>> BUCKET_BITS
  const end = buckets[bucket + 1] ?? 0
  for (let number = buckets[bucket] ?? 0; number < end; number += 1) {
    const other = terms[number] ?? 0
    if (other >= term) return other === term ? number : -1
  }
  return -1
}
