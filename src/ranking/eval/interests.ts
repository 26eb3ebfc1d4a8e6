import { createChooser } from '../choose.ts'
import type { MatchParameters } from '../parameters.ts'
import { createRelevanceFeedback } from '../relevance-feedback.ts'
import { combined, foldPaper, readTopic, topicStrength } from '../topic.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { wordVector } from '../words/vectors.ts'
import { createWordTable } from '../words/word-table.ts'
import { wordsOf } from '../words/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { countWords, type Protocol, type PseudoSubscriber, poolsOf } from './pseudo-subscribers.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const FIRST = 10

export interface InterestFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

/** Orders a pool for a reader’s interests. */
type Retrieval = (interests: readonly string[]) => readonly string[]

/** A pool with what every way of ordering it needs. */
export interface EvaluatedPool {
  readonly seen: readonly Seen[]
  readonly subscribers: readonly PseudoSubscriber[]
  readonly ways: Readonly<Record<string, Retrieval>>
}

/** How well our match, and simpler ones, find what readers want who are drawn by a protocol. */
export function evaluateInterests(
  days: readonly RecordedDay[],
  lexicon: Lexicon,
  { protocol, seed, match }: { readonly protocol: Protocol; readonly seed: number; readonly match: MatchParameters },
): Record<string, InterestFigures> {
  return figuresOf(
    poolsOf(days).map((seen, index) => ({
      seen,
      subscribers: protocol(seen, seeded(seed + index)),
      ways: retrievals(seen, lexicon, match),
    })),
    seed,
  )
}

/** The figures of every way over some pools. Readers of one pool hang together. */
export function figuresOf(pools: readonly EvaluatedPool[], seed: number): Record<string, InterestFigures> {
  const rows = new Map<string, { recall: number[]; ndcg: number[] }[]>()
  const add = (name: string, figures: readonly { recall: number; ndcg: number }[]) => {
    const one = { recall: figures.map(({ recall }) => recall), ndcg: figures.map((figure) => figure.ndcg) }
    rows.set(name, [...(rows.get(name) ?? []), one])
  }
  for (const { seen, subscribers, ways } of pools) {
    for (const [name, retrieve] of Object.entries(ways))
      add(
        name,
        subscribers.map((subscriber) => subscriberFigures(subscriber, retrieve(subscriber.interests))),
      )
    // The oracle: ten places hold at most ten papers.
    add(
      'oracle',
      subscribers.map((subscriber) => subscriberFigures(subscriber, oracleOf(seen, subscriber))),
    )
  }
  return Object.fromEntries(
    [...rows].map(([name, some]) => {
      const recalls = some.map(({ recall }) => recall)
      const gains = some.map((pool) => pool.ndcg)
      return [name, { recall10: measure(recalls, seed), ndcg10: measure(gains, seed) }]
    }),
  )
}

function oracleOf(seen: readonly Seen[], { relevant }: PseudoSubscriber): string[] {
  const ids = seen.map(({ paper }) => paper.id)
  return [...ids.filter((id) => relevant.has(id)), ...ids.filter((id) => !relevant.has(id))]
}

function subscriberFigures({ relevant }: PseudoSubscriber, order: readonly string[]): { recall: number; ndcg: number } {
  const gains = order.map((id) => (relevant.has(id) ? 1 : 0))
  const found = gains.slice(0, FIRST).filter((gain) => gain === 1).length
  return { recall: found / relevant.size, ndcg: ndcg(gains, gains, FIRST) ?? 0 }
}

type ByScore = (score: (id: string) => number) => string[]

