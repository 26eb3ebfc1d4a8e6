import { once } from '../../platform/once.ts'
import { isStopWord, type Stem } from '../words/words.ts'
import { clauseEndsIn, OWN_WORK, passingIn } from './passing.ts'

/**
 * The places of a paper’s words. A place is a number: the unit (the title, a keyword or a sentence of the abstract) times
 * `UNIT_WORDS`, plus the position of the word in it.
 */
export interface WordPlaces {
  /** Returns the places of a word, in order. */
  of(stem: Stem): Int32Array
  /** Returns the places of the first word of a phrase, which is stems separated by blanks. */
  ofPhrase(phrase: string): number[]
  /** Returns the word at a place as it is written. */
  wordAt(place: number): string
  /** Returns the number of words from one place to another of the same unit, without stop words. */
  contentWords(from: number, to: number): number
  /** Whether no comma, colon or bracket is between two places of one unit. */
  isOneClause(from: number, to: number): boolean
  isTitle(place: number): boolean
  isKeyword(place: number): boolean
  /** Whether a word at this place of the abstract is only mentioned in passing. */
  isPassing(place: number): boolean
  /** Whether a word at this place is in a sentence on what the work itself does, and not mentioned in passing. */
  isOwnWork(place: number): boolean
}

/** Sentences of abstracts have fewer words. The words after these share the last place. */
const UNIT_BITS = 10
const UNIT_WORDS = 1 << UNIT_BITS
const POSITION = UNIT_WORDS - 1

/** Returns the unit of a place. */
export function unitOf(place: number): number {
  return place >> UNIT_BITS
}

/** The words of one unit as they are written, and their stems. */
export interface WordUnit {
  readonly words: readonly string[]
  readonly stems: readonly Stem[]
}

/** Creates the places. `headings` are the title and the keywords. `sentences` are those of the abstract as they are written. */
export function createWordPlaces(
  headings: readonly WordUnit[],
  abstract: readonly WordUnit[],
  sentences: readonly string[],
): WordPlaces {
  const units = [...headings, ...abstract]
  const of = indexOf(units)
  const passing = once(() => sentences.map((sentence, at) => passingIn(sentence, { at, of: sentences.length })))
  const clauseEnds = once(() => sentences.map(clauseEndsIn))
  const isPassing = (place: number) =>
    passing()[unitOf(place) - headings.length]?.some(
      ({ from, to }) => (place & POSITION) >= from && (place & POSITION) < to,
    ) === true
  const wordAt = (place: number) => units[unitOf(place)]?.words[place & POSITION] ?? ''
  return {
    of,
    ofPhrase(phrase) {
      const [first = '', ...rest] = phrase.split(' ')
      const following = rest.map(of)
      return [...of(first)].filter((place) => following.every((next, at) => next.includes(place + at + 1)))
    },
    wordAt,
    contentWords(from, to) {
      let count = 0
      for (let place = from; place <= to; place += 1) if (!isStopWord(wordAt(place))) count += 1
      return count
    },
    isOneClause: (from, to) =>
      clauseEnds()[unitOf(from) - headings.length]?.some((end) => end > (from & POSITION) && end <= (to & POSITION)) !==
      true,
    isTitle: (place) => unitOf(place) === 0,
    isKeyword: (place) => unitOf(place) > 0 && unitOf(place) < headings.length,
    isPassing,
    isOwnWork: (place) => OWN_WORK.test(sentences[unitOf(place) - headings.length] ?? '') && !isPassing(place),
  }
}

/** Returns a function that returns the places of a stem. They are in one array, because a paper has a hundred stems. */
function indexOf(units: readonly WordUnit[]): (stem: Stem) => Int32Array {
  const numbers = new Map<Stem, number>()
  const counts: number[] = []
  for (const { stems } of units)
    for (const stem of stems) {
      const number = numbers.get(stem) ?? numbers.size
      numbers.set(stem, number)
      counts[number] = (counts[number] ?? 0) + 1
    }
  const from = new Int32Array(numbers.size + 1)
  for (const [number, count] of counts.entries()) from[number + 1] = (from[number] ?? 0) + count
  const next = from.slice()
  const places = new Int32Array(from[numbers.size] ?? 0)
  for (const [unit, { stems }] of units.entries())
    for (const [at, stem] of stems.entries()) {
      const number = numbers.get(stem) ?? 0
      const position = next[number] ?? 0
      places[position] = unit * UNIT_WORDS + Math.min(at, POSITION)
      next[number] = position + 1
    }
  return (stem) => {
    const number = numbers.get(stem)
    return number === undefined ? NOWHERE : places.subarray(from[number], from[number + 1])
  }
}

const NOWHERE = new Int32Array(0)
