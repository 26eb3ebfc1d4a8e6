import { isStopWord } from '../words/words.ts'
import { FIELD_PREFIX, TITLE_PREFIX } from './indexed-paper.ts'
import { type Field, type QueryGroups, type QueryPart, readQueryParts, withFilter } from './query-parts.ts'
import { all, any, lexeme, phrase, type Step, type Term } from './term.ts'
import { isStopToken, keyOf, lexemeOf, type Token, tokensOf } from './tokens.ts'

/** A parsed search. */
export interface Query {
  /** Every paper must match this. */
  readonly whole: Term
  /** The same, but the last word may be a beginning. */
  readonly begun: Term
  /** The words and phrases of the query, for titles; null if there is none, or if an alternative has none. */
  readonly inTitle: Term | null
  /** Whether there are only words and phrases, so that a title with them matches. */
  readonly isPlain: boolean
  /** The length of the last word if it may be a beginning, or 0. */
  readonly beginning: number
  /** How titles match that are the query, whose name before the colon is the query, or that begin with it; null with operators. */
  readonly named: { readonly title: Term; readonly name: Term; readonly beginning: Term } | null
  /** All words but one; null for queries with few or many words, or with operators. */
  readonly relaxed: Term | null
}

/** Only in short queries are words joined with their neighbours, because each pair adds to the cost. */
const JOINED_WORDS_MAX = 8
const RELAXED_WORDS_MIN = 3
const RELAXED_WORDS_MAX = 8
const BEGINNING_CHARS_MIN = 2

/**
 * Reads a query. Returns null if it has no words.
 * @param filter Operators that every alternative must match too, such as `code:yes org:"University of X"`.
 */
export function readQuery(typed: string, filter = ''): Query | null {
  const own = readQueryParts(typed)
  const groups = withFilter(own, filter)
  if (groups.length === 0) return null
  const beginning = beginningOf(typed, own)
  const whole = any(groups.map((group) => all(clausesOf(group, false))))
  const [first = []] = own
  const hasName = own.length > 0 && own.every((group) => group.every(isOfText))
  const inTitle = groups.map((group) => clausesOf(group.filter(isOfText), beginning > 0))
  return {
    whole,
    inTitle: inTitle.some((clauses) => clauses.length === 0) ? null : any(inTitle.map(all)),
    isPlain: groups.every((group) => group.every(isOfText)),
    begun: beginning === 0 ? whole : any(groups.map((group) => all(clausesOf(group, true)))),
    beginning,
    named: hasName ? namedAs(typed) : null,
    relaxed: hasName && own.length === 1 ? relaxedOf(first, readQueryParts(filter).flat()) : null,
  }
}

function isOfText(part: QueryPart): boolean {
  return part.kind !== 'field' && !part.negated
}

/** Returns what a paper must match to have all the words of a text, in any order and in any way of writing them. */
export function wordsTerm(text: string): Term | null {
  const clauses = wordClauses(tokensOf(text), false)
  return clauses.length === 0 ? null : all(clauses)
}

/** Returns the term of one line of interests, in which `or` is a word. */
export function lineTerm(parts: readonly QueryPart[]): Term {
  return all(clausesOf(parts, false))
}

function clausesOf(group: readonly QueryPart[], isBegun: boolean): Term[] {
  const words = group.flatMap((part) => (part.kind === 'word' && !part.negated ? part.tokens : []))
  const others = group.filter((part) => part.kind !== 'word' || part.negated)
  const clauses =
    words.length === 0
      ? []
      : wordClauses(
          words,
          isBegun,
          others.some(({ negated }) => !negated),
        )
  for (const part of others) {
    const term = termOf(part)
    clauses.push(part.negated ? { kind: 'not', of: term } : term)
  }
  return clauses
}

function termOf(part: QueryPart): Term {
  if (part.kind === 'field') return fieldTerm(part.field, part.text, part.tokens)
  if (part.kind === 'phrase') return phrase(stepsOf(part.tokens))
  return all(part.tokens.map((token) => any(spellingsOf(token))))
}

/** Returns a clause for each word. A word may be joined with a neighbour: `stream vln` finds `StreamVLN`. */
function wordClauses(tokens: readonly Token[], isBegun: boolean, hasOthers = false): Term[] {
  const joined = tokens.map(({ parts }) => parts.join(''))
  const isShort = tokens.length <= JOINED_WORDS_MAX
  const window = (from: number, to: number) => joined.slice(Math.max(0, from), to).join('')
  const clauses = tokens.flatMap((token, at) => {
    if (isStopToken(token)) return []
    const terms = spellingsOf(token)
    if (isShort && at > 0) terms.push(lexeme(lexemeOf(window(at - 1, at + 1))))
    if (isShort && at < tokens.length - 1) terms.push(lexeme(lexemeOf(window(at, at + 2))))
    if (isShort && tokens.length === 3) terms.push(lexeme(lexemeOf(window(0, 3))))
    if (isBegun && at === tokens.length - 1) {
      terms.push(lexeme(window(at, at + 1), true))
      if (isShort && at > 0) terms.push(lexeme(window(at - 1, at + 1), true))
    }
    return [any(terms)]
  })
  if (clauses.length > 0 || hasOthers) return clauses
  return tokens.map((token) => any(spellingsOf(token)))
}

