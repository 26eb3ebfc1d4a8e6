import { BRIEF_CHARS_MAX, BRIEF_WORDS_MAX } from '../../../config/limits.ts'
import { sentencesOf } from '../../text/sentences.ts'
import { settled } from '../shorten.ts'

/**
 * Returns the beginning of a text for a card of two lines: the whole sentences that fit, or as many words as fit and “…”.
 * Sentences are preferred if they have at least half of the words that fit, and whole clauses if they have two thirds. The
 * text does not end with a word such as `of`. Pure.
 */
export function briefOf(text: string): string {
  if (fits(text)) return text
  const sentences = sentencesOf(text).map(({ to }) => text.slice(0, to))
  const whole = sentences.filter(fits).at(-1) ?? ''
  if (wordCount(whole) >= BRIEF_WORDS_MAX / 2) return whole
  const words = text.split(' ').slice(0, BRIEF_WORDS_MAX)
  while (words.length > 1 && words.join(' ').length >= BRIEF_CHARS_MAX) words.pop()
  const kept = words
    .join(' ')
    .slice(0, BRIEF_CHARS_MAX - 1)
    .replace(/[\ud800-\udbff]$/, '')
  return `${settled(wholeClauses(kept)) || kept.trimEnd()}…`
}

/** Removes a clause that only begins, as in `…, improving results with`, if most of the text remains. */
function wholeClauses(text: string): string {
  const last = [...text.matchAll(CLAUSE)].at(-1)?.index ?? 0
  const isMost = wordCount(text.slice(0, last)) >= BRIEF_WORDS_MAX * CLAUSES_KEPT
  return isMost ? text.slice(0, last) : text
}

/** A comma or semicolon before a clause. `Caches, indexes, and lists` has none. */
const CLAUSE = /; |, (?=(?:\p{Ll}+ing|which|while|but|thereby|thus|where|so|without|with)(?: |$))/gu
const CLAUSES_KEPT = 2 / 3

function fits(text: string): boolean {
  return text.length <= BRIEF_CHARS_MAX && wordCount(text) <= BRIEF_WORDS_MAX
}

function wordCount(text: string): number {
  return text === '' ? 0 : text.split(' ').length
}
