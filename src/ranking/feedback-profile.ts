import { DISLIKED_TERMS_MAX, FEEDBACK_BACKGROUND_PAPERS, LEARNED_TERMS_MAX } from '../../config/limits.ts'
import type { FeedbackProfile, LearnedTerms } from '../domain/interests/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { levelIn, packTerms, termIn, unpackTerms } from './feedback/packed-terms.ts'
import { combinedScore, learnedScore } from './feedback/scores.ts'
import { type FeatureVector, type LabelledVector, trainSvm } from './feedback/svm.ts'
import { meanSimilarity } from './feedback/term-table.ts'
import { learnedTopics } from './feedback/topics.ts'
import type { Lexicon } from './words/lexicon.ts'
import { type KnownPhrases, knownPhrases } from './words/phrases.ts'
import type { ArchiveTerms, Term, TermVector } from './words/terms.ts'

/** `keywords` name what was learned. Only words of the title and the abstract are learned. */
type Text = Pick<Paper, 'id' | 'title' | 'abstract'> & { readonly keywords?: readonly string[] }

/** A paper that a subscriber has judged. */
export interface FeedbackMark {
  readonly paper: Text
  readonly liked: boolean
}

/** The background for feedback: the terms of the archive, and its newest papers as unmarked examples. */
export interface Background {
  readonly lexicon: Lexicon
  /** Numbers of the terms of the unmarked papers. The features of the model are these numbers. */
  readonly numbers: ReadonlyMap<Term, number>
  /** The weight of each numbered term in the mean of the archive. */
  readonly means: Float64Array
  readonly papers: readonly BackgroundPaper[]
  /** Keywords of the archive. They name what a paper without own keywords is about. */
  readonly phrases: KnownPhrases
  /** Returns the vector of a paper. It is computed once for each object. */
  readonly vectorOf: (paper: Text) => TermVector
}

interface BackgroundPaper {
  readonly id: string
  readonly vector: TermVector
  readonly row: FeatureVector
  /** Its similarity to the mean of the archive. */
  readonly usual: number
}

/** Returns the background of the given archive papers, newest first. */
export function backgroundOf(papers: readonly Text[], lexicon: Lexicon, archive = papers): Background {
  const terms = lexicon.terms()
  const known = new WeakMap<Text, TermVector>()
  const vectorOf = (paper: Text) => {
    const vector = known.get(paper) ?? terms.vectorOf(paper)
    known.set(paper, vector)
    return vector
  }
  const numbers = new Map<Term, number>()
  const rows = papers.slice(0, FEEDBACK_BACKGROUND_PAPERS).map((paper) => {
    const vector = vectorOf(paper)
    for (const term of vector.terms) if (!numbers.has(term)) numbers.set(term, numbers.size)
    return { id: paper.id, vector, row: rowOf(vector, numbers), usual: meanSimilarity(vector, terms) }
  })
  const means = Float64Array.from(numbers.keys(), (term) => terms.mean(term))
  return { lexicon, numbers, means, papers: rows, phrases: knownPhrases(archive), vectorOf }
}

/**
 * Returns the profile of a subscriber’s feedback. A linear support vector machine separates the liked papers from the newest
 * papers of the archive, and another one the disliked papers. Equal marks give equal profiles, in any order. Returns null
 * without marks, or if these papers have no words.
 */
export function learnProfile(marks: readonly FeedbackMark[], background: Background): FeedbackProfile | null {
  const ordered = [...marks].sort((a, b) => (a.paper.id < b.paper.id ? -1 : 1))
  const marked = new Set(ordered.map(({ paper }) => paper.id))
  const others = background.papers.filter(({ id }) => !marked.has(id))
  const papersOf = (wanted: boolean) => ordered.filter(({ liked }) => liked === wanted).map(({ paper }) => paper)
  const [liked, disliked] = [papersOf(true), papersOf(false)]
  const learned = {
    liked: learnTerms(liked.map(background.vectorOf), others, background, LEARNED_TERMS_MAX),
    disliked: learnTerms(disliked.map(background.vectorOf), others, background, DISLIKED_TERMS_MAX),
  }
  if (learned.liked === null && learned.disliked === null) return null
  return {
    ...learned,
    topics: [
      ...learnedTopics(liked, learned.liked, background, 1),
      ...learnedTopics(disliked, learned.disliked, background, -1),
    ],
    more: liked.length,
    less: disliked.length,
  }
}

/** Returns how well each paper fits a profile, by index. A higher score fits better. Scores of two profiles are not comparable. */
export function profileScores(
  { liked, disliked }: FeedbackProfile,
  papers: readonly Text[],
  { lexicon, vectorOf }: Background,
): Float64Array {
  const terms = lexicon.terms()
  const scores = [liked, disliked].map((learned) => (learned === null ? () => 0 : scorer(learned, terms)))
  return Float64Array.from(papers, (paper) => {
    const [more = 0, less = 0] = scores.map((score) => score(vectorOf(paper)))
    return combinedScore(more, less)
  })
}

function scorer(learned: LearnedTerms, archive: ArchiveTerms): (paper: TermVector) => number {
  const levels = new Map([...unpackTerms(learned)].map((word) => [termIn(word), levelIn(word)]))
  return (paper) => {
    let sum = 0
    for (const [at, term] of paper.terms.entries()) sum += (levels.get(term) ?? 0) * (paper.weights[at] ?? 0)
    return learnedScore(learned, sum, meanSimilarity(paper, archive))
  }
}

