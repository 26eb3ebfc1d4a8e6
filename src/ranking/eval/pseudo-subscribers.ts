import { dot, unit, type WordVector } from '../words/vectors.ts'
import { hasContentWords, stemsOf } from '../words/words.ts'
import type { RecordedDay, Seen } from './days.ts'

/** About the number of candidates of a digest. */
const POOL_PAPERS = 150
const SUBSCRIBERS_PER_POOL = 100
const INTERESTS_PER_SUBSCRIBER = 3
/** A concept that nearly every paper has is no interest, and one that a single paper has cannot be missed by half. */
const PAPERS_PER_CONCEPT_MIN = 2
const CONCEPT_SHARE_MAX = 0.1

export interface PseudoSubscriber {
  /** As the source’s machine wrote them. */
  readonly interests: readonly string[]
  readonly relevant: ReadonlySet<string>
}

/** How the readers of a protocol are made of one pool. */
export type Protocol = (pool: readonly Seen[], random: () => number) => readonly PseudoSubscriber[]

/**
 * Readers whom nobody can tune by hand: they are drawn from the machine’s keywords, and the matcher sees titles and
 * abstracts only.
 *
 * `concepts`: three keywords of the pool; wanted is every paper that carries one of them, whatever its case, plural or
 * abbreviation. `neighbours`: three keywords of one paper; wanted are the ten papers whose keywords are nearest to all of
 * that paper’s, so that words which the reader did not type count, too.
 */
export const PROTOCOLS: Readonly<Record<'concepts' | 'neighbours', Protocol>> = {
  concepts: conceptSubscribers,
  neighbours: neighbourSubscribers,
}

/** The papers of some days, each once. */
export function seenIn(days: readonly RecordedDay[]): Seen[] {
  return [...new Map(days.flatMap(({ papers }) => papers.map((each) => [each.paper.id, each] as const))).values()]
}

/** Papers of days that follow each other, by the hundred and a half; what is left over at the end is a pool when it is half of one. */
export function poolsOf(days: readonly RecordedDay[]): Seen[][] {
  const all = seenIn(days)
  const pools: Seen[][] = []
  for (let at = 0; at < all.length; at += POOL_PAPERS) pools.push(all.slice(at, at + POOL_PAPERS))
  return pools.filter((pool, index) => index === 0 || pool.length >= POOL_PAPERS / 2)
}

/** Returns a keyword without case, plural and an abbreviation in parentheses. */
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

function conceptSubscribers(pool: readonly Seen[], random: () => number): PseudoSubscriber[] {
  const concepts = [...conceptsOf(pool).values()].filter(
    ({ papers }) => papers.size >= PAPERS_PER_CONCEPT_MIN && papers.size <= CONCEPT_SHARE_MAX * pool.length,
  )
  if (concepts.length < INTERESTS_PER_SUBSCRIBER) return []
  return Array.from({ length: SUBSCRIBERS_PER_POOL }, () => {
    const drawn = draw(concepts, INTERESTS_PER_SUBSCRIBER, random)
    return {
      interests: drawn.map(({ spelling }) => spelling),
      relevant: new Set(drawn.flatMap(({ papers }) => [...papers])),
    }
  })
}

const NEAREST = 10
const NEAREST_MIN = 3
const NEAR_COSINE_MIN = 0.1

function neighbourSubscribers(pool: readonly Seen[], random: () => number): PseudoSubscriber[] {
  const vectors = keywordVectors(pool)
  return draw([...pool.keys()], SUBSCRIBERS_PER_POOL, random).flatMap((index) => {
    const seed = pool[index]
    if (seed === undefined || seed.keywords.length < INTERESTS_PER_SUBSCRIBER) return []
    const near = pool
      .map(({ paper }, other) => ({
        id: paper.id,
        cosine: other === index ? 0 : dot(vectors[index] ?? NOTHING, vectors[other] ?? NOTHING),
      }))
      .filter(({ cosine }) => cosine > NEAR_COSINE_MIN)
      .sort((a, b) => b.cosine - a.cosine || (a.id < b.id ? -1 : 1))
      .slice(0, NEAREST)
    if (near.length < NEAREST_MIN) return []
    const interests = draw(seed.keywords, INTERESTS_PER_SUBSCRIBER, random)
    return [{ interests, relevant: new Set(near.map(({ id }) => id)) }]
  })
}

const NOTHING: WordVector = new Map()

/** The words of each paper’s keywords, by their rarity among these papers, of length one. */
export function keywordVectors(papers: readonly Seen[]): WordVector[] {
  const stems = papers.map(({ keywords }) => new Set(keywords.flatMap(stemsOf).filter(hasContentWords)))
  const counts = countWords(stems.flatMap((each) => [...each]))
  return stems.map((each) =>
    unit([...each].map((word) => [word, Math.log(papers.length / (counts.get(word) ?? 1))] as const)),
  )
}

export function countWords(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Some of a list, each once, in the order drawn. */
function draw<T>(from: readonly T[], count: number, random: () => number): T[] {
  const left = [...from]
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(random() * left.length), 1)[0] as T,
  )
}
