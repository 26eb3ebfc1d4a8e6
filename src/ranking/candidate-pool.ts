import type { Entry } from '../domain/edition.ts'
import type { ProfileWord } from '../domain/feedback-profile.ts'
import { cached } from '../platform/cache.ts'
import { type Interest, interestStrength, type Matchable, matchesInterest, readInterest } from './interest.ts'
import { createRelevanceFeedback, type RelevanceFeedback } from './relevance-feedback.ts'
import { foldPaper } from './topic.ts'
import { createLexicon, type Lexicon } from './words/lexicon.ts'
import { dot, type WordVector, wordVector } from './words/vectors.ts'
import { createWordTable, type WordTable } from './words/word-table.ts'
import { isContentWord, stem as stemOf, wordsOf } from './words/words.ts'

/** A paper of the pool with its normalised words. */
export interface Candidate extends Matchable {
  readonly entry: Entry
  readonly index: number
  /** Multiplies the match strength by popularity: 1 without votes, 1.5 at fifty votes. */
  readonly popularity: number
}

/** The papers of one edition. The strength of each interest is computed once for all subscribers. */
export interface CandidatePool {
  readonly members: readonly Candidate[]
  /** The members by rank. */
  readonly byRank: readonly Candidate[]
  /** Returns the strength of an interest for each paper, by index; null if the interest has no words. */
  strengths(typed: string): { readonly interest: Interest; readonly values: readonly number[] } | null
  /** Returns whether a muted term excludes each paper, by index. */
  muted(typed: string): readonly boolean[]
  /**
   * Returns the words weighted by rarity, and the search for papers similar to the matches. Only subscribers with interests or
   * feedback need them, so the first call computes them.
   */
  words(): { readonly table: WordTable; readonly relevanceFeedback: RelevanceFeedback }
  /** Returns the most frequent spelling of a stem. */
  shown(stem: string): string
  /** Returns the learned words that contribute most to a paper’s score, the strongest first. */
  evidence(words: readonly ProfileWord[], index: number): readonly ProfileWord[]
  /** Returns the similarity of two papers from 0 to 1: the cosine of their words, weighted by rarity. */
  likeness(a: number, b: number): number
}

const INTERESTS_CACHED_MAX = 20_000

export function createCandidatePool(entries: readonly Entry[], archive?: Lexicon): CandidatePool {
  const members = entries.map((entry, index) => ({
    entry,
    index,
    paper: entry.paper,
    folded: foldPaper(entry.paper),
    authors: entry.paper.authors.map(wordsOf),
    popularity: 1 + 0.1 * Math.log2(1 + (entry.signals.upvotes ?? 0)),
  }))
  const lexicon = archive ?? createLexicon(entries.map(({ paper }) => paper))
  const meanLength = members.reduce((total, { folded }) => total + folded.length, 0) / Math.max(members.length, 1)
  let vectors: readonly WordVector[] | null = null
  const vectorOf = (index: number): WordVector => {
    vectors ??= members.map(({ folded }) => wordVector(folded, lexicon))
    return vectors[index] ?? NOTHING
  }
  // The similarity of each pair; NaN until it is computed.
  const likenesses = new Float64Array(members.length ** 2).fill(Number.NaN)
  let words: ReturnType<CandidatePool['words']> | null = null
  let spellings: ReadonlyMap<string, string> | null = null
  const strengths = new Map<string, ReturnType<CandidatePool['strengths']>>()
  const mutes = new Map<string, readonly boolean[]>()
  return {
    members,
    byRank: [...members].sort((a, b) => a.entry.rank - b.entry.rank),
    strengths: (typed) =>
      cached(strengths, typed, INTERESTS_CACHED_MAX, () => {
        const interest = readInterest(typed, lexicon)
        if (interest === null) return null
        return { interest, values: members.map((member) => interestStrength(interest, member, lexicon, meanLength)) }
      }),
    muted: (typed) =>
      cached(mutes, typed, INTERESTS_CACHED_MAX, () => {
        const term = readInterest(typed, lexicon)
        const positive = term?.kind === 'not' ? term.of : term
        return members.map((member) => positive !== null && matchesInterest(positive, member))
      }),
    words() {
      if (words !== null) return words
      const table = createWordTable(members.map(({ index }) => vectorOf(index)))
      words = { table, relevanceFeedback: createRelevanceFeedback(table) }
      return words
    },
    shown(stem) {
      spellings ??= spellingsOf(members)
      return spellings.get(stem) ?? stem
    },
    evidence(profileWords, index) {
      const vector = vectorOf(index)
      const contribution = ({ stem, weight }: ProfileWord) => weight * (vector.get(stem) ?? 0)
      return profileWords
        .filter((word) => contribution(word) > 0 && word.weight > 0 && isContentWord(word.shown))
        .sort((a, b) => contribution(b) - contribution(a) || (a.stem < b.stem ? -1 : 1))
        .slice(0, EVIDENCE_WORDS)
    },
    likeness(a, b) {
      const pair = Math.min(a, b) * members.length + Math.max(a, b)
      const known = likenesses[pair] ?? Number.NaN
      if (!Number.isNaN(known)) return known
      const likeness = dot(vectorOf(a), vectorOf(b))
      likenesses[pair] = likeness
      return likeness
    },
  }
}

/** Returns the most frequent form of each stem. On a tie the first in the alphabet wins. */
function spellingsOf(members: readonly Candidate[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { paper } of members)
    for (const word of wordsOf(`${paper.title} ${paper.abstract}`)) {
      const stem = stemOf(word)
      const forms = counts.get(stem) ?? new Map<string, number>()
      forms.set(word, (forms.get(word) ?? 0) + 1)
      counts.set(stem, forms)
    }
  return new Map(
    [...counts].map(([stem, forms]) => [
      stem,
      [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? stem,
    ]),
  )
}

/** Words in one explanation. */
const EVIDENCE_WORDS = 3

const NOTHING: WordVector = new Map()