/** The recipe of arxiv-sanity-lite (Andrej Karpathy), whose classes weigh the same. Ten times as much or as little changes nothing. */
const C = 0.01
const PASSES_MAX = 50

/** Learns what papers have in common that the others do not have. Returns null without papers or terms. */
function learnTerms(
  marked: readonly TermVector[],
  others: readonly BackgroundPaper[],
  background: Background,
  termsMax: number,
): LearnedTerms | null {
  const features = new Map<Term, number>()
  const all = { get: (term: Term) => background.numbers.get(term) ?? features.get(term) }
  for (const { terms } of marked)
    for (const term of terms)
      if (all.get(term) === undefined) features.set(term, background.numbers.size + features.size)
  const half = (C * (marked.length + others.length)) / 2
  const rows: LabelledVector[] = [
    ...marked.map((vector) => ({ vector: rowOf(vector, all), label: 1 as const, cost: half / marked.length })),
    ...others.map(({ row }) => ({ vector: row, label: -1 as const, cost: half / others.length })),
  ]
  const size = background.numbers.size + features.size
  const model = marked.length === 0 ? new Float64Array(size) : trainSvm(rows, { size, passesMax: PASSES_MAX })
  const own = termsIn(marked).map((term) => ({ term, number: all.get(term) ?? 0 }))
  const share = backgroundShare(model, own, background)
  const archive = background.lexicon.terms()
  const weights = own.map(({ term, number }) => [term, (model[number] ?? 0) + share * archive.mean(term)] as const)
  const { terms, scale } = packTerms(mostUseful(weights, archive, termsMax))
  if (terms === '') return null
  const learned = { terms, scale, background: share, offset: 0 }
  const levels = new Float64Array(size)
  for (const word of unpackTerms(learned)) levels[all.get(termIn(word)) ?? 0] = levelIn(word)
  const scores = others.map(({ row, usual }) => learnedScore(learned, dotProduct(row, levels), usual))
  return withScale(learned, scores, Math.hypot(...weights.map(([, weight]) => weight)))
}

function termsIn(vectors: readonly TermVector[]): Term[] {
  const found = new Set<Term>()
  for (const { terms } of vectors) for (const term of terms) found.add(term)
  return [...found]
}

/**
 * With so small a C, all unmarked papers get nearly the same weight. So the weights of terms that the marked papers lack are nearly
 * a multiple of their mean in the archive. Returns this multiple, by least squares as one number in place of them all.
 */
function backgroundShare(
  model: Float64Array,
  own: readonly { readonly number: number }[],
  { means }: Background,
): number {
  let [products, squares] = [0, 0]
  const add = (number: number, sign: number) => {
    const mean = means[number] ?? 0
    products -= sign * (model[number] ?? 0) * mean
    squares += sign * mean * mean
  }
  for (let number = 0; number < means.length; number += 1) add(number, 1)
  for (const { number } of own) add(number, -1)
  return squares <= 0 ? 0 : products / squares
}

/** Returns the terms that change most scores in the archive. A term that no other paper has changes none, whatever its weight. */
function mostUseful(
  weights: readonly (readonly [Term, number])[],
  archive: ArchiveTerms,
  max: number,
): (readonly [Term, number])[] {
  const positive = weights.filter(([, weight]) => weight > 0)
  if (positive.length <= max) return positive
  return positive
    .map((each) => ({ each, use: each[1] * archive.idf(each[0]) * Math.sqrt(archive.papersWith(each[0])) }))
    .sort((a, b) => b.use - a.use || a.each[0] - b.each[0])
    .slice(0, max)
    .map(({ each }) => each)
}

/** One archive paper in this many counts as similar. */
const SIMILAR_ONE_IN = 20
/** A paper whose cosine is less than this above the average has at most one rare word in common with the marked papers. */
const COSINE_MIN = 0.005
/** A paper with the text of that last one counts as similar, too, although its weights are rounded. */
const ROUNDING = 1 - 1e-6

/**
 * Scales a model so that the average archive paper has the score 0, and the last one that counts as similar has 1. `length` is
 * that of the vector of weights.
 */
function withScale(learned: LearnedTerms, scores: readonly number[], length: number): LearnedTerms {
  const sorted = [...scores].sort((a, b) => a - b)
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(scores.length, 1)
  const similar = sorted[Math.floor(scores.length * (1 - 1 / SIMILAR_ONE_IN))] ?? 0
  const span = Math.max(similar - mean, COSINE_MIN * length) * ROUNDING
  return { ...learned, scale: learned.scale / span, background: learned.background / span, offset: mean / span }
}

function dotProduct({ features, weights }: FeatureVector, model: Float64Array): number {
  let sum = 0
  for (let at = 0; at < features.length; at += 1) sum += (model[features[at] ?? 0] ?? 0) * (weights[at] ?? 0)
  return sum
}

function rowOf({ terms, weights }: TermVector, numbers: { get(term: Term): number | undefined }): FeatureVector {
  return { features: terms.map((term) => numbers.get(term) ?? 0), weights }
}
