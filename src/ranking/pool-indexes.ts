import type { Interest, Matchable } from './interest.ts'
import type { Term } from './search/term.ts'
import { type Stem, stem } from './words/words.ts'

/** The indexes of the papers that contain each stem. */
export type StemIndex = ReadonlyMap<Stem, readonly number[]>

export function stemIndexOf(papers: readonly Matchable[]): StemIndex {
  const index = new Map<Stem, number[]>()
  for (const [at, { folded }] of papers.entries()) for (const word of folded.weights.keys()) addTo(index, word, at)
  return index
}

/** Returns the indexes of the papers that a search finds by each lexeme. */
export function lexemeIndexOf(papers: readonly Matchable[]): StemIndex {
  const index = new Map<string, number[]>()
  for (const [at, { lexemes }] of papers.entries()) for (const lexeme of lexemes().keys()) addTo(index, lexeme, at)
  return index
}

/**
 * Returns the papers that can match an interest, each once: those with its rarest word. The match itself reads only these, not
 * the whole pool. A condition such as `code:yes` has no words, so every paper can match.
 */
export function candidatesFor<P extends Matchable>(
  interest: Interest,
  papers: readonly P[],
  indexes: { readonly stems: () => StemIndex; readonly lexemes: () => StemIndex },
): readonly P[] {
  if (interest.kind === 'exact')
    return papersAt(rarestOf(interest.phrase.split(' ').map(stem), indexes.stems()), papers)
  if (interest.kind === 'search') return papersAt(possibleFor(interest.term, indexes.lexemes()), papers)
  if (interest.kind !== 'topic') return papers
  const { stems, others, synonyms } = interest.topic
  const spelt = interest.words === null ? [] : possibleFor(interest.words, indexes.lexemes())
  if (spelt === null) return papers
  const found = [...rarestOf(stems, indexes.stems()), ...spelt]
  for (const form of [...others, ...synonyms]) found.push(...rarestOf(form.stems, indexes.stems()))
  return papersAt(found, papers)
}

/** Returns the indexes of the papers that can match a term; null for all of them. */
function possibleFor(term: Term, index: StemIndex): readonly number[] | null {
  switch (term.kind) {
    case 'lexeme':
      return term.begins ? null : (index.get(term.lexeme) ?? [])
    case 'phrase':
      return rarestOf(
        term.steps.map(({ lexeme }) => lexeme),
        index,
      )
    case 'not':
      return null
    case 'any': {
      const each = term.of.map((of) => possibleFor(of, index))
      return each.includes(null) ? null : each.flatMap((found) => found ?? [])
    }
    case 'all': {
      let fewest: readonly number[] | null = null
      for (const of of term.of) {
        const found = possibleFor(of, index)
        if (found !== null && (fewest === null || found.length < fewest.length)) fewest = found
      }
      return fewest
    }
  }
}

/** Returns the papers at these indexes, each once; null for all of them. */
function papersAt<P>(indexes: readonly number[] | null, papers: readonly P[]): readonly P[] {
  return indexes === null ? papers : [...new Set(indexes)].flatMap((at) => papers[at] ?? [])
}

/** Returns the papers with the rarest of some words. */
function rarestOf(words: readonly Stem[], index: StemIndex): readonly number[] {
  let rarest: readonly number[] | null = null
  for (const word of words) {
    const papers = index.get(word) ?? []
    if (rarest === null || papers.length < rarest.length) rarest = papers
  }
  return rarest ?? []
}

/** A paper of an author: its index, and the position of the author among its authors. */
export interface Authorship {
  readonly index: number
  readonly position: number
}

/** Returns the papers of each author, whose name is in normalised words. */
export function authorIndexOf(papers: readonly Matchable[]): ReadonlyMap<string, readonly Authorship[]> {
  const index = new Map<string, Authorship[]>()
  for (const [at, { authors }] of papers.entries())
    for (const [position, name] of authors.entries()) addTo(index, name.join(' '), { index: at, position })
  index.delete('')
  return index
}

function addTo<V>(index: Map<string, V[]>, key: string, value: V): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [value])
  else known.push(value)
}
