import type { ProfileWord } from '../domain/interests/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { foldPaper } from './folded-text.ts'
import { keywordsOf, type PoolKeyword } from './review/review-pool.ts'
import { type Stem, stemsOf } from './words/words.ts'

/** Longer keywords are sentences rather than terms. */
const TERM_WORDS_MAX = 4
const TERM_CHARS_MAX = 40
/** A keyword of the archive is known from this many papers on. */
const KNOWN_PAPERS_MIN = 2

interface JudgedText {
  readonly paper: Pick<Paper, 'title' | 'abstract'> & { readonly keywords?: readonly string[] }
  readonly liked: boolean
}

/** Returns the keywords that several papers of the archive have. They name what a paper without own keywords is about. */
export function knownKeywords(papers: readonly { readonly keywords?: readonly string[] }[]): readonly PoolKeyword[] {
  const all = keywordsOf(papers.map(({ keywords = [] }) => ({ keywords })))
  return [...all.values()].filter((keyword) => keyword.papers.length >= KNOWN_PAPERS_MIN && isTerm(keyword))
}

/**
 * Adds to each word of a profile the keyword that contains it: one of the judged papers of its verdict, or a known one in their
 * texts. Without any, the words of titles are terms. Of several, the one with the largest weights and in most of these papers is chosen. Words in no keyword, such as verbs,
 * get none, and are not shown to anybody while others have one.
 */
export function withTerms(
  words: readonly ProfileWord[],
  marks: readonly JudgedText[],
  known: readonly PoolKeyword[],
): ProfileWord[] {
  const terms = { more: termsOf(words, marks, known, true), less: termsOf(words, marks, known, false) }
  return words.map((word) => {
    const term = (word.weight > 0 ? terms.more : terms.less).get(word.stem)
    return term === undefined ? word : { ...word, term }
  })
}

/** Returns the best keyword for each stem, for one verdict. */
function termsOf(
  words: readonly ProfileWord[],
  marks: readonly JudgedText[],
  known: readonly PoolKeyword[],
  liked: boolean,
): ReadonlyMap<Stem, string> {
  const weights = new Map(
    words.flatMap(({ stem, weight }) => (weight > 0 === liked ? [[stem, Math.abs(weight)] as const] : [])),
  )
  const papers = marks
    .filter((mark) => mark.liked === liked)
    .map(({ paper }) => ({ ...paper, keywords: paper.keywords ?? [] }))
  const own = [...keywordsOf(papers).values()].filter(isTerm)
  const texts = papers.map((paper) => foldPaper(paper).text)
  const others = known.flatMap((keyword) => {
    const phrase = ` ${keyword.stems.join(' ')} `
    const having = texts.flatMap((text, index) => (text.includes(phrase) ? [index] : []))
    return having.length === 0 ? [] : [{ ...keyword, papers: having }]
  })
  const scored = [...own, ...others]
    .map((keyword) => {
      const sum = keyword.stems.reduce((total, stem) => total + (weights.get(stem) ?? 0), 0)
      return { ...keyword, score: (keyword.papers.length * sum) / Math.sqrt(keyword.stems.length) }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.shown < b.shown ? -1 : 1))
  const best = new Map<Stem, string>()
  for (const { stems, shown } of scored)
    for (const stem of stems) if (weights.has(stem) && !best.has(stem)) best.set(stem, shown)
  return best.size > 0 ? best : titleWords(words, papers)
}

/** Without any keyword, the words of titles are the terms. The other words are not. */
function titleWords(words: readonly ProfileWord[], papers: readonly { readonly title: string }[]): Map<Stem, string> {
  const inTitles = new Set(papers.flatMap(({ title }) => stemsOf(title)))
  return new Map(words.flatMap(({ stem, shown }) => (inTitles.has(stem) ? [[stem, shown] as const] : [])))
}

function isTerm({ shown, stems }: PoolKeyword): boolean {
  return stems.length <= TERM_WORDS_MAX && shown.length <= TERM_CHARS_MAX
}

/** Returns what a profile has learned to like (1) or dislike (−1), in keywords, or in words if it has no keywords. */
export function learnedTerms(words: readonly ProfileWord[], sign: 1 | -1): readonly string[] {
  const own = words.filter(({ weight }) => weight * sign > 0)
  const terms = [...new Set(own.flatMap(({ term }) => term ?? []))]
  return terms.length > 0 ? terms : own.map(({ shown }) => shown)
}
