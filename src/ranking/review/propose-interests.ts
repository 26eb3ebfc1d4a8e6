import { INTEREST_CHARS_MAX } from '../../../config/limits.ts'
import { interestFault } from '../../domain/interests/interest-faults.ts'
import { foldPaper } from '../topic/folded-text.ts'
import { isContentWord, type Stem, stem, stemsOf, wordsOf } from '../words/words.ts'
import { keywordsOf, type PoolKeyword, type ReviewPool } from './review-pool.ts'

/** A work of a reader, with the abstract and keywords if they are known. */
export interface ProposingWork {
  readonly title: string
  readonly abstract: string
  readonly keywords: readonly string[]
}

const PHRASE_WORKS_MIN = 2
const WORD_CHARS_MIN = 4
const KEYWORD_WORDS_MAX = 4

/**
 * Returns interests that fit a reader’s works, the best first: keywords of the works and of recent papers that the works contain,
 * then phrases of two words that several titles share, then single words that do. A term of more works comes first.
 * @param pool the papers of the last weeks, whose keywords are known; null if there are none.
 */
export function proposeInterests(
  works: readonly ProposingWork[],
  { pool, taken, max }: { readonly pool: ReviewPool | null; readonly taken: readonly string[]; readonly max: number },
): readonly string[] {
  const covered = new Set<string>(taken.map((each) => stemsOf(each).join(' ')))
  const proposals: string[] = []
  for (const { shown, stems } of [...keywordsFor(works, pool), ...phrasesOf(works), ...wordsIn(works)]) {
    if (proposals.length === max) break
    const key = stems.join(' ')
    const isPart = stems.length === 1 && [...covered].some((each) => each.split(' ').includes(key))
    if (key === '' || covered.has(key) || isPart || !isUsable(shown)) continue
    covered.add(key)
    proposals.push(shown)
  }
  return proposals
}

interface Term {
  readonly shown: string
  readonly stems: readonly Stem[]
}

function isUsable(shown: string): boolean {
  return shown.length <= INTEREST_CHARS_MAX && !/[,;\p{Cc}]/u.test(shown) && interestFault(shown) === null
}

/** Returns the keywords in the works, by the number of works times their rarity among recent papers. */
function keywordsFor(works: readonly ProposingWork[], pool: ReviewPool | null): readonly Term[] {
  const own = keywordsOf(works)
  const texts = works.map((work) => foldPaper(work))
  const found = new Map<string, { term: Term; works: Set<number> }>()
  const add = (term: Term, having: readonly number[]) => {
    const key = term.stems.join(' ')
    const known = found.get(key) ?? { term, works: new Set<number>() }
    for (const each of having) known.works.add(each)
    found.set(key, known)
  }
  for (const keyword of own.values()) if (isShort(keyword)) add(keyword, keyword.papers)
  const inWorks = new Set(texts.flatMap(({ weights }) => [...weights.keys()]))
  for (const keyword of pool?.keywords.values() ?? []) {
    if (!isShort(keyword) || !keyword.stems.every((each) => inWorks.has(each))) continue
    const phrase = ` ${keyword.stems.join(' ')} `
    add(
      keyword,
      texts.flatMap(({ text }, index) => (text.includes(phrase) ? [index] : [])),
    )
  }
  return [...found.values()]
    .filter(({ works: having }) => having.size > 0)
    .map(({ term, works: having }) => ({ term, score: having.size * (1 + rarityOf(term.stems, pool)) }))
    .sort((a, b) => b.score - a.score || (a.term.shown < b.term.shown ? -1 : 1))
    .map(({ term }) => term)
}

function isShort({ stems, shown }: PoolKeyword): boolean {
  return stems.length <= KEYWORD_WORDS_MAX && wordsOf(shown).some(isContentWord)
}

function rarityOf(stems: readonly Stem[], pool: ReviewPool | null): number {
  return pool === null ? 1 : stems.reduce((sum, each) => sum + pool.lexicon.idf(each), 0) / Math.max(stems.length, 1)
}

/** Returns the pairs of neighbouring content words that several titles share. */
function phrasesOf(works: readonly ProposingWork[]): readonly Term[] {
  return shared(works, (words) =>
    words.flatMap((word, at) => {
      const next = words[at + 1] ?? ''
      return isContentWord(word) && isContentWord(next) ? [`${word} ${next}`] : []
    }),
  )
}

/** Returns the single content words that several titles share. */
function wordsIn(works: readonly ProposingWork[]): readonly Term[] {
  return shared(works, (words) => words.filter((word) => word.length >= WORD_CHARS_MIN && isContentWord(word)))
}

function shared(
  works: readonly ProposingWork[],
  termsOf: (words: readonly string[]) => readonly string[],
): readonly Term[] {
  const counts = new Map<string, { term: Term; works: number }>()
  for (const { title } of works) {
    const terms = new Map(termsOf(wordsOf(title)).map((each) => [each.split(' ').map(stem).join(' '), each]))
    for (const [key, shown] of terms) {
      const known = counts.get(key)
      if (known === undefined) counts.set(key, { term: { shown, stems: key.split(' ') }, works: 1 })
      else known.works += 1
    }
  }
  return [...counts.values()]
    .filter(({ works: count }) => count >= PHRASE_WORKS_MIN)
    .sort((a, b) => b.works - a.works || (a.term.shown < b.term.shown ? -1 : 1))
    .map(({ term }) => term)
}