/** Returns the ways in which a word may be written: joined, in parts, and in the pieces between its hyphens. */
function spellingsOf(token: Token, prefix = '', fold: (word: string) => string = lexemeOf): Term[] {
  const { parts, pieces } = token
  const terms = [lexeme(prefix + fold(parts.join('')))]
  if (parts.length > 1) {
    const steps = prefix === '' ? stepsOf([token]) : parts.map((part) => ({ lexeme: prefix + fold(part), distance: 1 }))
    terms.push(phrase(steps))
  }
  if (pieces.length > 1 && pieces.length < parts.length) terms.push(phrase(pieceSteps(token, prefix, fold)))
  return terms
}

function pieceSteps({ parts, pieces }: Token, prefix: string, fold: (word: string) => string): Step[] {
  let [from, distance] = [0, 0]
  return pieces.map((many) => {
    const step = { lexeme: prefix + fold(parts.slice(from, from + many).join('')), distance }
    from += many
    distance = many
    return step
  })
}

/** Returns the steps of a phrase. Stop words are not in the index of abstracts, but they keep their places. */
function stepsOf(tokens: readonly Token[]): Step[] {
  const parts = tokens.flatMap((token) => token.parts)
  const content = stepsWithout(parts, isStopWord)
  // Without its stop word, `on-policy` would be `policy`.
  return content.length > 1 || content.length === parts.length ? content : stepsWithout(parts, () => false)
}

function stepsWithout(parts: readonly string[], isLeftOut: (part: string) => boolean): Step[] {
  const steps: Step[] = []
  let distance = 0
  for (const part of parts) {
    distance += 1
    if (isLeftOut(part)) continue
    steps.push({ lexeme: lexemeOf(part), distance })
    distance = 0
  }
  return steps
}

function fieldTerm(field: Field, text: string, tokens: readonly Token[]): Term {
  const prefix = FIELD_PREFIX[field]
  if (field === 'category') return lexeme(prefix + text.toLowerCase())
  if (field === 'code') return lexeme(prefix + (/^(no|0|false)$/i.test(text) ? 'no' : 'yes'))
  if (field === 'author') return authorTerm(tokens.map((token) => spellingsOf(token, prefix, (word) => word)))
  const fold = field === 'keyword' ? lexemeOf : (word: string) => word
  const steps = tokens.flatMap(({ parts }) => parts).map((part) => ({ lexeme: prefix + fold(part), distance: 1 }))
  const joined = lexeme(prefix + fold(tokens.flatMap(({ parts }) => parts).join('')))
  return any([phrase(steps), joined])
}

/** Words of one name are at most this far apart. */
const NAME_WORDS_APART_MAX = 4

/** Returns a term for all these words in one name, in any order. */
function authorTerm(words: readonly Term[][]): Term {
  const near = words.slice(1).map((word, at) => any(nearTerms(words[at] ?? [], word)))
  return all([...words.map(any), ...near])
}

function nearTerms(one: readonly Term[], other: readonly Term[]): Term[] {
  const [a, b] = [one[0], other[0]]
  if (a?.kind !== 'lexeme' || b?.kind !== 'lexeme') return []
  return Array.from({ length: NAME_WORDS_APART_MAX }, (_, at) => at + 1).flatMap((distance) => [
    phrase([
      { lexeme: a.lexeme, distance },
      { lexeme: b.lexeme, distance },
    ]),
    phrase([
      { lexeme: b.lexeme, distance },
      { lexeme: a.lexeme, distance },
    ]),
  ])
}

/** Returns the length of the last word if it may be unfinished, or 0. */
function beginningOf(typed: string, groups: QueryGroups): number {
  const last = groups.at(-1)?.at(-1)
  if (groups.length !== 1 || last?.kind !== 'word' || last.negated || !/[\p{L}\p{N}\p{M}]$/u.test(typed)) return 0
  const { length } = last.tokens.at(-1)?.parts.join('') ?? ''
  return length < BEGINNING_CHARS_MIN ? 0 : length
}

function namedAs(typed: string): Query['named'] {
  const key = keyOf(typed)
  return {
    title: lexeme(TITLE_PREFIX.whole + key),
    name: lexeme(TITLE_PREFIX.name + key),
    beginning: lexeme(TITLE_PREFIX.beginning + key),
  }
}

function relaxedOf(group: readonly QueryPart[], filter: readonly QueryPart[]): Term | null {
  const clauses = clausesOf(group, false)
  if (clauses.length < RELAXED_WORDS_MIN || clauses.length > RELAXED_WORDS_MAX) return null
  const words = any(clauses.map((_, left) => all(clauses.filter((_each, at) => at !== left))))
  return filter.length === 0 ? words : all([words, ...clausesOf(filter, false)])
}
