import { cached } from '../../platform/cache.ts'

const stems = new Map<string, string>()
const STEMS_CACHED_MAX = 50_000

/**
 * Returns an English stem: plurals and the most frequent endings of verbs and nouns are removed. Short words do not change. The
 * search columns of stored papers consist of these stems, so a change here needs new columns for all papers.
 */
export function lightStem(word: string): string {
  return cached(stems, word, STEMS_CACHED_MAX, () => (/^[a-z]{4,}$/.test(word) ? withoutEnding(singular(word)) : word))
}

/** Returns the singular of `agents` or `policies`. `bias`, `corpus` and `loss` do not change. */
export function singular(word: string): string {
  if (/(ss|us|is|as)$/.test(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ss|x|ch|sh|z)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** The endings that are replaced. The first that matches and leaves at least four letters is used. */
const ENDINGS: readonly (readonly [ending: string, replacement: string])[] = [
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['ational', 'at'],
  ['ation', 'at'],
  ['ising', 'iz'],
  ['izing', 'iz'],
  ['ized', 'iz'],
  ['ised', 'iz'],
  ['ize', 'iz'],
  ['ise', 'iz'],
  ['ating', 'at'],
  ['ated', 'at'],
  ['ative', 'at'],
  ['ator', 'at'],
  ['ate', 'at'],
  ['tion', 't'],
  ['ting', 't'],
  ['ted', 't'],
  ['tive', 't'],
  ['sion', 's'],
  ['ment', ''],
  ['ness', ''],
  ['ing', ''],
  ['ity', ''],
  ['ed', ''],
  ['er', ''],
  ['or', ''],
  ['al', ''],
  ['ly', ''],
  ['e', ''],
  ['y', 'i'],
]
const STEM_CHARS_MIN = 4

function withoutEnding(word: string): string {
  for (const [end, replacement] of ENDINGS) {
    if (!word.endsWith(end)) continue
    const result = word.slice(0, word.length - end.length) + replacement
    if (result.length < STEM_CHARS_MIN) continue
    // `planning` becomes `plan`, and `tagged` becomes `tag`: a doubled letter at the end is reduced to one.
    return /([bdgmnprt])\1$/.test(result) ? result.slice(0, -1) : result
  }
  return word
}
