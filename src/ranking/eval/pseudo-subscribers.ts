import { lightStem } from '../words/light-stem.ts'
import { dot, unit, type WordVector } from '../words/vectors.ts'
import { isStopWord, wordsOf } from '../words/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { withoutAnswers } from './inputs.ts'

/** About the number of papers that a digest selects from. */
const POOL_PAPERS = 150
const SUBSCRIBERS_PER_POOL = 100
const INTERESTS_PER_SUBSCRIBER = 3
/** A concept that many papers have is not an interest. A concept of one paper can only be found or missed. */
const PAPERS_PER_CONCEPT_MIN = 2
const CONCEPT_SHARE_MAX = 0.1

export interface PseudoSubscriber {
  /** Keywords, as the source’s model wrote them. */
  readonly interests: readonly string[]
  /** The ids of the papers that the subscriber wants. */
  readonly relevant: ReadonlySet<string>
}

/** Creates the simulated subscribers of one pool. */
export type Protocol = (pool: readonly Seen[], random: () => number) => readonly PseudoSubscriber[]

/**
 * The simulated subscribers come from keywords of the source’s model, so nobody can tune them by hand. The matcher reads only
 * titles and abstracts.
 *
 * `concepts`: the interests are three random keywords of the pool. The subscriber wants every paper with one of them, in any
 * case, number or abbreviation. `neighbours`: the interests are three keywords of one random paper. The subscriber wants the ten
 * papers with the most similar keywords, so words that are not among the interests count, too.
 */
export const PROTOCOLS: Readonly<Record<'concepts' | 'neighbours', Protocol>> = {
  concepts: conceptSubscribers,
  neighbours: neighbourSubscribers,
}

/** Returns the papers of the given days, each once. */
export function seenIn(days: readonly RecordedDay[]): Seen[] {
  const papers = withoutAnswers(days.flatMap((day) => day.papers))
  return [...new Map(papers.map((each) => [each.paper.id, each] as const)).values()]
}

/** Splits the papers of consecutive days into pools of 150. A later pool with less than half as many is left out. */
export function poolsOf(days: readonly RecordedDay[]): Seen[][] {
  const all = seenIn(days)
  const pools: Seen[][] = []
  for (let at = 0; at < all.length; at += POOL_PAPERS) pools.push(all.slice(at, at + POOL_PAPERS))
  return pools.filter((pool, index) => index === 0 || pool.length >= POOL_PAPERS / 2)
}

/** Returns the stems of a keyword, without an abbreviation in parentheses. The matcher has more rules than these stems. */
function conceptOf(keyword: string): string {
  return lightStemsOf(keyword.replace(/\([^)]*\)/g, ' ')).join(' ')
}

function lightStemsOf(text: string): string[] {
  return wordsOf(text).map(lightStem)
}

/** Returns for each concept the papers of a pool that have it, and one of its spellings. */
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

const WANTED_PAPERS = 10
const WANTED_PAPERS_MIN = 3
const COSINE_MIN = 0.1

function neighbourSubscribers(pool: readonly Seen[], random: () => number): PseudoSubscriber[] {
  const vectors = keywordVectors(pool)
  return draw([...pool.keys()], SUBSCRIBERS_PER_POOL, random).flatMap((index) => {
    const seed = pool[index]
    if (seed === undefined || seed.keywords.length < INTERESTS_PER_SUBSCRIBER) return []
    const similar = pool
      .map(({ paper }, other) => ({
        id: paper.id,
        cosine: other === index ? 0 : dot(vectors[index] ?? NOTHING, vectors[other] ?? NOTHING),
      }))
      .filter(({ cosine }) => cosine > COSINE_MIN)
      .sort((a, b) => b.cosine - a.cosine || (a.id < b.id ? -1 : 1))
      .slice(0, WANTED_PAPERS)
    if (similar.length < WANTED_PAPERS_MIN) return []
    const interests = draw(seed.keywords, INTERESTS_PER_SUBSCRIBER, random)
    return [{ interests, relevant: new Set(similar.map(({ id }) => id)) }]
  })
}

const NOTHING: WordVector = new Map()

/** Returns a vector of length one for each paper: the words of its keywords, weighted by their rarity among these papers. */
export function keywordVectors(papers: readonly Seen[]): WordVector[] {
  const stems = papers.map(
    ({ keywords }) => new Set(keywords.flatMap(lightStemsOf).filter((word) => !isStopWord(word))),
  )
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

/** Returns `count` random items of a list, each once. */
function draw<T>(from: readonly T[], count: number, random: () => number): T[] {
  const remaining = [...from]
  return Array.from(
    { length: Math.min(count, remaining.length) },
    () => remaining.splice(Math.floor(random() * remaining.length), 1)[0] as T,
  )
}
