import { LEARNED_TOPICS_MAX } from '../../../config/limits.ts'
import type { LearnedTerms, LearnedTopic } from '../../domain/interests/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { foldPaper } from '../topic.ts'
import type { Lexicon } from '../words/lexicon.ts'
import {
  heaviestPhrases,
  isSpecific,
  type KnownPhrases,
  type Phrase,
  phrasesOf,
  type WeighPhrase,
} from '../words/phrases.ts'
import { levelOf, unpackTerms } from './packed-terms.ts'

/** Returns the keywords that say what was learned from papers of one verdict (1 or −1), the heaviest first. */
export function learnedTopics(
  papers: readonly (Pick<Paper, 'title' | 'abstract'> & { readonly keywords?: readonly string[] })[],
  learned: LearnedTerms | null,
  { lexicon, phrases: known }: { readonly lexicon: Lexicon; readonly phrases: KnownPhrases },
  sign: 1 | -1,
): LearnedTopic[] {
  if (learned === null) return []
  const counts = new Map<string, { readonly phrase: Phrase; count: number }>()
  for (const paper of papers) {
    const folded = foldPaper({ ...paper, keywords: paper.keywords ?? [] })
    for (const phrase of phrasesOf(paper, folded, known)) {
      const key = phrase.stems.join(' ')
      const counted = counts.get(key) ?? { phrase, count: 0 }
      counted.count += 1
      counts.set(key, counted)
    }
  }
  const weighPhrase = weighLearned(learned)
  // A keyword of several papers says more than one that a single paper has.
  const weigh: WeighPhrase = (phrase) => weighPhrase(phrase) * (counts.get(phrase.stems.join(' '))?.count ?? 1)
  const all = [...counts.values()].map(({ phrase }) => phrase)
  const specific = all.filter(isSpecific(lexicon))
  return heaviestPhrases(specific.length > 0 ? specific : all, weigh, { lexicon, max: LEARNED_TOPICS_MAX }).map(
    ({ shown, weight }) => ({
      shown,
      weight: sign * Number(weight.toPrecision(4)),
    }),
  )
}

/** Returns a function that weighs a phrase by what was learned. A phrase with a word that was not learned has the weight 0. */
export function weighLearned({ terms, scale }: LearnedTerms): WeighPhrase {
  const packed = unpackTerms(terms)
  return (phrase) => {
    if (phrase.terms.length === 0) return 0
    let levels = 0
    for (const [at, term] of phrase.terms.entries()) {
      const level = levelOf(packed, term)
      // The first and every second term are words, the others are pairs.
      if (level === 0 && (at === 0 || at % 2 === 1)) return 0
      levels += level
    }
    return scale * levels
  }
}
