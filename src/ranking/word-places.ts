import { isStopWord, type Stem } from './words/words.ts'

/**
 * Where the words of a paper stand. A place is a number: the unit (the title, a keyword or a sentence of the abstract) times
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
  /** Whether a place is in the title or in a keyword. */
  isHeading(place: number): boolean
  /** Whether a word at this place of the abstract is only mentioned in passing. */
  isPassing(place: number): boolean
}

/** No sentence of an abstract has more words. Those of a longer one share its last place. */
const UNIT_BITS = 10
const UNIT_WORDS = 1 << UNIT_BITS
const POSITION = UNIT_WORDS - 1

/** Returns the unit of a place. */
export function unitOf(place: number): number {
  return place >> UNIT_BITS
}

/** A background sentence at the beginning and an outlook at the end exist only in abstracts of at least this many sentences. */
const FRAMED_SENTENCES_MIN = 3
/** A first sentence with one of these words is about the work itself. */
const OWN_WORK =
  /\b(?:we|our|ours|this (?:paper|work|study|report|survey|article|thesis|position)|introduc|propos|present)/iu

/** The words of one unit as they are written, and their stems. */
export interface WordUnit {
  readonly words: readonly string[]
  readonly stems: readonly Stem[]
}

/** Creates the places. `sentences` are those of the abstract as they are written, and `abstract` are their words. */
export function createWordPlaces(
  headings: readonly WordUnit[],
  abstract: readonly WordUnit[],
  sentences: readonly string[],
): WordPlaces {
  const units = [...headings, ...abstract]
  const of = indexOf(units)
  const passing = abstract.map(({ words }, at) => passingFrom(words, sentences, at))
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
    isHeading: (place) => unitOf(place) < headings.length,
    isPassing: (place) => (place & POSITION) >= (passing[unitOf(place) - headings.length] ?? UNIT_WORDS),
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

/** Returns the position in a sentence from which words are only mentioned in passing. */
function passingFrom(words: readonly string[], sentences: readonly string[], at: number): number {
  if (sentences.length >= FRAMED_SENTENCES_MIN) {
    if (at === sentences.length - 1) return 0
    if (at === 0 && !OWN_WORK.test(sentences[0] ?? '')) return 0
  }
  for (let from = 0; from < words.length - 1; from += 1)
    if (EXAMPLES.has(`${words[from]} ${words[from + 1]}`)) return from
  return UNIT_WORDS
}

/** After these, a sentence only gives examples. */
const EXAMPLES: ReadonlySet<string> = new Set(['such as', 'e g', 'ranging from'])
