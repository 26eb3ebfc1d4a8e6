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
  readonly words: () => readonly Phrase[]
}

export function paperPhrases(
  paper: Pick<Paper, 'title' | 'abstract'>,
  phrases: () => readonly Phrase[],
  lexicon: Lexicon,
): PaperPhrases {
  return {
    keywords: once(() => phrases().filter(isSpecific(lexicon))),
    pairs: once(() => pairPhrasesOf(paper).filter(isRarePair(lexicon))),
    words: once(() => wordPhrasesOf(paper)),
  }
}

/** Returns the phrases of a paper whose words all count, the heaviest first: keywords, or else pairs of words. */
export function sharedPhrases(
  { keywords, pairs }: PaperPhrases,
  weigh: WeighPhrase,
  lexicon: Lexicon,
): readonly string[] {
  const found = heaviestPhrases(keywords(), weigh, { lexicon, share: 1, max: EVIDENCE_PHRASES })
  const shown = found.length > 0 ? found : heaviestPhrases(pairs(), weigh, { lexicon, share: 1, max: EVIDENCE_PAIRS })
  return shown.map((each) => each.shown)
}

/**
 * Returns the phrases that explain why a paper was found: the shared ones, or else a keyword half of whose words count, and at
 * last a single word.
 */
export function explainingPhrases(phrases: PaperPhrases, weigh: WeighPhrase, lexicon: Lexicon): readonly string[] {
  const shared = sharedPhrases(phrases, weigh, lexicon)
  if (shared.length > 0) return shared
  const one = (of: readonly Phrase[], share: number) => heaviestPhrases(of, weigh, { lexicon, share, max: 1 })
  const words = phrases.words()
  for (const found of [one(phrases.keywords(), HALF), one(words.filter(isSpecific(lexicon)), 1), one(words, 1)])
    if (found.length > 0) return found.map(({ shown }) => shown)
  return []
}

const HALF = 0.5

function isRarePair(lexicon: Lexicon): (phrase: Phrase) => boolean {
  return ({ terms }) =>
    lexicon.terms().papersWith(terms.at(-1) ?? 0) * RARE_ONE_IN <= Math.max(lexicon.papers, RARE_ONE_IN)
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

/** Returns the content words of a paper that are long enough to say something alone. */
function wordPhrasesOf({ title, abstract }: Pick<Paper, 'title' | 'abstract'>): Phrase[] {
  const words = new Set(wordsOf(`${title} ${abstract}`).filter((word) => word.length >= WORD_CHARS_MIN))
  return [...words].flatMap((word) => phraseOf(word) ?? [])
}

const WORD_CHARS_MIN = 4

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
