import type { PaperLexemes } from './indexed-paper.ts'
import { LEXEME_CHARS_MAX } from './tokens.ts'

/** A condition that a search or an interest puts on a paper. */
export type Term =
  | { readonly kind: 'lexeme'; readonly lexeme: string; readonly begins: boolean }
  /** Lexemes at these distances from the one before. */
  | { readonly kind: 'phrase'; readonly steps: readonly Step[] }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Term[] }
  | { readonly kind: 'not'; readonly of: Term }

export interface Step {
  readonly lexeme: string
  readonly distance: number
}

export function lexeme(text: string, begins = false): Term {
  return { kind: 'lexeme', lexeme: text.slice(0, LEXEME_CHARS_MAX), begins }
}

export function all(terms: readonly Term[]): Term {
  const [first] = terms
  return terms.length === 1 && first !== undefined ? first : { kind: 'all', of: terms }
}

/** Returns the alternatives without repetitions. */
export function any(terms: readonly Term[]): Term {
  const [only] = terms
  if (terms.length === 1 && only !== undefined) return only
  const distinct = [...new Map(terms.map((term) => [identityOf(term), term])).values()]
  const [first] = distinct
  return distinct.length === 1 && first !== undefined ? first : { kind: 'any', of: distinct }
}

/** Most alternatives are lexemes, whose notation need not be written. A lexeme does not begin with a bracket or a sign. */
function identityOf(term: Term): string {
  return term.kind === 'lexeme' && !term.begins ? term.lexeme : tsqueryOf(term)
}

export function phrase(steps: readonly Step[]): Term {
  const [first] = steps
  return steps.length === 1 && first !== undefined
    ? lexeme(first.lexeme)
    : { kind: 'phrase', steps: steps.map((step) => ({ ...step, lexeme: step.lexeme.slice(0, LEXEME_CHARS_MAX) })) }
}

/** Returns a term in the notation of PostgreSQL’s tsquery. */
export function tsqueryOf(term: Term): string {
  switch (term.kind) {
    case 'lexeme':
      return quoted(term.lexeme) + (term.begins ? ':*' : '')
    case 'phrase':
      return `(${term.steps.map((step, at) => (at === 0 ? '' : ` <${step.distance}> `) + quoted(step.lexeme)).join('')})`
    case 'not':
      return `!${tsqueryOf(term.of)}`
    default:
      return `(${term.of.map(tsqueryOf).join(term.kind === 'all' ? ' & ' : ' | ')})`
  }
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '$&$&')}'`
}

/**
 * Returns the part of a term that the index decides alone: phrases as words in any order, without negations. Null if nothing
 * remains. Every paper that matches the term matches this part.
 */
export function indexedPart(term: Term): Term | null {
  switch (term.kind) {
    case 'lexeme':
      return term
    case 'phrase':
      return all(term.steps.map((step) => lexeme(step.lexeme)))
    case 'not':
      return null
    case 'all': {
      const parts = term.of.flatMap((each) => indexedPart(each) ?? [])
      return parts.length === 0 ? null : all(parts)
    }
    case 'any': {
      const parts = term.of.map(indexedPart)
      return parts.includes(null) ? null : any(parts.flatMap((each) => each ?? []))
    }
  }
}

/** Returns whether the index alone decides a term. */
export function isIndexed(term: Term): boolean {
  if (term.kind === 'all' || term.kind === 'any') return term.of.every(isIndexed)
  return term.kind === 'lexeme'
}

/** Returns whether a paper matches, as PostgreSQL would. */
export function matchesTerm(term: Term, paper: PaperLexemes): boolean {
  switch (term.kind) {
    case 'lexeme':
      if (!term.begins) return paper.has(term.lexeme)
      for (const each of paper.keys()) if (each.startsWith(term.lexeme)) return true
      return false
    case 'phrase':
      return matchesPhrase(term.steps, paper)
    case 'not':
      return !matchesTerm(term.of, paper)
    case 'all':
      return term.of.every((each) => matchesTerm(each, paper))
    case 'any':
      return term.of.some((each) => matchesTerm(each, paper))
  }
}

function matchesPhrase([first, ...rest]: readonly Step[], paper: PaperLexemes): boolean {
  if (first === undefined) return false
  for (const begin of paper.get(first.lexeme)?.keys() ?? []) {
    let at = begin
    const follows = ({ lexeme: next, distance }: Step) => {
      at += distance
      return paper.get(next)?.has(at) === true
    }
    if (rest.every(follows)) return true
  }
  return false
}
