import type { Term } from '../words/terms.ts'

/** Weights of terms. Each word holds the term in its upper 24 bits, and in the lower 8 bits its share of the scale. */
export type PackedTerms = Uint32Array

const LEVELS = 255

/** Packs weights above 0, in ascending order of the terms. `scale` is the weight of one level. */
export function packTerms(weights: readonly (readonly [Term, number])[]): {
  readonly terms: string
  readonly scale: number
} {
  const scale = weights.reduce((highest, [, weight]) => Math.max(highest, weight), 0) / LEVELS
  const packed = Uint32Array.from(weights, ([term, weight]) => term * 256 + Math.round(weight / scale)).sort()
  const bytes = Buffer.alloc(4 * packed.length)
  for (const [at, word] of packed.entries()) bytes.writeUInt32LE(word, 4 * at)
  return { terms: bytes.toString('base64'), scale }
}

export function unpackTerms(text: string): PackedTerms {
  const bytes = Buffer.from(text, 'base64')
  const packed = new Uint32Array(bytes.length >> 2)
  for (let at = 0; at < packed.length; at += 1) packed[at] = bytes.readUInt32LE(4 * at)
  return packed
}

export function termIn(word: number): Term {
  return word >>> 8
}

/** Returns the weight in a packed word, in levels. */
export function levelIn(word: number): number {
  return word & 0xff
}

/** Returns the level of a term, or 0 if it is not among the packed terms. */
export function levelOf(packed: PackedTerms, term: Term): number {
  let [low, high] = [0, packed.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (termIn(packed[middle] ?? 0) < term) low = middle + 1
    else high = middle
  }
  const word = packed[low] ?? 0
  return low < packed.length && termIn(word) === term ? levelIn(word) : 0
}
