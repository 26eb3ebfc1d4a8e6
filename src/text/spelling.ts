import {
  SPELLING_COMPARED_MAX,
  SPELLING_KNOWN_WORDS_MAX,
  SPELLING_WORD_CHARS_MAX,
  SPELLING_WORDS_MAX,
} from '../../config/limits-web.ts'
import { distance } from './distance.ts'
import { foldCharacters } from './fold.ts'

/** An index of the words in titles and names, which corrects typos. */
export interface SpellingIndex {
  /** Adds the words of texts. A full index only counts known words. */
  add(texts: readonly string[]): void
  /** Replaces each unknown word by the most common known one that is one or two typos away. */
  respell(query: string): Respelling
  readonly words: number
}

export interface Respelling {
  /** The corrected query, or null when it does not change. */
  readonly query: string | null
  /** The number of compared pairs of words; at most SPELLING_COMPARED_MAX. */
  readonly compared: number
}

interface KnownWord {
  readonly word: string
  /** One bit for each letter in the word. */
  readonly letters: number
  readonly digits: string
  /** Number of texts with this word. */
  texts: number
}

const CHARS_MIN = 4 // Shorter words resemble too many others.
const LONG_WORD_CHARS = 7 // In longer words, two typos are more likely than another word.
/** Letters and digits, with single hyphens or apostrophes between them. */
const WORDS = /[\p{L}\p{N}\p{M}]+(?:[-‐‑'’][\p{L}\p{N}\p{M}]+)*/gu
/** The name of an operator such as `author:` is no word. */
const OPERATOR_OR_WORD = new RegExp(`\\b[a-z]+:(?=\\S)|${WORDS.source}`, 'gu')
const OUTSIDE_WORDS = /[^\p{L}\p{N}]+/gu

/**
 * Creates an index that finds similar words by their length and letters, and compares only those. With 20,000 words it
 * compares a few dozen in 0.1 ms. An index of deletions would be faster, but 5 times as large.
 */
export function createSpellingIndex(): SpellingIndex {
  const known = new Map<string, KnownWord>()
  const byLength = new Map<number, KnownWord[]>()
  const addWord = (word: string) => {
    const entry = known.get(word)
    if (entry !== undefined) {
      entry.texts += 1
      return
    }
    if (known.size >= SPELLING_KNOWN_WORDS_MAX || word.length > SPELLING_WORD_CHARS_MAX) return
    const made = { word, letters: lettersOf(word), digits: digitsOf(word), texts: 1 }
    known.set(word, made)
    const same = byLength.get(word.length)
    if (same === undefined) byLength.set(word.length, [made])
    else same.push(made)
  }
  return {
    get words() {
      return known.size
    },
    add(texts) {
      for (const text of texts) for (const word of wordsIn(text)) addWord(word)
    },
    respell(query) {
      let [compared, words] = [0, 0]
      const changed = query.replace(OPERATOR_OR_WORD, (word) => {
        if (word.endsWith(':')) return word
        const typed = folded(word)
        if (known.has(typed) || typed.length < CHARS_MIN || typed.length > SPELLING_WORD_CHARS_MAX) return word
        if (
          words >= SPELLING_WORDS_MAX ||
          folded(word, ' ')
            .split(' ')
            .every((piece) => known.has(piece))
        )
          return word
        words += 1
        const nearest = nearestOf(typed, byLength, SPELLING_COMPARED_MAX - compared)
        compared += nearest.compared
        return nearest.word ?? word
      })
      return { query: changed === query ? null : changed, compared }
    },
  }
}

/** Returns the words of a text, without accents, and those between hyphens also joined: `Pico-Banana` is three. */
function wordsIn(text: string): Set<string> {
  const words = new Set<string>()
  for (const [word] of text.matchAll(WORDS))
    for (const each of [folded(word), ...folded(word, ' ').split(' ')]) if (each.length >= CHARS_MIN) words.add(each)
  return words
}

function folded(word: string, between = ''): string {
  return foldCharacters(word).toLowerCase().replace(OUTSIDE_WORDS, between).trim()
}

/** Returns the known word with the fewest typos, and of these the most common. */
function nearestOf(typed: string, byLength: ReadonlyMap<number, readonly KnownWord[]>, comparedMax: number) {
  const most = typed.length < LONG_WORD_CHARS ? 1 : 2
  let compared = 0
  // One typo is likelier, and far fewer words can have it.
  for (let slips = 1; slips <= most; slips += 1) {
    const found = nearestWithin(slips, typed, byLength, comparedMax - compared)
    compared += found.compared
    if (found.word !== null) return { word: found.word, compared }
  }
  return { word: null, compared }
}

function nearestWithin(
  slips: number,
  typed: string,
  byLength: ReadonlyMap<number, readonly KnownWord[]>,
  comparedMax: number,
) {
  const letters = lettersOf(typed)
  const digits = digitsOf(typed)
  let best: KnownWord | null = null
  let compared = 0
  for (const length of lengthsAround(typed.length, slips)) {
    for (const entry of byLength.get(length) ?? []) {
      // A typo changes at most two letters of the set. `GPT4` is not a typo of `GPT5`.
      if (countBits(letters ^ entry.letters) > 2 * slips || entry.digits !== digits) continue
      if (compared >= comparedMax) return { word: best?.word ?? null, compared }
      if (best !== null && entry.texts <= best.texts) continue
      compared += 1
      if (distance(typed, entry.word, slips) <= slips) best = entry
    }
  }
  return { word: best?.word ?? null, compared }
}

/** Returns the lengths to search, the same length first, because most typos change a letter or swap two. */
function lengthsAround(length: number, slips: number): number[] {
  const around = [length]
  for (let off = 1; off <= slips; off += 1) around.push(length - off, length + off)
  return around.filter((each) => each >= CHARS_MIN)
}

/** Returns the set of letters: bits 0 to 25 for a to z; all other letters share six bits. */
function lettersOf(word: string): number {
  let bits = 0
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at)
    bits |= 1 << (code >= 97 && code <= 122 ? code - 97 : 26 + (code % 6))
  }
  return bits
}

function digitsOf(word: string): string {
  return word.replace(/\P{N}+/gu, '')
}

function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
