import type { Paper } from '../../domain/paper.ts'
import { keywordsOf } from '../review/review-pool.ts'
import type { FoldedText } from '../topic/folded-text.ts'
import type { Lexicon } from './lexicon.ts'
import { type Term, termsOf } from './terms.ts'
import { isContentWord, type Stem, stem, wordsOf } from './words.ts'

/** A keyword, or a phrase of a title, that says in words what a paper is about. */
export interface Phrase {
  readonly shown: string
  /** The stems of its content words, each once. */
  readonly stems: readonly Stem[]
  /** Its words and pairs of words. */
  readonly terms: readonly Term[]
  /** Whether it is only two words that stand together in a text. */
  readonly isPair?: true
}

/** The keywords that several papers have, by their first stem. They name what a paper without own keywords is about. */
export type KnownPhrases = ReadonlyMap<Stem, readonly KnownPhrase[]>

interface KnownPhrase {
  readonly phrase: Phrase
  /** Its stems between blanks. */
  readonly text: string
}

/** Longer keywords are sentences rather than terms. */
const PHRASE_WORDS_MAX = 4
const PHRASE_CHARS_MAX = 40
/** A keyword is known from this many papers on. */
const KNOWN_PAPERS_MIN = 2

export function knownPhrases(papers: readonly { readonly keywords?: readonly string[] }[]): KnownPhrases {
  const known = new Map<Stem, KnownPhrase[]>()
  for (const keyword of keywordsOf(papers.map(({ keywords = [] }) => ({ keywords }))).values()) {
    const phrase = keyword.papers.length < KNOWN_PAPERS_MIN ? null : phraseOf(keyword.shown)
    if (phrase === null) continue
    const first = keyword.stems[0] ?? ''
    const list = known.get(first) ?? []
    list.push({ phrase, text: ` ${keyword.stems.join(' ')} ` })
    known.set(first, list)
  }
  return known
}

/**
 * Returns the phrases of a paper: its keywords, and the known keywords in its text. Without any, the phrases are the runs of
 * content words in its title.
 */
export function phrasesOf(
  { title, keywords = [] }: Pick<Paper, 'title'> & { readonly keywords?: readonly string[] },
  folded: Pick<FoldedText, 'text' | 'weights'>,
  known: KnownPhrases,
): Phrase[] {
  const found = new Map<string, Phrase>()
  const add = (phrase: Phrase | null) => {
    if (phrase !== null && !found.has(phrase.stems.join(' '))) found.set(phrase.stems.join(' '), phrase)
  }
  for (const keyword of keywordsOf([{ keywords }]).values()) add(phraseOf(keyword.shown))
  for (const first of folded.weights.keys())
    for (const { phrase, text } of known.get(first) ?? []) if (folded.text.includes(text)) add(phrase)
  if (found.size === 0) for (const run of contentRuns(title)) add(phraseOf(run))
  return [...found.values()]
}

/** Returns a phrase, or null if it is too long or has no content word. */
export function phraseOf(shown: string): Phrase | null {
  const words = wordsOf(shown)
  const stems = [...new Set(words.filter(isContentWord).map(stem))]
  if (stems.length === 0 || words.length > PHRASE_WORDS_MAX || shown.length > PHRASE_CHARS_MAX) return null
  return { shown, stems, terms: termsOf(words) }
}

/** Returns the parts of a title between stop words, generic words and punctuation, with two words or more. */
function contentRuns(title: string): string[] {
  const runs: string[][] = [[]]
  for (const word of title.match(/[\p{L}\p{N}+#'’-]+|[^\p{L}\p{N}\s]/gu) ?? []) {
    if (wordsOf(word).some(isContentWord)) runs.at(-1)?.push(word)
    else runs.push([])
  }
  return runs.filter((run) => run.length > 1).map((run) => run.slice(-PHRASE_WORDS_MAX).join(' '))
}

/** Returns the weight of the words of a phrase, or 0 if less than a share of them has a weight. */
export type WeighPhrase = (phrase: Phrase, share: number) => number

/** A word in more papers than one in fifty, such as `spatial`, says too little alone. */
const SPECIFIC_ONE_IN = 50

/** Returns whether a phrase says something: it has several words, or one that is rare in the archive. */
export function isSpecific({ papers, papersWith }: Lexicon): (phrase: Phrase) => boolean {
  return ({ stems }) => stems.length > 1 || papersWith(stems[0] ?? '') * SPECIFIC_ONE_IN <= papers
}

/**
 * Returns the phrases with the highest weights, the heaviest first, if at least a share of their words has a weight. A long phrase needs more weight. Phrases that say the same are
 * one: an abbreviation and its long form, and a phrase within another.
 */
export function heaviestPhrases(
  phrases: readonly Phrase[],
  weigh: WeighPhrase,
  { lexicon, share, max }: { readonly lexicon: Lexicon; readonly share: number; readonly max: number },
): { readonly shown: string; readonly weight: number }[] {
  const weighed: Weighed[] = []
  for (const phrase of phrases) {
    const weight = weigh(phrase, share)
    if (weight > 0) weighed.push({ phrase, weight: weight / Math.sqrt(phrase.stems.length) })
  }
  weighed.sort((a, b) => b.weight - a.weight || (a.phrase.shown < b.phrase.shown ? -1 : 1))
  const longForm = ({ stems }: Phrase) => (stems.length === 1 ? lexicon.expansion(stems[0] ?? '') : null)
  const stemsOf = (phrase: Phrase) => longForm(phrase) ?? phrase.stems
  const chosen: Weighed[] = []
  for (const each of weighed) {
    if (chosen.length === max) break
    const stems = stemsOf(each.phrase)
    const at = chosen.findIndex(({ phrase }) => isWithin(stems, stemsOf(phrase)) || isWithin(stemsOf(phrase), stems))
    const same = chosen[at]
    if (same === undefined) chosen.push(each)
    // Of an abbreviation and its long form, the long form is shown.
    else if (longForm(same.phrase) !== null && longForm(each.phrase) === null)
      chosen[at] = { phrase: each.phrase, weight: same.weight }
  }
  return chosen.map(({ phrase: { shown }, weight }) => ({ shown, weight }))
}

interface Weighed {
  readonly phrase: Phrase
  readonly weight: number
}

function isWithin(small: readonly Stem[], large: readonly Stem[]): boolean {
  return small.every((stem) => large.includes(stem))
}
