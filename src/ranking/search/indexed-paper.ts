import type { Paper } from '../../domain/paper.ts'
import { isStopToken, joinsOf, keyOf, LEXEME_CHARS_MAX, lexemeOf, type Token, tokensOf } from './tokens.ts'

/** The weight of a field in the ranking: A for the title, B for keywords and the organisation, C for the abstract, D for authors. */
type Weight = 'A' | 'B' | 'C' | 'D'

/** Each lexeme of a paper with its positions, and the weight of each. */
export type PaperLexemes = ReadonlyMap<string, ReadonlyMap<number, Weight>>

/** The lexemes of the field operators, such as `author:"Ada Lovelace"`, begin with these. */
export const FIELD_PREFIX = { author: '=a=', org: '=o=', keyword: '=k=', category: '=c=', code: '=code=' } as const
/** The whole title, the name before its colon, and its first words, without blanks. Only the index of titles has them. */
export const TITLE_PREFIX = { whole: '=t=', name: '=n=', beginning: '=b=' } as const

/** No phrase spans two fields or authors, because their positions are this far apart. */
const GAP = 8
const JOINED_TITLE_WORDS_MAX = 3
/** Positions above 16,383 are lost. */
const AUTHORS_INDEXED_MAX = 1_000
const INITIALS_MIN = 3
const BEGINNING_PARTS_MAX = 12

type Fields = Pick<
  Paper,
  'title' | 'abstract' | 'authors' | 'keywords' | 'organization' | 'machineSummary' | 'categories' | 'links'
>

/** Returns what search and interests find a paper by. */
export function lexemesOf(paper: Fields): PaperLexemes {
  const index = createIndex()
  index.addTitle(paper.title)
  for (const keyword of paper.keywords) index.addField(keyword, 'B', FIELD_PREFIX.keyword, lexemeOf)
  if (paper.organization !== null) index.addField(paper.organization, 'B', FIELD_PREFIX.org, asItIs)
  index.add(tokensOf(paper.abstract), 'C')
  if (paper.machineSummary !== null) index.add(tokensOf(paper.machineSummary), 'C')
  for (const author of paper.authors.slice(0, AUTHORS_INDEXED_MAX))
    index.addField(author, 'D', FIELD_PREFIX.author, asItIs)
  for (const category of paper.categories)
    for (const each of new Set([category, category.split('.')[0] ?? '']))
      index.addLexeme(FIELD_PREFIX.category + each.toLowerCase(), 'D')
  index.addLexeme(FIELD_PREFIX.code + (paper.links.code === undefined ? 'no' : 'yes'), 'D')
  return index.lexemes
}

/** Returns the lexemes of the title, with the whole title and its name. */
export function titleLexemesOf({ title }: Pick<Paper, 'title'>): PaperLexemes {
  const index = createIndex()
  index.addTitle(title)
  index.addLexeme(TITLE_PREFIX.whole + keyOf(title), 'A')
  const name = nameOf(title)
  if (name !== null) index.addLexeme(TITLE_PREFIX.name + keyOf(name), 'A')
  const parts = tokensOf(title).flatMap((token) => token.parts)
  for (let many = 1; many <= Math.min(parts.length, BEGINNING_PARTS_MAX); many += 1)
    index.addLexeme(TITLE_PREFIX.beginning + parts.slice(0, many).join(''), 'A')
  return index.lexemes
}

/** Returns the name before the colon of a title, or null: `StreamVLN` in `StreamVLN: Streaming Vision`. */
function nameOf(title: string): string | null {
  return /^(.{1,80}?)(?::| [-–—] )/u.exec(title)?.[1] ?? null
}

/** Returns lexemes in the notation of PostgreSQL’s tsvector. */
export function tsvectorOf(lexemes: PaperLexemes): string {
  return Array.from(lexemes, ([lexeme, positions]) => {
    // PostgreSQL keeps 256 positions of a lexeme.
    const places = [...positions].slice(0, 256).map(([position, weight]) => `${position}${weight}`)
    return `'${lexeme.replace(/['\\]/g, '$&$&')}':${places.join(',')}`
  }).join(' ')
}

function createIndex() {
  const lexemes = new Map<string, Map<number, Weight>>()
  let next = 1
  const put = (word: string, position: number, weight: Weight) => {
    const lexeme = word.slice(0, LEXEME_CHARS_MAX)
    const known = lexemes.get(lexeme)
    if (known === undefined) lexemes.set(lexeme, new Map([[position, weight]]))
    else if (!known.has(position)) known.set(position, weight)
  }
  const addToken = (token: Token, weight: Weight, prefix: string, fold: (word: string) => string) => {
    for (const [at, part] of token.parts.entries()) put(prefix + fold(part), next + at, weight)
    // At both ends, so that a phrase can begin or end with the joined parts.
    for (const { joined, from, to } of joinsOf(token.parts)) {
      put(prefix + fold(joined), next + from, weight)
      put(prefix + fold(joined), next + to, weight)
    }
  }
  const add = (tokens: readonly Token[], weight: Weight) => {
    for (const token of tokens) {
      if (!isStopToken(token)) addToken(token, weight, '', lexemeOf)
      next += token.parts.length
    }
    next += GAP
  }
  return {
    lexemes,
    add,
    addLexeme: (lexeme: string, weight: Weight) => put(lexeme, next, weight),
    /** Adds a title with its stop words, its unstemmed words, words that are joined, and initials. */
    addTitle(title: string) {
      const tokens = tokensOf(title)
      const words = tokens.map(({ parts }) => parts.join(''))
      let position = next
      for (const [at, token] of tokens.entries()) {
        addToken(token, 'A', '', lexemeOf)
        put(words[at] ?? '', next, 'A')
        next += token.parts.length
      }
      for (const [at, token] of tokens.entries()) {
        for (let many = 2; many <= JOINED_TITLE_WORDS_MAX && at + many <= words.length; many += 1)
          put(lexemeOf(words.slice(at, at + many).join('')), position, 'A')
        position += token.parts.length
      }
      for (const initials of initialsOf(title)) put(lexemeOf(initials), next, 'D')
      next += GAP
    },
    addField(text: string, weight: Weight, prefix: string, fold: (word: string) => string) {
      const tokens = tokensOf(text)
      const from = next
      add(tokens, weight)
      next = from
      for (const token of tokens) {
        addToken(token, weight, prefix, fold)
        next += token.parts.length
      }
      next += GAP
    },
  }
}

/** Returns the initials of a title and of its parts around a colon, with and without words such as `of`. */
function initialsOf(title: string): string[] {
  const found = new Set<string>()
  for (const part of title.split(/[:—–?]/u)) {
    const tokens = tokensOf(part)
    for (const some of [tokens, tokens.filter((token) => !isStopToken(token))]) {
      const initials = some.flatMap(({ parts }) => parts.map((each) => each.charAt(0))).join('')
      if (initials.length >= INITIALS_MIN) found.add(initials)
    }
  }
  return [...found]
}

function asItIs(word: string): string {
  return word
}
