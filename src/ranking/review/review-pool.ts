import type { Paper } from '../../domain/paper.ts'
import { createSpellingIndex, type SpellingIndex } from '../../text/spelling.ts'
import type { Matchable } from '../interest.ts'
import { lexemeIndexOf, type StemIndex, stemIndexOf } from '../pool-indexes.ts'
import { lexemesOf } from '../search/indexed-paper.ts'
import { foldPaper } from '../topic/folded-text.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { isContentWord, type Stem, stemsOf, wordsOf } from '../words/words.ts'

/** One paper of the pool with its normalised words. */
export interface ReviewPaper extends Matchable {
  readonly index: number
  readonly isToday: boolean
}

/** One keyword of the pool: its most frequent spelling, its stems and the papers that have it. */
export interface PoolKeyword {
  readonly shown: string
  readonly stems: readonly Stem[]
  readonly papers: readonly number[]
}

/** The papers of the last weeks, against which interests and muted terms are measured. */
export interface ReviewPool {
  readonly papers: readonly ReviewPaper[]
  readonly lexicon: Lexicon
  readonly stems: StemIndex
  readonly lexemes: StemIndex
  /** By their stems, separated by blanks. */
  readonly keywords: ReadonlyMap<string, PoolKeyword>
  readonly keywordsWith: ReadonlyMap<Stem, readonly PoolKeyword[]>
  /** Keyed by the index of the paper. */
  readonly keywordsOfPaper: ReadonlyMap<number, readonly PoolKeyword[]>
  /** Corrects words that no title and no keyword has. */
  readonly spelling: SpellingIndex
}

/** Papers that are folded before other work gets a turn, about 10 ms. */
const SLICE_PAPERS = 10

/**
 * Folds the papers into a pool. `pause` is awaited between slices, so that a web process answers other requests meanwhile.
 * `today` has the ids of the newest list.
 */
export async function createReviewPool(
  papers: readonly Paper[],
  { lexicon, today, pause }: { lexicon: Lexicon; today: ReadonlySet<string>; pause: () => Promise<void> },
): Promise<ReviewPool> {
  const spelling = createSpellingIndex()
  const folded: ReviewPaper[] = []
  for (const [index, paper] of papers.entries()) {
    if (index > 0 && index % SLICE_PAPERS === 0) await pause()
    spelling.add([paper.title, ...paper.keywords])
    const lexemes = lexemesOf(paper)
    folded.push({
      paper,
      index,
      isToday: today.has(paper.id),
      folded: foldPaper(paper),
      authors: paper.authors.map(wordsOf),
      lexemes: () => lexemes,
    })
  }
  const keywords = keywordsOf(papers)
  return {
    papers: folded,
    lexicon,
    stems: stemIndexOf(folded),
    lexemes: lexemeIndexOf(folded),
    keywords,
    keywordsWith: grouped(keywords, ({ stems }) => stems),
    keywordsOfPaper: grouped(keywords, (keyword) => keyword.papers),
    spelling,
  }
}

function grouped<K>(
  keywords: ReadonlyMap<string, PoolKeyword>,
  keysOf: (keyword: PoolKeyword) => readonly K[],
): ReadonlyMap<K, readonly PoolKeyword[]> {
  const groups = new Map<K, PoolKeyword[]>()
  for (const keyword of keywords.values())
    for (const key of new Set(keysOf(keyword))) {
      const known = groups.get(key)
      if (known === undefined) groups.set(key, [keyword])
      else known.push(keyword)
    }
  return groups
}

/** Returns the keywords of papers, those of most papers first. */
export function keywordsOf(papers: readonly Pick<Paper, 'keywords'>[]): ReadonlyMap<string, PoolKeyword> {
  const found = new Map<string, { stems: Stem[]; papers: Set<number>; spellings: Map<string, number> }>()
  for (const [index, { keywords }] of papers.entries())
    for (const keyword of keywords) {
      const shown = keyword.replace(/[,;\s]+/g, ' ').trim()
      const stems = stemsOf(shown)
      if (!wordsOf(shown).some(isContentWord)) continue
      const known = found.get(stems.join(' ')) ?? { stems, papers: new Set(), spellings: new Map() }
      known.papers.add(index)
      known.spellings.set(shown, (known.spellings.get(shown) ?? 0) + 1)
      found.set(stems.join(' '), known)
    }
  const sorted = [...found].sort((a, b) => b[1].papers.size - a[1].papers.size || (a[0] < b[0] ? -1 : 1))
  return new Map(
    sorted.map(([key, { stems, papers: having, spellings }]) => [
      key,
      { shown: mostFrequent(spellings), stems, papers: [...having] },
    ]),
  )
}

function mostFrequent(spellings: ReadonlyMap<string, number>): string {
  return [...spellings].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}
