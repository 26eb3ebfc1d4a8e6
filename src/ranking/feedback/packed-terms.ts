import type { LearnedTerms } from '../../domain/interests/feedback-profile.ts'
import { TERM_BITS, type Term } from '../words/terms.ts'

/** Weights of terms, in the byte order of the processor, which is little-endian on every platform we support. Each word holds the term in its upper 24 bits, and in the lower 8 bits its share of the scale. */
export type PackedTerms = Uint32Array

const LEVELS = 255

/** Packs weights above 0, in ascending order of the terms. `scale` is the weight of one level. */
export function packTerms(weights: readonly (readonly [Term, number])[]): {
  readonly terms: string
  readonly scale: number
} {
  const scale = weights.reduce((highest, [, weight]) => Math.max(highest, weight), 0) / LEVELS
  const packed = Uint32Array.from(weights, ([term, weight]) => term * 256 + Math.round(weight / scale)).sort()
  return { terms: Buffer.from(packed.buffer).toString('base64'), scale }
}

/** Returns the terms of a profile. They are unpacked once for each object, because several papers are explained by them. */
export function unpackTerms(learned: LearnedTerms): PackedTerms {
  const known = unpacked.get(learned)
  if (known !== undefined) return known
  // A copy, because the bytes of a small Buffer need not begin at a multiple of four.
  const bytes = new Uint8Array(Buffer.from(learned.terms, 'base64'))
  const packed = new Uint32Array(bytes.buffer, 0, bytes.length >> 2)
  unpacked.set(learned, packed)
  return packed
}

const unpacked = new WeakMap<LearnedTerms, PackedTerms>()

export function termIn(word: number): Term {
  return word >>> 8
}

/** Returns the weight in a packed word, in levels. */
export function levelIn(word: number): number {
  return word & 0xff
}

/**
 * Returns the level of a term, or 0 if it is not among the packed terms. Hashes are spread evenly, so the search starts where the
 * term should be.
 */
export function levelOf(packed: PackedTerms, term: Term): number {
  let at = Math.floor((term / 2 ** TERM_BITS) * packed.length)
  while (at > 0 && termIn(packed[at] ?? 0) > term) at -= 1
  while (at < packed.length - 1 && termIn(packed[at] ?? 0) < term) at += 1
  const word = packed[at] ?? 0
  return termIn(word) === term ? levelIn(word) : 0
}
