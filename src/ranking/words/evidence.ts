import type { Paper } from '../../domain/paper.ts'
import { once } from '../../platform/once.ts'
import type { Lexicon } from './lexicon.ts'
import { heaviestPhrases, isSpecific, type Phrase, phraseOf, type WeighPhrase } from './phrases.ts'
import type { Stem } from './words.ts'
import { isContentWord, wordsOf } from './words.ts'

/** Phrases in one explanation. */
const EVIDENCE_PHRASES = 3
/** Two words that stand together are seldom as clear as a keyword. */
const EVIDENCE_PAIRS = 2
/** A pair in more papers than one in twenty, such as `real world`, says nothing. */
const RARE_ONE_IN = 20

/** The phrases that can explain a paper. They are made when they are first needed, once for all subscribers. */
export interface PaperPhrases {
  /** Keywords that say something (`isSpecific`). */
  readonly keywords: () => readonly Phrase[]
  /** Words that stand together in few papers. */
  readonly pairs: () => readonly Phrase[]
}

export function paperPhrases(
  paper: Pick<Paper, 'title' | 'abstract'>,
  phrases: () => readonly Phrase[],
  lexicon: Lexicon,
): PaperPhrases {
  return {
    keywords: once(() => phrases().filter(isSpecific(lexicon))),
    pairs: once(() => pairPhrasesOf(paper).filter(isRarePair(lexicon))),
  }
}

/** Returns the keywords of a paper whose words all count, the heaviest first. */
export function sharedKeywords({ keywords }: PaperPhrases, weigh: WeighPhrase, lexicon: Lexicon): readonly string[] {
  return heaviestPhrases(keywords(), weigh, { lexicon, share: 1, max: EVIDENCE_PHRASES }).map(({ shown }) => shown)
}

/** Returns the phrases of a paper whose words all count, the heaviest first: keywords, or else pairs of words. */
export function sharedPhrases(phrases: PaperPhrases, weigh: WeighPhrase, lexicon: Lexicon): readonly string[] {
  const keywords = sharedKeywords(phrases, weigh, lexicon)
  if (keywords.length > 0) return keywords
  return heaviestPhrases(phrases.pairs(), weigh, { lexicon, share: 1, max: EVIDENCE_PAIRS }).map(({ shown }) => shown)
}

/**
 * Returns the keywords that a paper has in common with liked papers, the heaviest first. All words of a keyword must be learned, and
 * the last two of them together. A keyword of common words, such as “large language models”, says nothing about a taste.
 */
export function learnedPhrases(phrases: PaperPhrases, weigh: WeighPhrase, lexicon: Lexicon): readonly string[] {
  const telling = phrases.keywords().flatMap((each): Phrase[] => {
    if (!isTelling(each, lexicon)) return []
    return each.stems.length > 1 ? [{ ...each, isPair: true }] : [each]
  })
  return heaviestPhrases(telling, weigh, { lexicon, share: 1, max: EVIDENCE_PHRASES }).map(({ shown }) => shown)
}

/** A telling keyword has a word that at most one paper in so many has. */
const TELLING_ONE_IN = 25
/** A smaller archive does not say which words are common. */
const COMMON_PAPERS_MIN = 200

function isTelling({ stems }: Phrase, { papers, papersWith }: Lexicon): boolean {
  return papers < COMMON_PAPERS_MIN || Math.min(...stems.map(papersWith)) * TELLING_ONE_IN <= papers
}

function isRarePair({ papers, terms: archive }: Lexicon): (phrase: Phrase) => boolean {
  return ({ terms }) => papers < COMMON_PAPERS_MIN || archive().papersWith(terms.at(-1) ?? 0) * RARE_ONE_IN <= papers
}

/** Returns the neighbouring content words of a paper. */
function pairPhrasesOf({ title, abstract }: Pick<Paper, 'title' | 'abstract'>): Phrase[] {
  const pairs = new Set<string>()
  for (const clause of `${title}. ${abstract}`.split(CLAUSE_END)) {
    const words = wordsOf(clause)
    for (const [at, word] of words.entries()) {
      const next = words[at + 1] ?? ''
      if (isContentWord(word) && isContentWord(next)) pairs.add(`${word} ${next}`)
    }
  }
  return [...pairs].flatMap((pair) => {
    const phrase = phraseOf(pair)
    return phrase === null ? [] : { ...phrase, isPair: true }
  })
}

const CLAUSE_END = /[^\p{L}\p{N}\s'’+#-]+/u

/** Returns a function that weighs a phrase by the weights of stems. */
export function weighStems(weights: ReadonlyMap<Stem, number>): WeighPhrase {
  return ({ stems }, share) => {
    let [sum, counting] = [0, 0]
    for (const stem of stems) {
      const weight = weights.get(stem) ?? 0
      sum += Math.max(weight, 0)
      if (weight > 0) counting += 1
      else if (share === 1) return 0
    }
    return counting < share * stems.length ? 0 : sum
  }
}
