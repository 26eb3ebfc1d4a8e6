import type { Lexicon } from '../ranking/lexicon.ts'
import { combined, foldPaper, readTopic, topicStrength } from '../ranking/topic.ts'
import { speaks, stemsOf, wordsOf } from '../ranking/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { type Measured, measure, ndcg, seeded } from './statistics.ts'

const FIRST = 10
/** As many papers as a digest’s candidates of some days are. */
const POOL_PAPERS = 150
const READERS_PER_POOL = 100
const INTERESTS_PER_READER = 3
/** A concept that nearly every paper has is no interest, and one that a single paper has cannot be missed by half. */
const PAPERS_PER_CONCEPT_MIN = 2
const CONCEPT_SHARE_MAX = 0.1

export interface InterestFigures {
  readonly recall10: Measured
  readonly ndcg10: Measured
}

interface PseudoReader {
  /** As the source’s machine wrote them. */
  readonly interests: readonly string[]
  readonly relevant: ReadonlySet<string>
}

/** Orders a pool for a reader’s interests. */
type Retrieval = (interests: readonly string[]) => readonly string[]

/** How the readers of a protocol are made of one pool. */
type Protocol = (pool: readonly Seen[], random: () => number) => readonly PseudoReader[]

/**
 * Readers whom nobody can tune by hand: they are drawn from the machine’s keywords, and the matcher sees titles and
 * abstracts only.
 *
 * `concepts`: three keywords of the pool; wanted is every paper that carries one of them, whatever its case, plural or
 * abbreviation. `neighbours`: three keywords of one paper; wanted are the ten papers whose keywords are nearest to all of
 * that paper’s, so that words which the reader did not type count, too.
 */
export const PROTOCOLS: Readonly<Record<'concepts' | 'neighbours', Protocol>> = {
  concepts: conceptReaders,
  neighbours: neighbourReaders,
}

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

/** Papers of days that follow each other, by the hundred and a half; what is left over at the end is a pool when it is half of one. */
function poolsOf(days: readonly RecordedDay[]): Seen[][] {
  const seen = new Map(days.flatMap(({ papers }) => papers.map((each) => [each.paper.id, each] as const)))
  const all = [...seen.values()]
  const pools: Seen[][] = []
  for (let at = 0; at < all.length; at += POOL_PAPERS) pools.push(all.slice(at, at + POOL_PAPERS))
  return pools.filter((pool, index) => index === 0 || pool.length >= POOL_PAPERS / 2)
}

/** What a keyword is about: without case, plural, and an abbreviation in parentheses. */
function conceptOf(keyword: string): string {
  return stemsOf(keyword.replace(/\([^)]*\)/g, ' ')).join(' ')
}

/** Concept → the papers of a pool that carry it, and one of its spellings. */
function conceptsOf(pool: readonly Seen[]): Map<string, { papers: Set<string>; spelling: string }> {
  const concepts = new Map<string, { papers: Set<string>; spelling: string }>()
  for (const { paper, keywords } of pool) {
    for (const keyword of keywords) {
      const concept = conceptOf(keyword)
      if (concept === '') continue
      const known = concepts.get(concept) ?? { papers: new Set<string>(), spelling: keyword }
      known.papers.add(paper.id)
      concepts.set(concept, known)
    }
  }
  return concepts
}

function conceptReaders(pool: readonly Seen[], random: () => number): PseudoReader[] {
  const concepts = [...conceptsOf(pool).values()].filter(
    ({ papers }) => papers.size >= PAPERS_PER_CONCEPT_MIN && papers.size <= CONCEPT_SHARE_MAX * pool.length,
  )
  if (concepts.length < INTERESTS_PER_READER) return []
  return Array.from({ length: READERS_PER_POOL }, () => {
    const drawn = draw(concepts, INTERESTS_PER_READER, random)
    return {
      interests: drawn.map(({ spelling }) => spelling),
      relevant: new Set(drawn.flatMap(({ papers }) => [...papers])),
    }
  })
}

const NEAREST = 10
const NEAREST_MIN = 3
const NEAR_COSINE_MIN = 0.1

function neighbourReaders(pool: readonly Seen[], random: () => number): PseudoReader[] {
  const vectors = keywordVectors(pool)
  return draw([...pool.keys()], READERS_PER_POOL, random).flatMap((index) => {
    const seed = pool[index]
    if (seed === undefined || seed.keywords.length < INTERESTS_PER_READER) return []
    const near = pool
      .map(({ paper }, other) => ({ id: paper.id, cosine: other === index ? 0 : dot(vectors[index], vectors[other]) }))
      .filter(({ cosine }) => cosine > NEAR_COSINE_MIN)
      .sort((a, b) => b.cosine - a.cosine || (a.id < b.id ? -1 : 1))
      .slice(0, NEAREST)
    if (near.length < NEAREST_MIN) return []
    const interests = draw(seed.keywords, INTERESTS_PER_READER, random)
    return [{ interests, relevant: new Set(near.map(({ id }) => id)) }]
  })
}

/** The words of each paper’s keywords, by their rarity in the pool, of length one. */
function keywordVectors(pool: readonly Seen[]): Map<string, number>[] {
  const stems = pool.map(({ keywords }) => new Set(keywords.flatMap(stemsOf).filter(speaks)))
  const papers = countWords(stems.flatMap((each) => [...each]))
  return stems.map((each) => {
    const weights = [...each].map((word) => [word, Math.log(pool.length / (papers.get(word) ?? 1))] as const)
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1
    return new Map(weights.map(([word, weight]) => [word, weight / length]))
  })
}

function dot(a: ReadonlyMap<string, number> = new Map(), b: ReadonlyMap<string, number> = new Map()): number {
  let total = 0
  for (const [word, weight] of a) total += weight * (b.get(word) ?? 0)
  return total
}

/** Some of a list, each once, in the order drawn. */
function draw<T>(from: readonly T[], count: number, random: () => number): T[] {
  const left = [...from]
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0] as T,
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

function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
