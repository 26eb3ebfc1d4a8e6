import type { Paper } from '../../domain/paper.ts'
import { isStopWord, wordsOf } from './words.ts'

/** The bits of a term. Four bytes hold a term and its weight. */
export const TERM_BITS = 24

/** A word or a pair of neighbouring words, as a hash of 24 bits. Two terms of an archive of 150,000 seldom have the same hash. */
export type Term = number

/** A paper as a vector of length one over its terms, in ascending order. */
export interface TermVector {
  readonly terms: Int32Array
  readonly weights: Float64Array
}

/** The terms of an archive. Feedback profiles are learned from them, and score papers with them. */
export interface ArchiveTerms {
  /** Returns the number of archive papers that contain a term, and at least 1. */
  papersWith(term: Term): number
  /** Returns the smoothed inverse document frequency. */
  idf(term: Term): number
  /** Returns the weight of a term in the mean of all archive papers. */
  mean(term: Term): number
  /** Returns the TF-IDF vector of a paper, with sublinear counts. A term that the archive lacks counts as if one paper had it. */
  vectorOf(paper: TermText): TermVector
}

type TermText = Pick<Paper, 'title' | 'abstract'>

/** A term in the title counts twice. */
const TITLE = 2

/** Counts the terms of an archive. */
export function createArchiveTerms(papers: readonly TermText[]): ArchiveTerms {
  const counted = papers.map(countTerms)
  const numbers = new Map<Term, number>()
  const frequencies: number[] = []
  for (const counts of counted)
    for (const term of counts.keys()) {
      const number = numbers.get(term) ?? numbers.size
      numbers.set(term, number)
      frequencies[number] = (frequencies[number] ?? 0) + 1
    }
  const papersWith = (term: Term) => Math.max(frequencies[numbers.get(term) ?? -1] ?? 0, 1)
  const idf = (term: Term) => Math.log((1 + papers.length) / (1 + papersWith(term))) + 1
  const means = new Float64Array(numbers.size)
  for (const counts of counted) {
    const { terms, weights } = vectorOf(counts, idf)
    for (const [at, term] of terms.entries()) {
      const number = numbers.get(term) ?? 0
      means[number] = (means[number] ?? 0) + (weights[at] ?? 0) / papers.length
    }
  }
  return {
    papersWith,
    idf,
    mean: (term) => means[numbers.get(term) ?? -1] ?? 0,
    vectorOf: (paper) => vectorOf(countTerms(paper), idf),
  }
}

function vectorOf(counts: ReadonlyMap<Term, number>, idf: (term: Term) => number): TermVector {
  const terms = Int32Array.from(counts.keys()).sort()
  const weights = Float64Array.from(terms, (term) => (1 + Math.log(counts.get(term) ?? 1)) * idf(term))
  let squares = 0
  for (const weight of weights) squares += weight * weight
  const length = Math.sqrt(squares) || 1
  return { terms, weights: weights.map((weight) => weight / length) }
}

/** Returns the terms of a paper with their counts. Words are not stemmed: `agents` and `agent` are two terms. */
function countTerms({ title, abstract }: TermText): Map<Term, number> {
  const counts = new Map<Term, number>()
  for (const [text, count] of [
    [title, TITLE],
    [abstract, 1],
  ] as const)
    for (const term of termsOf(wordsOf(text))) counts.set(term, (counts.get(term) ?? 0) + count)
  return counts
}

/** Returns the terms of consecutive words: the words, and the pairs of neighbours after stop words are removed. */
export function termsOf(words: readonly string[]): Term[] {
  const terms: Term[] = []
  let before: number | null = null
  for (const word of words) {
    if (word.length < 2 || isStopWord(word) || /^\d/.test(word)) continue
    const hash = hashOf(word, OFFSET)
    terms.push(termOf(hash))
    if (before !== null) terms.push(termOf(hashOf(word, hashOf(' ', before))))
    before = hash
  }
  return terms
}

/** FNV-1a (Fowler, Noll and Vo), folded to 24 bits as its authors say. */
const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

function hashOf(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME)
  return hash
}

function termOf(hash: number): Term {
  return (hash ^ (hash >>> TERM_BITS)) & (2 ** TERM_BITS - 1)
}
