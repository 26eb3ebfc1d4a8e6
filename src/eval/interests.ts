import type { Lexicon } from '../ranking/lexicon.ts'
import { combined, foldPaper, readTopic, topicStrength } from '../ranking/topic.ts'
import { wordsOf } from '../ranking/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { countWords, type Protocol, type PseudoReader, poolsOf } from './readers.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const FIRST = 10

export interface InterestFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

/** Orders a pool for a reader’s interests. */
type Retrieval = (interests: readonly string[]) => readonly string[]

/** How well our match, and simpler ones, find what readers want who are drawn by a protocol. */
export function evaluateInterests(
  days: readonly RecordedDay[],
  lexicon: Lexicon,
  { protocol, seed }: { readonly protocol: Protocol; readonly seed: number },
): Record<string, InterestFigures> {
  const rows = new Map<string, { recall: number[]; ndcg: number[] }[]>()
  for (const [index, pool] of poolsOf(days).entries()) {
    const readers = protocol(pool, seeded(seed + index))
    for (const [name, retrieve] of Object.entries(retrievals(pool, lexicon))) {
      const figures = readers.map((reader) => readerFigures(reader, retrieve(reader.interests)))
      // Readers of one pool hang together.
      const one = { recall: figures.map(({ recall }) => recall), ndcg: figures.map((figure) => figure.ndcg) }
      rows.set(name, [...(rows.get(name) ?? []), one])
    }
  }
  return Object.fromEntries(
    [...rows].map(([name, pools]) => {
      const recalls = pools.map(({ recall }) => recall)
      const gains = pools.map((pool) => pool.ndcg)
      return [name, { recall10: measure(recalls, seed), ndcg10: measure(gains, seed) }]
    }),
  )
}

function readerFigures({ relevant }: PseudoReader, order: readonly string[]): { recall: number; ndcg: number } {
  const gains = order.map((id) => (relevant.has(id) ? 1 : 0))
  const found = gains.slice(0, FIRST).filter((gain) => gain === 1).length
  return { recall: found / relevant.size, ndcg: ndcg(gains, gains, FIRST) ?? 0 }
}

function retrievals(pool: readonly Seen[], lexicon: Lexicon): Record<string, Retrieval> {
  const votes = new Map(pool.map((each) => [each.paper.id, each.votes]))
  const ids = [...votes.keys()]
  const byScore = (score: (id: string) => number) =>
    [...ids].sort((a, b) => score(b) - score(a) || (votes.get(b) ?? 0) - (votes.get(a) ?? 0) || (a < b ? -1 : 1))
  const folded = new Map(pool.map(({ paper }) => [paper.id, foldPaper(paper)]))
  const usual = [...folded.values()].reduce((total, { length }) => total + length, 0) / folded.size
  const plain = new Map(pool.map(({ paper }) => [paper.id, `${paper.title}\n${paper.abstract}`.toLowerCase()]))
  return {
    paperround: (interests) => {
      const topics = interests.map((text) => readTopic(text, lexicon)).filter((topic) => topic !== null)
      const scores = new Map(
        ids.map((id) => {
          const paper = folded.get(id)
          const each = paper === undefined ? [] : topics.map((topic) => topicStrength(topic, paper, lexicon, usual))
          return [id, combined(each)]
        }),
      )
      return byScore((id) => scores.get(id) ?? 0)
    },
    substring: (interests) => {
      const wanted = interests.map((text) => text.toLowerCase())
      return byScore((id) => (wanted.some((text) => plain.get(id)?.includes(text)) ? 1 : 0))
    },
    votes: () => byScore(() => 0),
    bm25: plainBm25(pool, byScore),
  }
}

/** BM25 as in the books: title and abstract as one text, words as they stand, k1 = 1.2, b = 0.75. */
function plainBm25(pool: readonly Seen[], byScore: (score: (id: string) => number) => string[]): Retrieval {
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
