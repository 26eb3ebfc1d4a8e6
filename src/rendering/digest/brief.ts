import { BRIEF_CHARS_MAX, BRIEF_WORDS_MAX } from '../../../config/limits.ts'
import { sentencesOf } from '../../text/sentences.ts'

/**
 * Returns the beginning of a text for a card of two lines: the whole sentences that fit, or as many words as fit and “…”.
 * Sentences are preferred if they have at least half of the words that fit. Pure.
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
  return `${kept.replace(/[\s.,:;–—-]+$/, '')}…`
}

function fits(text: string): boolean {
  return text.length <= BRIEF_CHARS_MAX && wordCount(text) <= BRIEF_WORDS_MAX
}

function wordCount(text: string): number {
  return text === '' ? 0 : text.split(' ').length
}
