import type { Paper } from '../domain/paper.ts'
import type { PaperLexemes } from './search/indexed-paper.ts'
import { lineTerm, wordsTerm } from './search/query.ts'
import { readQueryParts } from './search/query-parts.ts'
import { any, matchesTerm, type Term } from './search/term.ts'
import { tokensOf } from './search/tokens.ts'
import { type FoldedText, readTopic, type Topic, topicMatches, topicStrength } from './topic.ts'
import { type Lexicon, withoutSynonyms } from './words/lexicon.ts'
import { isAmbiguousForSearch } from './words/word-families.ts'
import { stem, wordsOf } from './words/words.ts'

/** One parsed line of a subscriber’s interests. */
export type Interest =
  | { readonly kind: 'topic'; readonly topic: Topic; readonly words: Term | null }
  /** `"sparse retrieval"`: exactly these words in this order. */
  | { readonly kind: 'exact'; readonly phrase: string }
  /** `author:Lovelace`: the name of one author contains all these words. */
  | { readonly kind: 'author'; readonly words: readonly string[] }
  /** `category:cs.CL`, or `category:cs` for all its subcategories. */
  | { readonly kind: 'category'; readonly category: string }
  /** `code:yes` or `code:no`: papers with or without code. */
  | { readonly kind: 'code'; readonly wanted: boolean }
  /** `org:"University of X"`, `keyword:retrieval`, or several operators and words in one line, as in a search: all must match. */
  | { readonly kind: 'search'; readonly term: Term }
  /** `-robots`: excludes matching papers. */
  | { readonly kind: 'not'; readonly of: Interest }

/** The folded text of a paper, and the paper itself for other conditions. */
export interface Matchable {
  readonly paper: Paper
  readonly folded: FoldedText
  readonly authors: readonly (readonly string[])[]
  /** The words by which a search finds the paper. */
  readonly lexemes: () => PaperLexemes
}

/** Parses an interest or muted term. Returns null if it contains no words. */
export function readInterest(typed: string, lexicon: Lexicon): Interest | null {
  const text = typed.trim()
  if (text.startsWith('-')) {
    const of = readInterest(text.slice(1), withoutSynonyms(lexicon))
    return of === null || of.kind === 'not' ? of : { kind: 'not', of }
  }
  const quoted = /^["“”«]([^"“”«»]+)["“”»]$/u.exec(text)?.[1]
  if (quoted !== undefined) {
    const phrase = wordsOf(quoted).join(' ')
    return phrase === '' ? null : { kind: 'exact', phrase }
  }
  const [, name = '', rest = ''] = ONE_FIELD.exec(text) ?? []
  if (name !== '') return readField(name.toLowerCase(), rest.trim())
  return readSearch(text) ?? readWords(text, lexicon)
}

/** One operator, whose value is the rest of the line. */
const ONE_FIELD = new RegExp(
  `^(${['author', 'category', 'code', 'org', 'organi[sz]ation', 'keyword', 'topic'].join('|')})\\s*:\\s*(["“”„«][^"“”„«»]+["“”»]|(?:(?!\\s-|\\w:)[^"“”„«»])+)$`,
  'iu',
)

/** Every line with an operator has one of these signs, and most lines have none. */
const OPERATOR_SIGNS = /[:"“”„«»]|(?:^|\s)-/u

/** Reads a line with operators among its words. Returns null if it has none. */
function readSearch(text: string): Interest | null {
  if (!OPERATOR_SIGNS.test(text)) return null
  const groups = readQueryParts(text)
  const hasOperators = groups.flat().some((part) => part.kind !== 'word' || part.negated)
  return hasOperators ? { kind: 'search', term: any(groups.map(lineTerm)) } : null
}

function readWords(text: string, lexicon: Lexicon): Interest | null {
  const topic = readTopic(text, lexicon)
  return topic === null ? null : { kind: 'topic', topic, words: wordsTerm(text) }
}

function readField(name: string, rest: string): Interest | null {
  if (name === 'code') return { kind: 'code', wanted: !/^"?(no|0|false)"?$/i.test(rest) }
  if (name === 'category') return { kind: 'category', category: rest.replace(/["“”„«»]/gu, '').toLowerCase() }
  const words = wordsOf(rest)
  if (words.length === 0) return null
  return name === 'author' ? { kind: 'author', words } : readSearch(`${name}:"${rest.replace(/["“”„«»]/gu, '')}"`)
}

/** The strength of a yes-or-no condition that is met. A rare phrase in the title has about the same. */
const CONDITION_STRENGTH = 10

/** Returns how strongly a paper matches an interest; 0 means no match. `usualLength` is the mean length of the papers. */
export function interestStrength(interest: Interest, paper: Matchable, lexicon: Lexicon, usualLength: number): number {
  if (interest.kind !== 'topic') return matchesInterest(interest, paper) ? CONDITION_STRENGTH : 0
  if (topicMatches(interest.topic, paper.folded))
    return topicStrength(interest.topic, paper.folded, lexicon, usualLength)
  return isSpelledIn(interest, paper) ? CONDITION_STRENGTH : 0
}

/** Returns whether a paper has the words in another spelling: `MinerU 2.5` matches `MinerU2.5`. */
function isSpelledIn({ topic, words }: Extract<Interest, { kind: 'topic' }>, { paper, lexemes }: Matchable): boolean {
  if (words === null || !matchesTerm(words, lexemes())) return false
  const ambiguous = topic.stems.filter(isAmbiguousForSearch)
  if (ambiguous.length === 0) return true
  const { title, abstract, keywords, organization, machineSummary, authors } = paper
  const tokens = tokensOf([title, abstract, ...keywords, organization, machineSummary, ...authors].join('\n'))
  const stems = new Set(tokens.flatMap(({ parts }) => parts.map(stem)))
  return ambiguous.every((each) => stems.has(each))
}

/** Returns whether a paper matches an interest. A paper that matches a muted term is excluded. */
export function matchesInterest(interest: Interest, matchable: Matchable): boolean {
  const { paper, folded, authors, lexemes } = matchable
  switch (interest.kind) {
    case 'topic':
      return topicMatches(interest.topic, folded) || isSpelledIn(interest, matchable)
    case 'search':
      return matchesTerm(interest.term, lexemes())
    case 'exact':
      return folded.exact.includes(` ${interest.phrase} `)
    case 'author':
      return authors.some((name) => interest.words.every((word) => name.includes(word)))
    case 'category':
      return paper.categories.some(
        (each) => each.toLowerCase() === interest.category || each.toLowerCase().startsWith(`${interest.category}.`),
      )
    case 'code':
      return (paper.links.code !== undefined) === interest.wanted
    case 'not':
      return !matchesInterest(interest.of, matchable)
  }
}
