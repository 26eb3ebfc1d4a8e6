import { SEARCH_ALTERNATIVES_MAX, SEARCH_CHARS_MAX, SEARCH_WORDS_MAX } from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'

/** Returns why a search is too large, or null. */
export function faultOfQuery(text: string): string | null {
  if (text.length > SEARCH_CHARS_MAX) return say('search.long', { chars: SEARCH_CHARS_MAX })
  if (wordsIn(text).length > SEARCH_WORDS_MAX) return say('search.words', { words: SEARCH_WORDS_MAX })
  if (alternativesIn(text) > SEARCH_ALTERNATIVES_MAX)
    return say('search.alternatives', { alternatives: SEARCH_ALTERNATIVES_MAX })
  return null
}

function wordsIn(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}

/** Returns how many alternatives a query has: the number of its `or`, plus one. */
function alternativesIn(text: string): number {
  return 1 + wordsIn(text).filter((word) => word.toLowerCase() === 'or').length
}
