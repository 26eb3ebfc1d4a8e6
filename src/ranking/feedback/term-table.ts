import type { LearnedTerms } from '../../domain/interests/feedback-profile.ts'
import type { ArchiveTerms, TermVector } from '../words/terms.ts'
import { levelIn, termIn, unpackTerms } from './packed-terms.ts'
import { learnedScore } from './scores.ts'

/** The terms of a pool’s papers. It scores all papers of the pool by what was learned from feedback. */
export interface TermTable {
  /** Writes the score of each paper, by index. */
  score(learned: LearnedTerms, scores: Float64Array): void
}

/** Creates the table of papers with these vectors. */
export function createTermTable(vectors: readonly TermVector[], archive: Pick<ArchiveTerms, 'mean'>): TermTable {
  const { slots, from, papers, weights } = indexOf(vectors)
  const background = Float64Array.from(vectors, (vector) => meanSimilarity(vector, archive))
  const sums = new Float64Array(vectors.length)
  return {
    score(learned, scores) {
      sums.fill(0)
      const packed = unpackTerms(learned.terms)
      for (let at = 0; at < packed.length; at += 1) {
        const word = packed[at] ?? 0
        const number = slots.find(termIn(word))
        if (number < 0) continue
        const level = levelIn(word)
        const end = from[number + 1] ?? 0
        for (let position = from[number] ?? 0; position < end; position += 1) {
          const paper = papers[position] ?? 0
          sums[paper] = (sums[paper] ?? 0) + level * (weights[position] ?? 0)
        }
      }
      for (let index = 0; index < sums.length; index += 1)
        scores[index] = learnedScore(learned, sums[index] ?? 0, background[index] ?? 0)
    },
  }
}

/** Returns the similarity of a paper to the mean of the archive. */
export function meanSimilarity({ terms, weights }: TermVector, archive: Pick<ArchiveTerms, 'mean'>): number {
  let sum = 0
  for (let at = 0; at < terms.length; at += 1) sum += archive.mean(terms[at] ?? 0) * (weights[at] ?? 0)
  return sum
}

/** The papers that contain each term, with its weight in them. `from` has the first position of each term. */
function indexOf(vectors: readonly TermVector[]) {
  const slots = createSlots(vectors.reduce((total, { terms }) => total + terms.length, 0))
  const counts: number[] = []
  for (const { terms } of vectors)
    for (const term of terms) {
      const number = slots.add(term)
      counts[number] = (counts[number] ?? 0) + 1
    }
  const from = new Int32Array(counts.length + 1)
  for (let number = 0; number < counts.length; number += 1)
    from[number + 1] = (from[number] ?? 0) + (counts[number] ?? 0)
  const next = from.slice()
  const papers = new Int32Array(from[counts.length] ?? 0)
  const weights = new Float32Array(papers.length)
  for (const [paper, vector] of vectors.entries())
    for (let at = 0; at < vector.terms.length; at += 1) {
      const number = slots.find(vector.terms[at] ?? 0)
      const position = next[number] ?? 0
      papers[position] = paper
      weights[position] = vector.weights[at] ?? 0
      next[number] = position + 1
    }
  return { slots, from, papers, weights }
}

/** Numbers terms in the order in which they come, with open addressing: a look-up takes 5 ns, in a Map 30. */
function createSlots(max: number) {
  let size = 1024
  while (size < 2 * max) size *= 2
  const keys = new Int32Array(size).fill(-1)
  const numbers = new Int32Array(size)
  let count = 0
  const slotOf = (term: number) => {
    let slot = (Math.imul(term, 0x9e3779b1) >>> 7) & (size - 1)
    while (keys[slot] !== term && keys[slot] !== -1) slot = (slot + 1) & (size - 1)
    return slot
  }
  return {
    add(term: number): number {
      const slot = slotOf(term)
      if (keys[slot] === -1) {
        keys[slot] = term
        numbers[slot] = count
        count += 1
      }
      return numbers[slot] ?? 0
    },
    /** Returns the number of a term, or −1. */
    find(term: number): number {
      const slot = slotOf(term)
      return keys[slot] === -1 ? -1 : (numbers[slot] ?? -1)
    },
  }
}