/** By a score, and where that is the same by votes. */
function scoring(pool: readonly Seen[]): ByScore {
  const votes = new Map(pool.map((each) => [each.paper.id, each.votes]))
  const ids = [...votes.keys()]
  return (score) => {
    const scores = new Map(ids.map((id) => [id, score(id)]))
    const of = (id: string) => scores.get(id) ?? 0
    return [...ids].sort((a, b) => of(b) - of(a) || (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || (a < b ? -1 : 1))
  }
}

function retrievals(pool: readonly Seen[], lexicon: Lexicon, match: MatchParameters): Record<string, Retrieval> {
  const byScore = scoring(pool)
  const plain = new Map(pool.map(({ paper }) => [paper.id, `${paper.title}\n${paper.abstract}`.toLowerCase()]))
  return {
    paperround: ourMatch(pool, lexicon)(match),
    digest: digestOf(pool, lexicon),
    substring: (interests) => {
      const wanted = interests.map((text) => text.toLowerCase())
      return byScore((id) => (wanted.some((text) => plain.get(id)?.includes(text)) ? 1 : 0))
    },
    votes: () => byScore(() => 0),
    bm25: plainBm25(pool, byScore),
  }
}

/** The papers of a digest of ten, all for its reader’s interests: the match with the best of each and without near copies. */
function digestOf(pool: readonly Seen[], lexicon: Lexicon): Retrieval {
  const byVotes = [...pool].sort((a, b) => b.votes - a.votes || (a.paper.id < b.paper.id ? -1 : 1))
  const entries = byVotes.map(({ paper, votes }, index) => ({
    rank: index + 1,
    score: votes,
    why: '',
    paper,
    signals: { upvotes: votes, comments: null, stars: null },
  }))
  const choose = createChooser(entries, lexicon)
  return (interests) =>
    choose({ interests, mutedTerms: [], authors: [], featuredCount: FIRST, interestShare: 100 }, new Set()).map(
      ({ entry }) => entry.paper.id,
    )
}

/** The match that chooses digests; what each interest says of each paper is worked out once, whatever the parameters. */
export function ourMatch(pool: readonly Seen[], lexicon: Lexicon): (match: MatchParameters) => Retrieval {
  const byScore = scoring(pool)
  const papers = pool.map(({ paper }) => ({ id: paper.id, folded: foldPaper(paper) }))
  const table = createWordTable(papers.map(({ folded }) => wordVector(folded, lexicon)))
  const near = createRelevanceFeedback(table)
  const usual = papers.reduce((total, { folded }) => total + folded.length, 0) / papers.length
  const known = new Map<string, readonly number[]>()
  const strengthsOf = (typed: string) => {
    const kept = known.get(typed)
    if (kept !== undefined) return kept
    const topic = readTopic(typed, lexicon)
    const made = papers.map(({ folded }) => (topic === null ? 0 : topicStrength(topic, folded, lexicon, usual)))
    known.set(typed, made)
    return made
  }
  return ({ norm, nearWeight }) =>
    (interests) => {
      const each = interests.map(strengthsOf)
      const spoken = papers.map((_, index) =>
        combined(
          each.map((strengths) => strengths[index] ?? 0),
          norm,
        ),
      )
      const vector = nearWeight === 0 ? null : near(spoken)
      const affinities = vector === null ? null : table.affinities(vector)
      const scores = new Map(
        papers.map(({ id }, index) => [id, (spoken[index] ?? 0) + nearWeight * (affinities?.[index] ?? 0)]),
      )
      return byScore((id) => scores.get(id) ?? 0)
    }
}

/** BM25 as in the books: title and abstract as one text, words as they stand, k1 = 1.2, b = 0.75. */
function plainBm25(pool: readonly Seen[], byScore: ByScore): Retrieval {
  const texts = new Map(pool.map(({ paper }) => [paper.id, wordsOf(`${paper.title} ${paper.abstract}`)]))
  const counts = new Map([...texts].map(([id, words]) => [id, countWords(words)]))
  const usual = [...texts.values()].reduce((total, words) => total + words.length, 0) / texts.size
  const frequency = new Map<string, number>()
  for (const each of counts.values())
    for (const word of each.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  return (interests) => {
    const query = interests.flatMap(wordsOf)
    const scores = new Map(
      [...counts].map(([id, words]) => {
        const norm = 1.2 * (0.25 + (0.75 * (texts.get(id)?.length ?? 0)) / usual)
        let total = 0
        for (const word of query) {
          const [often, papers] = [words.get(word) ?? 0, frequency.get(word) ?? 0]
          total += (Math.log(1 + (pool.length - papers + 0.5) / (papers + 0.5)) * often * 2.2) / (often + norm)
        }
        return [id, total]
      }),
    )
    return byScore((id) => scores.get(id) ?? 0)
  }
}
