import { cached } from '../../platform/cache.ts'
import { readQuery } from './query.ts'
import type { Term } from './term.ts'
import { joinsOf, lexemeOf, type Token, tokensOf } from './tokens.ts'

/** A piece of a text; `isMatch` if the query has one of its words. */
export interface Fragment {
  readonly text: string
  readonly isMatch: boolean
}

export interface Highlighter {
  /** Returns a whole text in pieces. */
  all(text: string): Fragment[]
  /** Returns the part of a text with most words of the query, with ellipses where it was cut. Empty if it has none. */
  excerpt(text: string): Fragment[]
}

const EXCERPT_WORDS = 42
const WORDS_BEFORE_MATCH = 8
const WORDS_CACHED_MAX = 5_000
/** Later windows of a text full of matches are hardly better. */
const WINDOWS_MAX = 20

/** Marks the words of a query in texts. */
export function createHighlighter(query: string): Highlighter {
  const read = readQuery(query)
  const lexemes = read === null ? new Set<string>() : lexemesIn(read.begun)
  const beginnings = [...lexemes].flatMap((each) => (each.endsWith('*') ? [each.slice(0, -1)] : []))
  const known = new Map<string, string | null>()
  const matched = ({ parts }: Token): string | null => {
    const [first = ''] = parts
    return parts.length === 1 ? cached(known, first, WORDS_CACHED_MAX, () => matchedIn(parts)) : matchedIn(parts)
  }
  const matchedIn = (parts: readonly string[]): string | null => {
    for (const word of [...joinsOf(parts).map(({ joined }) => joined), ...parts]) {
      const lexeme = lexemeOf(word)
      if (lexemes.has(lexeme) && !(parts.length > 1 && word.length === 1)) return lexeme
      if (beginnings.some((beginning) => word.startsWith(beginning))) return lexeme
    }
    return null
  }
  const fragmentsOf = (text: string, tokens: readonly Token[], from: number, to: number) => {
    const fragments: Fragment[] = []
    const push = (part: string, isMatch: boolean) => {
      if (part !== '') fragments.push({ text: part, isMatch })
    }
    let at = from
    for (const token of tokens) {
      if (token.from < from || token.to > to || matched(token) === null) continue
      push(text.slice(at, token.from), false)
      push(text.slice(token.from, token.to), true)
      at = token.to
    }
    push(text.slice(at, to), false)
    return fragments
  }
  return {
    all: (text) => fragmentsOf(text, tokensOf(text), 0, text.length),
    excerpt(text) {
      const tokens = tokensOf(text)
      const begin = bestWindow(tokens.map(matched))
      if (begin === null) return []
      const from = tokens[begin]?.from ?? 0
      const last = tokens[begin + EXCERPT_WORDS - 1]
      const to = last === undefined || begin + EXCERPT_WORDS === tokens.length ? text.length : last.to
      const fragments = fragmentsOf(text, tokens, begin === 0 ? 0 : from, to)
      const cut: Fragment = { text: '…', isMatch: false }
      return [...(begin === 0 ? [] : [cut]), ...fragments, ...(to === text.length ? [] : [cut])]
    },
  }
}

/** Returns where the window with most different matches begins, or null without a match. */
function bestWindow(matches: readonly (string | null)[]): number | null {
  let best: { readonly begin: number; readonly found: number } | null = null
  let left = WINDOWS_MAX
  for (const [at, match] of matches.entries()) {
    if (match === null || left === 0) continue
    left -= 1
    const begin = Math.max(0, Math.min(at - WORDS_BEFORE_MATCH, matches.length - EXCERPT_WORDS))
    const found = new Set(matches.slice(begin, begin + EXCERPT_WORDS).filter((each) => each !== null)).size
    if (best === null || found > best.found) best = { begin, found }
  }
  return best?.begin ?? null
}

/** Returns the lexemes that a term asks for, beginnings with a star. It leaves out the lexemes of fields. */
function lexemesIn(term: Term): Set<string> {
  switch (term.kind) {
    case 'lexeme':
      return new Set(term.lexeme.startsWith('=') ? [] : [term.lexeme + (term.begins ? '*' : '')])
    case 'phrase':
      return new Set(term.steps.map(({ lexeme }) => lexeme).filter((lexeme) => !lexeme.startsWith('=')))
    case 'not':
      return new Set()
    default:
      return new Set(term.of.flatMap((each) => [...lexemesIn(each)]))
  }
}
