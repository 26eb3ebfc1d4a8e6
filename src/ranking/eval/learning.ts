import { FEEDBACK_BACKGROUND_PAPERS } from '../../../config/limits.ts'
import type { FeedbackProfile } from '../../domain/feedback-profile.ts'
import { backgroundOf, learnProfile } from '../feedback-profile.ts'
import { foldPaper } from '../topic.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { dot, type WordVector, wordVector } from '../words/vectors.ts'
import type { RecordedDay, Seen } from './days.ts'
import { keywordVectors, poolsOf, seenIn } from './pseudo-subscribers.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const LIKES = [0, 1, 3, 5, 10, 20] as const
const SUBSCRIBERS_PER_POOL = 15
const WANTED = 10
const FIRST = 10

export interface LearningFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

/**
 * How fast the match learns from likes alone. A reader is drawn with one paper of a pool; they have liked the earlier
 * papers whose keywords are nearest to that paper’s, one by one, and want the ten nearest of the pool. The learner sees
 * titles and abstracts. Without a like the order is that of votes.
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
  const of = (likes: number, key: 'recall' | 'ndcg') =>
    measure(
      groups.map((group) => group.filter((row) => row.likes === likes).map((row) => row[key])),
      seed,
    )
  return Object.fromEntries(LIKES.map((likes) => [likes, { recall10: of(likes, 'recall'), ndcg10: of(likes, 'ndcg') }]))
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
  const nearest = (index: number, from: number, to: number, count: number) =>
    all
      .slice(from, to)
      .map((seen, at) => ({
        seen,
        near: from + at === index ? 0 : dot(vectors[index] ?? NOTHING, vectors[from + at] ?? NOTHING),
      }))
      .filter(({ near }) => near > 0)
      .sort((a, b) => b.near - a.near || (a.seen.paper.id < b.seen.paper.id ? -1 : 1))
      .slice(0, count)
      .map(({ seen }) => seen)
  const newest = past.slice(-FEEDBACK_BACKGROUND_PAPERS).map(({ paper }) => paper)
  const background = backgroundOf(newest.reverse(), lexicon)
  return Array.from({ length: SUBSCRIBERS_PER_POOL }, () => past.length + Math.floor(random() * pool.length)).flatMap(
    (index) => {
      const liked = nearest(index, 0, past.length, Math.max(...LIKES))
      const wanted = new Set(nearest(index, past.length, all.length, WANTED).map(({ paper }) => paper.id))
      if (liked.length < Math.max(...LIKES) || wanted.size < WANTED) return []
      return LIKES.map((likes) => {
        const marks = liked.slice(0, likes).map(({ paper }) => ({ paper, liked: true }))
        const learned = vectorOf(learnProfile(marks, background))
        const worth = ({ paper, votes }: Seen) =>
          learned === null ? votes : dot(learned, words.get(paper.id) ?? NOTHING)
        const order = [...pool].sort(
          (a, b) => worth(b) - worth(a) || b.votes - a.votes || (a.paper.id < b.paper.id ? -1 : 1),
        )
        const gains = order.map(({ paper }) => (wanted.has(paper.id) ? 1 : 0))
        const found = gains.slice(0, FIRST).filter((gain) => gain === 1).length
        return { likes, recall: found / wanted.size, ndcg: ndcg(gains, gains, FIRST) ?? 0 }
      })
    },
  )
}

function vectorOf(learned: FeedbackProfile | null): WordVector | null {
  return learned === null ? null : new Map(learned.words.map(({ stem, weight }) => [stem, weight]))
}

const NOTHING: WordVector = new Map()
