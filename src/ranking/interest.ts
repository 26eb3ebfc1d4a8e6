import type { Paper } from '../domain/paper.ts'
import type { PaperLexemes } from './search/indexed-paper.ts'
import { lineTerm, wordsTerm } from './search/query.ts'
import { readQueryParts } from './search/query-parts.ts'
import { spelledGrade } from './search/spelled-grade.ts'
import { any, matchesTerm, type Term } from './search/term.ts'
import { tokensOf } from './search/tokens.ts'
import type { FoldedText } from './topic/folded-text.ts'
import { GRADE, type Grade, gradeOf, hasOtherMeaning, MATCH, MUTED, synonymIn } from './topic/grade.ts'
import { readTopic, type Topic } from './topic/topic.ts'
import { matchTopic, SHARE, type TopicMatch } from './topic/topic-strength.ts'
import { type Lexicon, withoutSynonyms } from './words/lexicon.ts'
import { isAmbiguousForSearch } from './words/word-families.ts'
import { stem, stemsOf, wordsOf } from './words/words.ts'

/** One parsed line of a subscriber’s interests. */
export type Interest =
  | {
      readonly kind: 'topic'
      readonly topic: Topic
      readonly words: Term | null
      /** Whether no text of the archive has its only word, so that it may be the name of an author. */
      readonly mayBeName: boolean
    }
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
  if (topic === null) return null
  const mayBeName = topic.stems.every((each) => lexicon.papersWith(each) === 0)
  return { kind: 'topic', topic, words: wordsTerm(text), mayBeName }
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

const NO_MATCH: TopicMatch = { grade: GRADE.none, strength: 0, synonym: null }
const CONDITION_MET: TopicMatch = { grade: GRADE.full, strength: CONDITION_STRENGTH, synonym: null }

/** Returns how a paper matches an interest. `usualLength` is the mean length of the papers. */
export function matchInterest(
  interest: Interest,
  paper: Matchable,
  measures: { readonly lexicon: Lexicon; readonly usualLength: number },
): TopicMatch {
  if (interest.kind !== 'topic') return meetsCondition(interest, paper) ? CONDITION_MET : NO_MATCH
  const asWritten = gradeOf(interest.topic, paper.folded)
  const grade = gradeInAnySpelling(asWritten, interest, paper)
  const spelled = { grade, strength: SHARE[grade] * CONDITION_STRENGTH, synonym: null }
  if (grade > asWritten && grade >= GRADE.full) return spelled
  const match = matchTopic(interest.topic, paper.folded, measures, asWritten)
  if (match.synonym !== null) return match
  if (grade === GRADE.none) return NO_MATCH
  return grade > asWritten ? spelled : match
}

/** Returns the grade of the words as they are written. A paper without them may have them in another spelling. */
function gradeInAnySpelling(
  asWritten: Grade,
  { topic, words, mayBeName }: Extract<Interest, { kind: 'topic' }>,
  { paper, folded, lexemes }: Matchable,
): Grade {
  if (asWritten !== GRADE.none || words === null || hasOtherMeaning(topic, topic, folded)) return asWritten
  const grade = spelledGrade(words, lexemes(), mayBeName)
  return grade === GRADE.none || (hasOwnWords(topic, paper) && !isHidden(topic, paper)) ? grade : GRADE.none
}

/** Returns whether a paper has the words as they are typed, but where no interest looks: in a link to code, or in the AI summary. */
function isHidden({ stems }: Topic, { title, abstract, keywords, machineSummary }: Paper): boolean {
  const written = new Set(stemsOf([title, abstract, ...keywords, machineSummary].join('\n')))
  return stems.every((each) => written.has(each))
}

/** Returns whether the words of a paper that a search takes for those of a topic are the same words. */
function hasOwnWords({ stems }: Topic, paper: Paper): boolean {
  const ambiguous = stems.filter(isAmbiguousForSearch)
  if (ambiguous.length === 0) return true
  const { title, abstract, keywords, organization, machineSummary, authors } = paper
  const tokens = tokensOf([title, abstract, ...keywords, organization, machineSummary, ...authors].join('\n'))
  const own = new Set(tokens.flatMap(({ parts }) => parts.map(stem)))
  return ambiguous.every((each) => own.has(each))
}

/** Returns the grade of a paper for an interest. */
function interestGrade(interest: Interest, paper: Matchable): Grade {
  if (interest.kind !== 'topic') return meetsCondition(interest, paper) ? GRADE.full : GRADE.none
  const grade = gradeInAnySpelling(gradeOf(interest.topic, paper.folded), interest, paper)
  return grade < GRADE.full && synonymIn(interest.topic, paper.folded) !== null ? GRADE.full : grade
}

/** Returns whether a paper matches an interest. Words that are scattered over its text are no match. */
export function matchesInterest(interest: Interest, paper: Matchable): boolean {
  return interestGrade(interest, paper) >= MATCH
}

/** Returns whether a muted term excludes a paper. All its words in one sentence are enough, because hiding is the safer fault. */
export function mutesPaper(term: Interest, paper: Matchable): boolean {
  return interestGrade(term, paper) >= MUTED
}

function meetsCondition(interest: Exclude<Interest, { kind: 'topic' }>, matchable: Matchable): boolean {
  const { paper, folded, authors, lexemes } = matchable
  switch (interest.kind) {
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
      return !mutesPaper(interest.of, matchable)
  }
}
