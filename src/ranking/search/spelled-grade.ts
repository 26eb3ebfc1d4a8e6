import { GRADE, type Grade } from '../topic/grade.ts'
import type { PaperLexemes } from './indexed-paper.ts'
import { matchesTerm, type Term } from './term.ts'

/** Another spelling of some words has at most this many words between them: `GPT 4` is `GPT-4`. Hidden texts are read, too. */
const WORDS_BETWEEN = 1
/** About the length of a sentence. */
const SENTENCE_WORDS = 25

/**
 * Returns the grade of a paper that has the words in another spelling: `MinerU 2.5` matches `MinerU2.5`.
 * @param mayBeName whether a single word may be the name of an author or the initials of a title.
 */
export function spelledGrade(words: Term, paper: PaperLexemes, mayBeName: boolean): Grade {
  if (!matchesTerm(words, paper)) return GRADE.none
  const clauses = words.kind === 'all' ? words.of : [words]
  const places = clauses.map((clause) => placesOf(clause, paper))
  if (places.length === 1) return mayBeName || places[0]?.some(({ isText }) => isText) ? GRADE.full : GRADE.none
  if (places.every((each) => each.some(({ isTitle }) => isTitle))) return GRADE.full
  const span = shortestSpan(places.map((each) => each.map(({ at }) => at).sort((a, b) => a - b)))
  if (span <= places.length + WORDS_BETWEEN) return GRADE.full
  return span <= SENTENCE_WORDS ? GRADE.apart : GRADE.scattered
}

interface Place {
  readonly at: number
  readonly isTitle: boolean
  /** Not an author’s name or initials. */
  readonly isText: boolean
}

function placesOf(clause: Term, paper: PaperLexemes): Place[] {
  switch (clause.kind) {
    case 'lexeme':
      return placesOfLexeme(clause.lexeme, paper)
    case 'phrase':
      return matchesTerm(clause, paper) ? placesOfLexeme(clause.steps[0]?.lexeme ?? '', paper) : []
    case 'not':
      return []
    default:
      return clause.of.flatMap((each) => placesOf(each, paper))
  }
}

function placesOfLexeme(lexeme: string, paper: PaperLexemes): Place[] {
  return Array.from(paper.get(lexeme) ?? [], ([at, weight]) => ({
    at,
    isTitle: weight === 'A',
    isText: weight !== 'D',
  }))
}

/** Returns the number of words in the shortest stretch with one place of each list. */
function shortestSpan(lists: readonly (readonly number[])[]): number {
  const next = lists.map(() => 0)
  let shortest = Number.POSITIVE_INFINITY
  for (;;) {
    let [lowest, first, last] = [0, Number.POSITIVE_INFINITY, -1]
    for (const [at, list] of lists.entries()) {
      const place = list[next[at] ?? 0]
      if (place === undefined) return shortest
      if (place < first) [lowest, first] = [at, place]
      if (place > last) last = place
    }
    shortest = Math.min(shortest, last - first + 1)
    next[lowest] = (next[lowest] ?? 0) + 1
  }
}
