import type { Entry } from '../../domain/edition.ts'
import type { LearnedTerms } from '../../domain/interests/feedback-profile.ts'
import { cached } from '../../platform/cache.ts'
import { once } from '../../platform/once.ts'
import { CLEARLY_LIKED } from '../feedback/scores.ts'
import { createTermTable, type TermTable } from '../feedback/term-table.ts'
import { weighLearned } from '../feedback/topics.ts'
import { type Matchable, matchInterest, mutesPaper, readInterest } from '../interest.ts'
import { createInterestScores, type InterestScores, type PoolWords } from '../interest-scores.ts'
import { type Authorship, authorIndexOf, candidatesFor, lexemeIndexOf, stemIndexOf } from '../pool-indexes.ts'
import { createRelevanceFeedback } from '../relevance-feedback.ts'
import { lexemesOf } from '../search/indexed-paper.ts'
import { foldPaper } from '../topic/folded-text.ts'

import { learnedPhrases, paperPhrases, sharedKeywords, sharedPhrases, weighStems } from '../words/evidence.ts'
import { createLexicon, type Lexicon, withoutSynonyms } from '../words/lexicon.ts'
import { knownPhrases, phrasesOf, type WeighPhrase } from '../words/phrases.ts'
import { wordVector } from '../words/vectors.ts'
import { createWordTable, type WordTable } from '../words/word-table.ts'
import { wordsOf } from '../words/words.ts'
import { type SelectedPaper, selectedByVotes } from './selection.ts'

/** A paper of the pool with its normalised words. */
export interface Candidate extends Matchable {
  readonly entry: Entry
  readonly index: number
}

/** The papers of one edition, by rank. The scores of an interest are computed once for all subscribers. */
export interface CandidatePool {
  readonly members: readonly Candidate[]
  /** Multiplies the strength of each match by popularity: 1 without votes, 1.5 at fifty votes. */
  readonly popularity: Float64Array
  /** 1 for a paper of the day, 0 for one that is carried from an earlier edition. */
  readonly isOfToday: Uint8Array
  /** The selection of each paper for its votes alone. All subscribers share it. */
  readonly byVotes: readonly SelectedPaper[]
  /** Returns the strength of an interest for each paper; null if the interest has no words. */
  strengths(typed: string): InterestScores | null
  /** Returns the indexes of the papers that a muted term excludes. */
  muted(typed: string): readonly number[]
  /** Returns the papers of an author. */
  papersBy(author: string): readonly Authorship[]
  /** Returns the words weighted by rarity. The first call computes them, because not all subscribers need them. */
  table(): WordTable
  /** Returns the words and pairs of words for feedback. The first call computes them, because few subscribers give feedback. */
  terms(): TermTable
  /** Returns the phrases of a paper that say what it shares with liked papers, the heaviest first. */
  evidence(learned: LearnedTerms, index: number, score: number): readonly string[]
  /** Returns the similarity of each paper to one of them, from 0 to 1: the cosine of their words, weighted by rarity. */
  likenessTo(index: number): Float64Array
}

const INTERESTS_CACHED_MAX = 20_000

export function createCandidatePool(entries: readonly Entry[], archive?: Lexicon): CandidatePool {
  const members = [...entries].sort((a, b) => a.rank - b.rank).map(candidateOf)
  const lexicon = archive ?? createLexicon(entries.map(({ paper }) => paper))
  const usualLength = members.reduce((total, { folded }) => total + folded.length, 0) / Math.max(members.length, 1)
  const indexes = { stems: once(() => stemIndexOf(members)), lexemes: once(() => lexemeIndexOf(members)) }
  const authors = once(() => authorIndexOf(members))
  const vectors = once(() => members.map(({ folded }) => wordVector(folded, lexicon)))
  const table = once(() => createWordTable(vectors()))
  const terms = once(() =>
    createTermTable(
      members.map(({ paper }) => lexicon.terms().vectorOf(paper)),
      lexicon.terms(),
    ),
  )
  const known = once(() => knownPhrases(members.map(({ paper }) => paper)))
  const phrases = members.map(({ paper, folded }) =>
    paperPhrases(paper, () => phrasesOf(paper, folded, known()), lexicon),
  )
  const explain = (how: typeof sharedPhrases, index: number, weigh: WeighPhrase) => {
    const own = phrases[index]
    return own === undefined ? [] : how(own, weigh, lexicon)
  }
  const words = once(() => {
    const { stems: known } = table()
    const sharedWith: PoolWords['sharedPhrases'] = ({ words: numbers, weights }) => {
      const weigh = weighStems(new Map([...numbers].map((number, at) => [known[number] ?? '', weights[at] ?? 0])))
      return (index) => explain(sharedPhrases, index, weigh)
    }
    return { readFeedback: createRelevanceFeedback(table()), sharedPhrases: sharedWith }
  })
  const likenesses: (Float64Array | null)[] = members.map(() => null)
  const strengths = new Map<string, InterestScores | null>()
  const mutes = new Map<string, readonly number[]>()
  const followed = new Map<string, readonly Authorship[]>()
  return {
    members,
    popularity: Float64Array.from(members, ({ entry: { signals } }) => 1 + 0.1 * Math.log2(1 + (signals.upvotes ?? 0))),
    isOfToday: Uint8Array.from(members, ({ entry }) => (entry.carriedFrom === undefined ? 1 : 0)),
    byVotes: members.map(({ entry }) => selectedByVotes(entry)),
    strengths: (typed) =>
      cached(strengths, typed, INTERESTS_CACHED_MAX, () => {
        const interest = readInterest(typed, lexicon)
        if (interest === null) return null
        const [values, grades] = [new Float64Array(members.length), new Uint8Array(members.length)]
        const synonyms = new Map<number, string>()
        for (const candidate of candidatesFor(interest, members, indexes)) {
          const { strength, grade, synonym } = matchInterest(interest, candidate, { lexicon, usualLength })
          values[candidate.index] = strength
          grades[candidate.index] = grade
          if (synonym !== null) synonyms.set(candidate.index, synonym)
        }
        return createInterestScores(typed, interest, { values, grades, synonyms }, words)
      }),
    muted: (typed) =>
      cached(mutes, typed, INTERESTS_CACHED_MAX, () => {
        const term = readInterest(typed, withoutSynonyms(lexicon))
        const positive = term?.kind === 'not' ? term.of : term
        if (positive === null) return []
        return candidatesFor(positive, members, indexes)
          .filter((candidate) => mutesPaper(positive, candidate))
          .map((candidate) => candidate.index)
      }),
    papersBy: (author) =>
      cached(followed, author, INTERESTS_CACHED_MAX, () => authors().get(wordsOf(author).join(' ')) ?? []),
    table,
    terms,
    evidence(learned, index, score) {
      const weigh = weighLearned(learned)
      const telling = explain(learnedPhrases, index, weigh)
      return telling.length === 0 && score >= CLEARLY_LIKED ? explain(sharedKeywords, index, weigh) : telling
    },
    likenessTo(paper) {
      const known = likenesses[paper] ?? null
      if (known !== null) return known
      const likeness = table().likenessTo(paper)
      likenesses[paper] = likeness
      return likeness
    },
  }
}

function candidateOf(entry: Entry, index: number): Candidate {
  return {
    entry,
    index,
    paper: entry.paper,
    folded: foldPaper(entry.paper),
    authors: entry.paper.authors.map(wordsOf),
    lexemes: once(() => lexemesOf(entry.paper)),
  }
}
