import { cached } from '../../platform/cache.ts'
import { seedsOf } from '../interest-scores.ts'
import type { MatchParameters } from '../parameters.ts'
import { createRelevanceFeedback } from '../relevance-feedback.ts'
import { createChooser } from '../selection/choose.ts'
import { combineFeedback, combineInterests } from '../selection/combine.ts'
import { foldPaper } from '../topic/folded-text.ts'
import { GRADE } from '../topic/grade.ts'
import { readTopic } from '../topic/topic.ts'
import { matchTopic } from '../topic/topic-strength.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { wordVector } from '../words/vectors.ts'
import { createWordTable } from '../words/word-table.ts'
import { wordsOf } from '../words/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { entriesByVotes } from './entries.ts'
import { countWords, type Protocol, type PseudoSubscriber, poolsOf } from './pseudo-subscribers.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const RANKS_COUNTED = 10

export interface InterestFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

/** Orders a pool for a subscriber’s interests, and returns the ids. */
type Retrieval = (interests: readonly string[]) => readonly string[]

/** A pool, its simulated subscribers, and the ways of ordering it that are compared. */
export interface EvaluatedPool {
  readonly seen: readonly Seen[]
  readonly subscribers: readonly PseudoSubscriber[]
  readonly retrievals: Readonly<Record<string, Retrieval>>
}

/** Measures how well this match and simpler ones find the papers that the simulated subscribers of a protocol want. */
export function evaluateInterests(
  days: readonly RecordedDay[],
  lexicon: Lexicon,
  { protocol, seed, match }: { readonly protocol: Protocol; readonly seed: number; readonly match: MatchParameters },
): Record<string, InterestFigures> {
  return figuresOf(
    poolsOf(days).map((seen, index) => ({
      seen,
      subscribers: protocol(seen, seeded(seed + index)),
      retrievals: retrievalsOf(seen, lexicon, match),
    })),
    seed,
  )
}

/** Returns the figures of each retrieval over all pools. Subscribers of group pool form a group. */
export function figuresOf(pools: readonly EvaluatedPool[], seed: number): Record<string, InterestFigures> {
  const rows = new Map<string, { recall: number[]; ndcg: number[] }[]>()
  const add = (name: string, figures: readonly { recall: number; ndcg: number }[]) => {
    const group = { recall: figures.map(({ recall }) => recall), ndcg: figures.map((figure) => figure.ndcg) }
    rows.set(name, [...(rows.get(name) ?? []), group])
  }
  for (const { seen, subscribers, retrievals } of pools) {
    for (const [name, retrieve] of Object.entries(retrievals))
      add(
        name,
        subscribers.map((subscriber) => subscriberFigures(subscriber, retrieve(subscriber.interests))),
      )
    // Even the best order has a recall below 1 if more than ten papers are wanted.
    add(
      'oracle',
      subscribers.map((subscriber) => subscriberFigures(subscriber, bestOrder(seen, subscriber))),
    )
  }
  return Object.fromEntries(
    [...rows].map(([name, groups]) => {
      const recalls = groups.map(({ recall }) => recall)
      const gains = groups.map((group) => group.ndcg)
      return [name, { recall10: measure(recalls, seed), ndcg10: measure(gains, seed) }]
    }),
  )
}

/** Returns the best possible order: all wanted papers first. */
function bestOrder(seen: readonly Seen[], { relevant }: PseudoSubscriber): string[] {
  const ids = seen.map(({ paper }) => paper.id)
  return [...ids.filter((id) => relevant.has(id)), ...ids.filter((id) => !relevant.has(id))]
}

function subscriberFigures({ relevant }: PseudoSubscriber, order: readonly string[]): { recall: number; ndcg: number } {
  const gains = order.map((id) => (relevant.has(id) ? 1 : 0))
  const found = gains.slice(0, RANKS_COUNTED).filter((gain) => gain === 1).length
  return { recall: found / relevant.size, ndcg: ndcg(gains, gains, RANKS_COUNTED) ?? 0 }
}

type ByScore = (score: (id: string) => number) => string[]

