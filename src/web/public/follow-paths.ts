import { INTEREST_CHARS_MAX } from '../../../config/limits.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Field } from '../../ranking/search/query-parts.ts'

/** Returns the path of the form to subscribe, with interests filled in, or null if there is none or one is too long. */
export function followPath(interests: readonly string[]): string | null {
  if (interests.length === 0 || interests.some((each) => each === '' || each.length > INTEREST_CHARS_MAX)) return null
  return `/?interests=${encodeURIComponent(interests.join(', '))}#subscribe`
}

/** Returns the interest in the papers of an author. A comma would end the interest. */
export function authorInterest(name: string): string {
  return `author:"${quotable(name).replace(/[,;]/g, '')}"`
}

/** Returns the interest in a keyword. Commas, quotes, colons and a leading minus have a meaning in interests. */
export function keywordInterest(keyword: string): string {
  return keyword
    .replace(/[,;:"“”«»\s]+/gu, ' ')
    .replace(/^[-\s]+/, '')
    .trim()
}

/** Returns the interests that find papers like this one: its first keywords, or else its category. */
export function interestsLike({ keywords, categories }: Pick<Paper, 'keywords' | 'categories'>): string[] {
  const words = keywords.map(keywordInterest).filter((word) => word !== '' && word.length <= INTEREST_CHARS_MAX)
  if (words.length > 0) return words.slice(0, KEYWORDS_FOLLOWED)
  return categories.slice(0, 1).map((category) => `category:${category}`)
}

const KEYWORDS_FOLLOWED = 3

/** Returns the path of a search for all papers with a value in a field, such as those of an author. */
export function searchPathOf(field: Field, value: string): string {
  return `/search?q=${encodeURIComponent(`${field}:"${quotable(value)}"`)}`
}

function quotable(text: string): string {
  return text.replace(/["“”«»]/g, '')
}
