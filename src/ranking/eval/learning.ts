import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'
import { type Background, backgroundOf, learnProfile, profileScores } from '../feedback-profile.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { dot, type WordVector } from '../words/vectors.ts'
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
  const background = backgroundOf(past.map(({ paper }) => paper).reverse(), lexicon)
  const groups = poolsOf(days).map((pool, index) => poolFigures(past, pool, background, seeded(seed + index)))
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
  background: Background,
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
  return Array.from({ length: SUBSCRIBERS_PER_POOL }, () => past.length + Math.floor(random() * pool.length)).flatMap(
    (index) => {
      const liked = mostSimilar(index, 0, past.length, Math.max(...LIKES))
      const wanted = new Set(mostSimilar(index, past.length, all.length, WANTED_PAPERS).map(({ paper }) => paper.id))
      if (liked.length < Math.max(...LIKES) || wanted.size < WANTED_PAPERS) return []
      return LIKES.map((likes) => {
        const marks = liked.slice(0, likes).map(({ paper }) => ({ paper, liked: true }))
        const order = ordered(pool, learnProfile(marks, background), background)
        const gains = order.map(({ paper }) => (wanted.has(paper.id) ? 1 : 0))
        const found = gains.slice(0, RANKS_COUNTED).filter((gain) => gain === 1).length
        return { likes, recall: found / wanted.size, ndcg: ndcg(gains, gains, RANKS_COUNTED) ?? 0 }
      })
    },
  )
}

/** Returns the papers of a pool in the order of a profile. Votes decide on a tie, and alone without a profile. */
function ordered(pool: readonly Seen[], profile: FeedbackProfile | null, background: Background): Seen[] {
  const papers = pool.map(({ paper }) => paper)
  const scores = profile === null ? new Float64Array(pool.length) : profileScores(profile, papers, background)
  const rows = pool.map((seen, index) => ({ seen, score: scores[index] ?? 0 }))
  return rows
    .sort((a, b) => b.score - a.score || b.seen.votes - a.seen.votes || (a.seen.paper.id < b.seen.paper.id ? -1 : 1))
    .map(({ seen }) => seen)
}

const NOTHING: WordVector = new Map()
