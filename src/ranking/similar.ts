import { type Paper, titleKey } from '../domain/paper.ts'
import { topicSlug } from '../domain/topics/topic-slug.ts'
import { strongest } from './strongest.ts'
import { foldPaper } from './topic/folded-text.ts'
import { inverseFrequency } from './words/lexicon.ts'
import { type WordVector, wordVector } from './words/vectors.ts'
import { isContentWord, type Stem, stem, wordsOf } from './words/words.ts'

type PaperWords = Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords'>

/** A paper that is similar to another one. */
export interface SimilarPaper {
  readonly id: string
  readonly title: string
  /** Keywords of both, or else words of both. */
  readonly shared: readonly string[]
}

/** Finds the papers of an archive that are most similar to a given one. */
export interface SimilarPapers {
  /** Returns at most `limit` papers, the most similar first. The given paper need not be in the archive. */
  to(paper: PaperWords, limit: number): SimilarPaper[]
}

/** The cosine of papers of one subject is 0.15 and more, and of papers of different fields less than 0.05. */
const SIMILARITY_MIN = 0.12
const SHARED_MAX = 3
const PAPERS_AT_ONCE = 25

/**
 * Indexes the words of an archive. Papers are compared by the cosine of the TF-IDF vectors that also find related papers
 * for a digest. Calls `pause` between groups of papers, so that a server can answer requests meanwhile.
 */
export async function indexSimilarPapers(
  papers: readonly PaperWords[],
  pause: () => Promise<void>,
): Promise<SimilarPapers> {
  const folded: ReadonlyMap<Stem, number>[] = []
  const frequency = new Map<Stem, number>()
  for (const [at, paper] of papers.entries()) {
    if (at % PAPERS_AT_ONCE === 0) await pause()
    const { weights } = foldPaper(paper)
    folded.push(weights)
    for (const word of weights.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  }
  const known: Index['known'][number][] = []
  const idf = (word: Stem) => inverseFrequency(frequency.get(word) ?? 0, papers.length)
  const postings = new Map<Stem, Postings>()
  for (const [at, weights] of folded.entries()) {
    if (at % PAPERS_AT_ONCE === 0) await pause()
    known.push(knownPaper(papers[at] as PaperWords))
    for (const [word, weight] of wordVector({ weights }, { idf })) {
      const { papers: found, weights } = postings.get(word) ?? { papers: [], weights: [] }
      if (found.length === 0) postings.set(word, { papers: found, weights })
      found.push(at)
      weights.push(weight)
    }
  }
  return { to: (paper, limit) => nearest(paper, limit, { known, postings, idf }) }
}

function knownPaper({ id, title, keywords }: PaperWords): Index['known'][number] {
  return { id, title, key: titleKey(title), slugs: new Set(keywords.map(topicSlug)) }
}

/** The papers that contain a word, by index, and its weight in the vector of each. */
interface Postings {
  readonly papers: number[]
  readonly weights: number[]
}

interface Index {
  readonly known: readonly {
    readonly id: string
    readonly title: string
    readonly key: string
    readonly slugs: ReadonlySet<string>
  }[]
  readonly postings: ReadonlyMap<Stem, Postings>
  readonly idf: (word: Stem) => number
}

function nearest(paper: PaperWords, limit: number, { known, postings, idf }: Index): SimilarPaper[] {
  const vector = wordVector(foldPaper(paper), { idf })
  const cosines = new Float64Array(known.length)
  for (const [word, weight] of vector) {
    const found = postings.get(word)
    for (const [place, at] of found?.papers.entries() ?? [])
      cosines[at] = (cosines[at] ?? 0) + weight * (found?.weights[place] ?? 0)
  }
  const own = titleKey(paper.title)
  const near = known.flatMap(({ id, key }, at) =>
    // Papers with the same title are one paper with two ids.
    (cosines[at] ?? 0) >= SIMILARITY_MIN && id !== paper.id && key !== own ? [at] : [],
  )
  return strongest(near, cosines, limit).flatMap((at) => {
    const other = known[at]
    if (other === undefined) return []
    const keywords = sharedKeywords(paper, other.slugs, idf)
    return [
      {
        id: other.id,
        title: other.title,
        shared: keywords.length > 0 ? keywords : sharedWords(paper, vector, postings, at),
      },
    ]
  })
}

/** Returns the keywords of both papers, the rarest first. */
function sharedKeywords(paper: PaperWords, slugs: ReadonlySet<string>, idf: (word: Stem) => number): string[] {
  const shared = new Map(paper.keywords.map((keyword) => [topicSlug(keyword), keyword] as const))
  const rarity = (keyword: string) => Math.max(...wordsOf(keyword).map((word) => idf(stem(word))))
  return [...shared]
    .filter(([slug]) => slug !== '' && slugs.has(slug))
    .map(([, keyword]) => ({ keyword, rarity: rarity(keyword) }))
    .sort((a, b) => b.rarity - a.rarity || (a.keyword < b.keyword ? -1 : 1))
    .slice(0, SHARED_MAX)
    .map(({ keyword }) => keyword)
}

/** Returns the words that contribute most to the similarity, as the given paper spells them. */
function sharedWords(paper: PaperWords, vector: WordVector, postings: Index['postings'], at: number): string[] {
  const spelling = new Map(wordsOf(`${paper.abstract} ${paper.title}`).map((word) => [stem(word), word] as const))
  return [...vector]
    .flatMap(([word, weight]) => {
      const found = postings.get(word)
      const other = found?.weights[found.papers.indexOf(at)]
      const spelt = spelling.get(word) ?? ''
      return other === undefined || !isContentWord(spelt) ? [] : [{ spelt, share: weight * other }]
    })
    .sort((a, b) => b.share - a.share || (a.spelt < b.spelt ? -1 : 1))
    .slice(0, SHARED_MAX)
    .map(({ spelt }) => spelt)
}
