import { FEEDBACK_BACKGROUND_PAPERS } from '../../../config/limits.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import { backgroundOf, learnProfile } from '../feedback-profile.ts'
import { foldPaper } from '../folded-text.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { dot, type WordVector, wordVector } from '../words/vectors.ts'
import type { RecordedDay, Seen } from './days.ts'
import { keywordVectors, poolsOf, seenIn } from './pseudo-subscribers.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const LIKES = [0, 1, 3, 5, 10, 20] as const
const SUBSCRIBERS_PER_POOL = 15
const WANTED_PAPERS = 10
const RANKS_COUNTED = 10

export interface LearningFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

/**
 * Measures how fast the match learns from likes alone. Each simulated subscriber is based on one random paper. They like the
 * earlier papers with the most similar keywords, one after another, and want the ten most similar papers of the pool. The
 * learner reads only titles and abstracts. With no likes, papers are ordered by votes.
 */
export function evaluateLearning(
  earlier: readonly RecordedDay[],
  days: readonly RecordedDay[],
  { lexicon, seed }: { readonly lexicon: Lexicon; readonly seed: number },
): Record<string, LearningFigures> {
  const past = seenIn(earlier)
  const words = new Map(
    [...past, ...seenIn(days)].map(({ paper }) => [paper.id, wordVector(foldPaper(paper), lexicon)]),
  )
  const groups = poolsOf(days).map((pool, index) => poolFigures(past, pool, { words, lexicon }, seeded(seed + index)))
  const figure = (likes: number, key: 'recall' | 'ndcg') =>
    measure(
      groups.map((group) => group.filter((row) => row.likes === likes).map((row) => row[key])),
      seed,
    )
  return Object.fromEntries(
    LIKES.map((likes) => [likes, { recall10: figure(likes, 'recall'), ndcg10: figure(likes, 'ndcg') }]),
  )
}

interface Row {
  readonly likes: number
  readonly recall: number
  readonly ndcg: number
}

function poolFigures(
  past: readonly Seen[],
  pool: readonly Seen[],
  { words, lexicon }: { readonly words: ReadonlyMap<string, WordVector>; readonly lexicon: Lexicon },
  random: () => number,
): Row[] {
  const all = [...past, ...pool]
  const vectors = keywordVectors(all)
  const mostSimilar = (index: number, from: number, to: number, count: number) =>
    all
      .slice(from, to)
      .map((seen, at) => ({
        seen,
        similarity: from + at === index ? 0 : dot(vectors[index] ?? NOTHING, vectors[from + at] ?? NOTHING),
      }))
      .filter(({ similarity }) => similarity > 0)
      .sort((a, b) => b.similarity - a.similarity || (a.seen.paper.id < b.seen.paper.id ? -1 : 1))
      .slice(0, count)
      .map(({ seen }) => seen)
  const newest = past.slice(-FEEDBACK_BACKGROUND_PAPERS).map(({ paper }) => paper)
  const background = backgroundOf(newest.reverse(), lexicon)
  return Array.from({ length: SUBSCRIBERS_PER_POOL }, () => past.length + Math.floor(random() * pool.length)).flatMap(
    (index) => {
      const liked = mostSimilar(index, 0, past.length, Math.max(...LIKES))
      const wanted = new Set(mostSimilar(index, past.length, all.length, WANTED_PAPERS).map(({ paper }) => paper.id))
      if (liked.length < Math.max(...LIKES) || wanted.size < WANTED_PAPERS) return []
      return LIKES.map((likes) => {
        const marks = liked.slice(0, likes).map(({ paper }) => ({ paper, liked: true }))
        const learned = vectorOf(learnProfile(marks, background))
        const score = ({ paper, votes }: Seen) =>
          learned === null ? votes : dot(learned, words.get(paper.id) ?? NOTHING)
        const order = [...pool].sort(
          (a, b) => score(b) - score(a) || b.votes - a.votes || (a.paper.id < b.paper.id ? -1 : 1),
        )
        const gains = order.map(({ paper }) => (wanted.has(paper.id) ? 1 : 0))
        const found = gains.slice(0, RANKS_COUNTED).filter((gain) => gain === 1).length
        return { likes, recall: found / wanted.size, ndcg: ndcg(gains, gains, RANKS_COUNTED) ?? 0 }
      })
    },
  )
}

function vectorOf(learned: FeedbackProfile | null): WordVector | null {
  return learned === null ? null : new Map(learned.words.map(({ stem, weight }) => [stem, weight]))
}

const NOTHING: WordVector = new Map()
