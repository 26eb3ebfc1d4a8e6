import { LEARNED_TOPICS_MAX } from '../../../config/limits.ts'
import type { LearnedTerms, LearnedTopic } from '../../domain/interests/feedback-profile.ts'
import type { Paper } from '../../domain/paper.ts'
import { foldPaper } from '../topic/folded-text.ts'
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
  const weigh: WeighPhrase = (phrase, share) =>
    weighPhrase(phrase, share) * (counts.get(phrase.stems.join(' '))?.count ?? 1)
  const all = [...counts.values()].map(({ phrase }) => phrase)
  const specific = all.filter(isSpecific(lexicon))
  return heaviestPhrases(specific.length > 0 ? specific : all, weigh, {
    lexicon,
    share: 1,
    max: LEARNED_TOPICS_MAX,
  }).map(({ shown, weight }) => ({
    shown,
    weight: sign * Number((learned.scale * weight).toPrecision(4)),
  }))
}

/** Returns a function that weighs a phrase by what was learned. A pair must itself be learned. */
export function weighLearned(learned: LearnedTerms): WeighPhrase {
  const packed = unpackTerms(learned)
  return ({ terms, isPair }, share) => {
    // Most pairs were not learned, so a pair is looked up before its words.
    if (isPair && levelOf(packed, terms.at(-1) ?? 0) === 0) return 0
    let [sum, words, counting] = [0, 0, 0]
    for (let at = 0; at < terms.length; at += 1) {
      const level = levelOf(packed, terms[at] ?? 0)
      sum += level
      // The first and every second term are words, the others are pairs.
      if (at > 0 && at % 2 === 0) continue
      words += 1
      if (level > 0) counting += 1
      else if (share === 1) return 0
    }
    return counting < share * words ? 0 : sum
  }
}