/** Returns a function that orders the pool by a score, and on a tie by votes. */
function scoring(pool: readonly Seen[]): ByScore {
  const votes = new Map(pool.map((each) => [each.paper.id, each.votes]))
  const ids = [...votes.keys()]
  return (score) => {
    const scores = new Map(ids.map((id) => [id, score(id)]))
    const scoreOf = (id: string) => scores.get(id) ?? 0
    return [...ids].sort(
      (a, b) => scoreOf(b) - scoreOf(a) || (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || (a < b ? -1 : 1),
    )
  }
}

function retrievalsOf(pool: readonly Seen[], lexicon: Lexicon, match: MatchParameters): Record<string, Retrieval> {
  const byScore = scoring(pool)
  const plain = new Map(pool.map(({ paper }) => [paper.id, `${paper.title}\n${paper.abstract}`.toLowerCase()]))
  return {
    paperround: paperroundMatch(pool, lexicon)(match),
    digest: digestOf(pool, lexicon),
    substring: (interests) => {
      const wanted = interests.map((text) => text.toLowerCase())
      return byScore((id) => (wanted.some((text) => plain.get(id)?.includes(text)) ? 1 : 0))
    },
    votes: () => byScore(() => 0),
    bm25: plainBm25(pool, byScore),
  }
}

/**
 * Returns the papers of a digest with ten papers and an interest share of 100 %: the best of each interest first, without
 * near-duplicates.
 */
function digestOf(pool: readonly Seen[], lexicon: Lexicon): Retrieval {
  const choose = createChooser(entriesByVotes(pool), lexicon)
  return (interests) =>
    choose({ interests, mutedTerms: [], authors: [], featuredCount: RANKS_COUNTED, interestShare: 100 }, new Set()).map(
      ({ entry }) => entry.paper.id,
    )
}

/** Returns the match that selects papers for digests. The strength of each interest is computed once for all parameters. */
export function paperroundMatch(pool: readonly Seen[], lexicon: Lexicon): (match: MatchParameters) => Retrieval {
  const byScore = scoring(pool)
  const papers = pool.map(({ paper }) => ({ id: paper.id, folded: foldPaper(paper) }))
  const table = createWordTable(papers.map(({ folded }) => wordVector(folded, lexicon)))
  const readFeedback = createRelevanceFeedback(table)
  const usualLength = papers.reduce((total, { folded }) => total + folded.length, 0) / papers.length
  const known = new Map<string, ReturnType<typeof scoresOf>>()
  const scoresOf = (typed: string) => {
    const topic = readTopic(typed, lexicon)
    const matches = papers.map(({ folded }) =>
      topic === null ? null : matchTopic(topic, folded, { lexicon, usualLength }),
    )
    const grades = Uint8Array.from(matches, (match) => match?.grade ?? GRADE.none)
    const values = Float64Array.from(matches, (match) => match?.strength ?? 0)
    const scored = [...values.keys()].filter((index) => (values[index] ?? 0) > 0)
    return { values, scored, related: readFeedback(seedsOf({ values, grades }, null)) }
  }
  const strengths = new Float64Array(papers.length)
  const counts = new Uint8Array(papers.length)
  const similarity = new Float64Array(papers.length)
  return ({ norm, nearWeight }) =>
    (interests) => {
      const scores = interests.map((typed) => cached(known, typed, Number.POSITIVE_INFINITY, () => scoresOf(typed)))
      combineInterests(scores, norm, strengths, counts)
      combineFeedback(
        scores.flatMap(({ related }) => related ?? []),
        similarity,
      )
      const scoreById = new Map(
        papers.map(({ id }, index) => [id, (strengths[index] ?? 0) + nearWeight * (similarity[index] ?? 0)]),
      )
      return byScore((id) => scoreById.get(id) ?? 0)
    }
}

/** Returns textbook BM25: title and abstract as group text, words without stemming, k1 = 1.2, b = 0.75. */
function plainBm25(pool: readonly Seen[], byScore: ByScore): Retrieval {
  const texts = new Map(pool.map(({ paper }) => [paper.id, wordsOf(`${paper.title} ${paper.abstract}`)]))
  const counts = new Map([...texts].map(([id, words]) => [id, countWords(words)]))
  const meanLength = [...texts.values()].reduce((total, words) => total + words.length, 0) / texts.size
  const frequency = new Map<string, number>()
  for (const each of counts.values())
    for (const word of each.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  return (interests) => {
    const query = interests.flatMap(wordsOf)
    const scores = new Map(
      [...counts].map(([id, words]) => {
        const norm = 1.2 * (0.25 + (0.75 * (texts.get(id)?.length ?? 0)) / meanLength)
        let total = 0
        for (const word of query) {
          const [count, papers] = [words.get(word) ?? 0, frequency.get(word) ?? 0]
          total += (Math.log(1 + (pool.length - papers + 0.5) / (papers + 0.5)) * count * 2.2) / (count + norm)
        }
        return [id, total]
      }),
    )
    return byScore((id) => scores.get(id) ?? 0)
  }
}
