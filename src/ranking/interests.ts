import type { Paper } from '../paper.ts'

/** A paper's words, folded once per edition so that matching a reader costs only look-ups. */
export interface PaperWords {
  readonly title: string
  readonly keywords: string
  readonly abstract: string
  readonly all: ReadonlySet<string>
}

/** How strongly an interest speaks for a paper, by the field in which it stands. 0: not at all. */
const PHRASE_IN_TITLE = 4
const PHRASE_IN_KEYWORDS = 3
const PHRASE_IN_ABSTRACT = 2
const WORDS_APART = 1

/** Folds a paper's text for matching. */
export function paperWords(paper: Paper): PaperWords {
  const title = words(paper.title)
  const keywords = paper.keywords.map((keyword) => words(keyword).join(' ')).join(' | ')
  const abstract = words(paper.abstract)
  return {
    title: padded(title.join(' ')),
    keywords: padded(keywords),
    abstract: padded(abstract.join(' ')),
    all: new Set([...title, ...keywords.split(/[ |]+/), ...abstract]),
  }
}

/**
 * The strength of one interest, a word or a phrase typed freely, for a paper. Whole words only, so that
 * `ai` is not found in `available`; plurals are folded.
 */
export function matchInterest(interest: string, paper: PaperWords): number {
  const wanted = words(interest)
  if (wanted.length === 0) return 0
  const phrase = padded(wanted.join(' '))
  if (paper.title.includes(phrase)) return PHRASE_IN_TITLE
  if (paper.keywords.includes(phrase)) return PHRASE_IN_KEYWORDS
  if (paper.abstract.includes(phrase)) return PHRASE_IN_ABSTRACT
  return wanted.length > 1 && wanted.every((word) => paper.all.has(word)) ? WORDS_APART : 0
}

function padded(text: string): string {
  return ` ${text} `
}

function words(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
  return (folded.match(/[\p{L}\p{N}+#]+/gu) ?? []).map(singular)
}

/** Folds English plurals: `agents`, `policies`; not `bias`, `corpus`, `loss`. */
function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is|as)$/.test(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  return word.endsWith('s') ? word.slice(0, -1) : word
}
