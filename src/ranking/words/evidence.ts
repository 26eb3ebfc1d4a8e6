import type { Paper } from '../../domain/paper.ts'
import type { Lexicon } from './lexicon.ts'
import { heaviestPhrases, isSpecific, type Phrase, phraseOf, type WeighPhrase } from './phrases.ts'
import type { Stem } from './words.ts'
import { wordsOf } from './words.ts'

/** Phrases in one explanation. */
const EVIDENCE_PHRASES = 3

/**
 * Returns the phrases of a paper that explain why it was found, the heaviest first. If it has no whole phrase with a weight, one
 * word of its text explains it: the heaviest rare one, or in a small archive the heaviest.
 */
export function explainingPhrases(
  paper: Pick<Paper, 'title' | 'abstract'>,
  phrases: readonly Phrase[],
  { weigh, lexicon }: { readonly weigh: WeighPhrase; readonly lexicon: Lexicon },
): readonly string[] {
  const found = heaviestPhrases(phrases.filter(isSpecific(lexicon)), weigh, { lexicon, max: EVIDENCE_PHRASES })
  if (found.length > 0) return found.map(({ shown }) => shown)
  const words = wordPhrasesOf(paper)
  const rare = heaviestPhrases(words.filter(isSpecific(lexicon)), weigh, { lexicon, max: 1 })
  return (rare.length > 0 ? rare : heaviestPhrases(words, weigh, { lexicon, max: 1 })).map(({ shown }) => shown)
}

/** Returns the content words of a paper that are long enough to say something alone. */
function wordPhrasesOf({ title, abstract }: Pick<Paper, 'title' | 'abstract'>): Phrase[] {
  const words = new Set(wordsOf(`${title} ${abstract}`).filter((word) => word.length >= WORD_CHARS_MIN))
  return [...words].flatMap((word) => phraseOf(word) ?? [])
}

const WORD_CHARS_MIN = 4

/** Returns a function that weighs a phrase by the weights of stems. A phrase with a stem that has none has the weight 0. */
export function weighStems(weights: ReadonlyMap<Stem, number>): WeighPhrase {
  return ({ stems }) => {
    let sum = 0
    for (const stem of stems) {
      const weight = weights.get(stem) ?? 0
      if (weight <= 0) return 0
      sum += weight
    }
    return sum
  }
}
