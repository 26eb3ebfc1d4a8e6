import type { Entry } from '../edition.ts'
import { type Interest, interestStrength, type Matchable, meets, readInterest } from './interest.ts'
import { createLexicon, type Lexicon } from './lexicon.ts'
import { foldPaper } from './topic.ts'
import { dot, type WordVector, wordVector } from './vectors.ts'
import { wordsOf } from './words.ts'

/** One paper of the pool with what is folded of it. */
export interface Member extends Matchable {
  readonly entry: Entry
  readonly index: number
}

/** The papers of one edition, folded once, and what any interest says of each of them, computed once. */
export interface FoldedPool {
  readonly members: readonly Member[]
  /** How strongly an interest speaks for each paper, by the paper’s index; null when nothing can be read in it. */
  strengths(typed: string): { readonly interest: Interest; readonly of: readonly number[] } | null
  /** Whether a muted term takes each paper out. */
  muted(typed: string): readonly boolean[]
  /** How alike two papers are, from 0 to 1: the cosine of their words by rarity. */
  likeness(a: number, b: number): number
}

const INTERESTS_KEPT_MAX = 20_000
const NOTHING: WordVector = new Map()

export function foldPool(entries: readonly Entry[], archive?: Lexicon): FoldedPool {
  const members = entries.map((entry, index) => ({
    entry,
    index,
    paper: entry.paper,
    folded: foldPaper(entry.paper),
    authors: entry.paper.authors.map(wordsOf),
  }))
  const lexicon = archive ?? createLexicon(entries.map(({ paper }) => paper))
  const usual = members.reduce((total, { folded }) => total + folded.length, 0) / Math.max(members.length, 1)
  const vectors = new Map<number, WordVector>()
  const vectorOf = (member: Member | undefined): WordVector =>
    member === undefined ? NOTHING : kept(vectors, member.index, () => wordVector(member.folded, lexicon))
  const likenesses = new Float64Array(members.length ** 2).fill(-1)
  const strengths = new Map<string, ReturnType<FoldedPool['strengths']>>()
  const mutes = new Map<string, readonly boolean[]>()
  return {
    members,
    strengths: (typed) =>
      kept(strengths, typed, () => {
        const interest = readInterest(typed, lexicon)
        if (interest === null) return null
        return { interest, of: members.map((member) => interestStrength(interest, member, lexicon, usual)) }
      }),
    muted: (typed) =>
      kept(mutes, typed, () => {
        const term = readInterest(typed, lexicon)
        const plain = term?.kind === 'not' ? term.of : term
        return members.map((member) => plain !== null && meets(plain, member))
      }),
    likeness(a, b) {
      const known = likenesses[a * members.length + b] ?? -1
      if (known >= 0) return known
      const made = dot(vectorOf(members[a]), vectorOf(members[b]))
      likenesses[a * members.length + b] = made
      likenesses[b * members.length + a] = made
      return made
    },
  }
}

function kept<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  // Only typed words are without bound; of papers there are few.
  if (typeof key === 'string' && known.size >= INTERESTS_KEPT_MAX) known.clear()
  const made = make()
  known.set(key, made)
  return made
}
