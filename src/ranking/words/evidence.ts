import type { ProfileWord } from '../../domain/interests/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { cached } from '../../platform/cache.ts'
import type { WordVector } from './vectors.ts'
import { isContentWord, type Stem, stem as stemOf, stemsOf, wordsOf } from './words.ts'

/** Words in one explanation. */
const EVIDENCE_WORDS = 3

/** Returns the words that contribute most to the score of a paper, the strongest first. */
export function evidenceOf(words: readonly ProfileWord[], paper: WordVector | undefined): readonly string[] {
  const found: { readonly word: ProfileWord; readonly contribution: number }[] = []
  for (const word of words) {
    const contribution = word.weight > 0 ? word.weight * (paper?.get(word.stem) ?? 0) : 0
    if (contribution > 0) found.push({ word, contribution })
  }
  found.sort((a, b) => b.contribution - a.contribution || (a.word.stem < b.word.stem ? -1 : 1))
  const hasTerms = words.some(({ term }) => term !== undefined)
  const strongest = new Set<string>()
  for (const { word } of found) {
    if (strongest.size === EVIDENCE_WORDS) break
    // A word in no keyword, such as a verb, explains nothing.
    if (isContentWord(word.shown) && !(hasTerms && word.term === undefined)) strongest.add(shownFor(word, paper))
  }
  return [...strongest]
}

/** Returns the keyword of a word if the paper has all its words, else the word. */
function shownFor({ term, shown }: ProfileWord, paper: WordVector | undefined): string {
  if (term === undefined) return shown
  const stems = cached(termStems, term, TERMS_CACHED_MAX, () => stemsOf(term))
  return stems.every((each) => paper?.has(each)) ? term : shown
}

const TERMS_CACHED_MAX = 20_000
const termStems = new Map<string, readonly Stem[]>()

/** Returns the most frequent form of each stem. On a tie the first in the alphabet wins. */
export function spellingsOf(papers: readonly Pick<Paper, 'title' | 'abstract'>[]): Map<Stem, string> {
  const counts = new Map<Stem, Map<string, number>>()
  for (const { title, abstract } of papers)
    for (const word of wordsOf(`${title} ${abstract}`)) {
      const stem = stemOf(word)
      const forms = counts.get(stem) ?? new Map<string, number>()
      forms.set(word, (forms.get(word) ?? 0) + 1)
      counts.set(stem, forms)
    }
  return new Map(
    [...counts].map(([stem, forms]) => [
      stem,
      [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? stem,
    ]),
  )
}
