import { cached } from '../../platform/cache.ts'
import { americanSpelling, foldCharacters } from '../../text/fold.ts'
import { lightStem } from '../words/light-stem.ts'
import { isStopWord } from '../words/words.ts'

/**
 * A word as it is written, such as `Pico-Banana-400K`. Search finds it by its parts, by neighbouring parts that are joined, and as a
 * whole, so that blanks, hyphens and capitals do not matter.
 */
export interface Token {
  /** The smallest parts, in lower case: `pico`, `banana`, `400`, `k`. */
  readonly parts: readonly string[]
  /** The numbers of the parts in each piece between hyphens: 1, 1, 2. */
  readonly pieces: readonly number[]
  /** The place of the word in its text. */
  readonly from: number
  readonly to: number
}

/** Letters and digits, joined by single hyphens, points and the like. */
const WORD = /[\p{L}\p{N}\p{M}]+(?:[-‐‑–._/^'’ʼ&][\p{L}\p{N}\p{M}]+)*(?:\+\+|#)?/gu
/** The same for the first 128 characters, which is three times as fast. */
const ASCII_WORD = /[A-Za-z0-9]+(?:[-._/^'&][A-Za-z0-9]+)*(?:\+\+|#)?/g
const ASCII = /^[\n -~]*$/
const PIECE_ENDS = /[-‐‑–_/^'’ʼ&]/u
const POSSESSIVE = /['’ʼ]s$/iu
/** `LLMs` is one part, `DINOv3` has three, `StreamVLN` two, and `2.5` one. */
const PART =
  /\p{Lu}{2,}s(?![\p{L}])|\p{Lu}+(?=v\p{Nd})|\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{Lu}+|\p{Nd}+(?:\.\p{Nd}+)*|\+\+|#/gu

/** Returns the words of a text. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  for (const { 0: word, index } of text.matchAll(ASCII.test(text) ? ASCII_WORD : WORD)) {
    const { parts, pieces } = cached(written, word, WORDS_CACHED_MAX, () => splitWord(word))
    if (parts.length > 0) tokens.push({ parts, pieces, from: index, to: index + word.length })
  }
  return tokens
}

const written = new Map<string, Pick<Token, 'parts' | 'pieces'>>()
const WORDS_CACHED_MAX = 30_000

function splitWord(word: string): Pick<Token, 'parts' | 'pieces'> {
  const pieces: number[] = []
  const parts: string[] = []
  for (const piece of word.replace(POSSESSIVE, '').split(PIECE_ENDS)) {
    const found = partsOf(piece)
    if (found.length === 0) continue
    parts.push(...found)
    pieces.push(found.length)
  }
  return { parts, pieces }
}

function partsOf(piece: string): string[] {
  const folded = foldCharacters(piece)
  return Array.from(folded.matchAll(PART), ([part]) => part.toLowerCase())
}

/** Returns what is stored for a word or joined parts: its stem in American spelling. */
export function lexemeOf(word: string): string {
  return cached(lexemes, word, LEXEMES_CACHED_MAX, () => lightStem(americanSpelling(word)))
}

const lexemes = new Map<string, string>()
const LEXEMES_CACHED_MAX = 50_000
/** PostgreSQL stores up to 2,046 bytes. */
export const LEXEME_CHARS_MAX = 200

/** Returns whether a word has only one part, which does not say what a text is about. */
export function isStopToken({ parts }: Token): boolean {
  return parts.length === 1 && isStopWord(parts[0] ?? '')
}

/** Returns the letters and digits of a text as one word: two titles with the same key differ in punctuation only. */
export function keyOf(text: string): string {
  return tokensOf(text)
    .flatMap(({ parts }) => parts)
    .join('')
}

/** At most this many neighbouring parts are joined, unless they are the whole word. */
const JOINED_MAX = 4
const NO_JOINS: readonly never[] = []

/** Returns the neighbouring parts that are joined: pairs and up to JOINED_MAX parts, and all of them. */
export function joinsOf(parts: readonly string[]): readonly { joined: string; from: number; to: number }[] {
  if (parts.length === 1) return NO_JOINS
  const joins: { joined: string; from: number; to: number }[] = []
  for (let from = 0; from < parts.length; from += 1)
    for (let to = from + 1; to < parts.length; to += 1)
      if (to - from < JOINED_MAX || to - from === parts.length - 1)
        joins.push({ joined: parts.slice(from, to + 1).join(''), from, to })
  return joins
}
