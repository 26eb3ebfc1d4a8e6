import type { Paper } from '../../domain/paper.ts'
import { once } from '../../platform/once.ts'
import { bundledSynonyms, type Synonym, type Synonyms } from './synonyms.ts'
import { type ArchiveTerms, createArchiveTerms } from './terms.ts'
import { isStopWord, type Stem, stem, wordsOf } from './words.ts'

/** Word rarity and expansions of abbreviations in the archive. */
export interface Lexicon {
  readonly papers: number
  /** Returns the number of papers that contain a word. */
  papersWith(stem: Stem): number
  /** Returns the inverse document frequency. It is about 0 for a word in every paper. */
  idf(stem: Stem): number
  /** Returns the expansion of an abbreviation such as `rlvr`, in stems, or null if unknown. */
  expansion(short: Stem): readonly Stem[] | null
  /** Returns the abbreviation of a phrase, or null if unknown. The phrase consists of stems separated by blanks. */
  abbreviation(phrase: string): Stem | null
  /** Returns the words and pairs of words for feedback profiles. The first call counts them, which takes 0.3 s. */
  terms(): ArchiveTerms
  /** Returns other ways to write an interest, such as `clinical` for `medical`. */
  synonyms(text: string): readonly Synonym[]
  /** Returns the broader terms of an interest, such as `reinforcement learning` for `GRPO`. */
  broader(text: string): readonly string[]
}

/** Returns the lexicon for terms that exclude papers: a paper is hidden only for words that the subscriber typed. */
export function withoutSynonyms(lexicon: Lexicon): Lexicon {
  return { ...lexicon, synonyms: () => [] }
}

/**
 * `(RLVR)`: two to eight letters in parentheses. The search starts here, because checking every word for an abbreviation after it
 * took seconds.
 */
const SHORT = /\(([\p{L}][\p{L}\p{N}-]{1,7})\)/gu
/** A character that ends the search for an expansion, which has up to seven words directly before the abbreviation. */
const NOT_OF_WORDS = /[^\p{L}\p{N} -]/u
const WORDS_BEFORE_MAX = 7
const CHARS_BEFORE_MAX = 200

/** Counts the words and abbreviations of an archive. More papers give better figures. Without an archive, the pool is used. */
export function createLexicon(
  papers: readonly Pick<Paper, 'title' | 'abstract'>[],
  synonyms: Synonyms = bundledSynonyms(),
): Lexicon {
  const frequency = new Map<Stem, number>()
  const meanings = new Map<Stem, Map<string, number>>()
  for (const { title, abstract } of papers) {
    const text = `${title}\n${abstract}`
    for (const word of new Set(wordsOf(text).map(stem))) frequency.set(word, (frequency.get(word) ?? 0) + 1)
    for (const [short, phrase] of abbreviationsIn(text)) count(meanings, short, phrase)
  }
  const expansions = new Map(
    [...meanings].flatMap(([short, phrases]) => {
      const meaning = mainMeaning(phrases)
      return meaning === null || isOtherMeaning(short, meaning, synonyms) ? [] : [[short, meaning] as const]
    }),
  )
  const abbreviations = new Map([...expansions].map(([short, phrase]) => [phrase, short]))
  const total = papers.length
  const texts = papers.map(({ title, abstract }) => ({ title, abstract }))
  return {
    papers: total,
    papersWith: (word) => frequency.get(word) ?? 0,
    idf: (word) => inverseFrequency(frequency.get(word) ?? 0, total),
    expansion: (short) => expansions.get(short)?.split(' ') ?? null,
    abbreviation: (phrase) => abbreviations.get(phrase) ?? null,
    terms: once(() => createArchiveTerms(texts)),
    synonyms: synonyms.of,
    broader: synonyms.broader,
  }
}

/** Returns the inverse document frequency of a word in `frequency` of `total` papers. */
export function inverseFrequency(frequency: number, total: number): number {
  return Math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
}

/** Returns the abbreviations that a text spells out, each with its phrase in stems. */
export function abbreviationsIn(text: string): [short: Stem, phrase: string][] {
  const found: [Stem, string][] = []
  for (const { 1: raw = '', index } of text.matchAll(SHORT)) {
    const before =
      text
        .slice(Math.max(0, index - CHARS_BEFORE_MAX), index)
        .split(NOT_OF_WORDS)
        .at(-1) ?? ''
    if (!/[ -]$/.test(before)) continue
    const short = raw.toLowerCase().replace(/-/g, '')
    const words = wordsOf(before).slice(-WORDS_BEFORE_MAX)
    const phrase = spelling(words, short.replace(/s$/, '')) ?? spelling(words, short)
    if (phrase !== null) found.push([stem(short), phrase.map(stem).join(' ')])
  }
  return found
}

/** Returns the last words whose first letters form the abbreviation, or null. Words such as `of` may be skipped. */
function spelling(words: readonly string[], short: string): string[] | null {
  const letters = [...short]
  let at = words.length - 1
  const used: string[] = []
  for (let i = letters.length - 1; i >= 0; i -= 1) {
    while (at >= 0 && !words[at]?.startsWith(letters[i] ?? '') && isStopWord(words[at] ?? '')) {
      used.unshift(words[at] ?? '')
      at -= 1
    }
    if (at < 0 || !words[at]?.startsWith(letters[i] ?? '')) return null
    used.unshift(words[at] ?? '')
    at -= 1
  }
  return letters.length < 2 ? null : used
}

function count(meanings: Map<Stem, Map<string, number>>, short: Stem, phrase: string): void {
  const phrases = meanings.get(short) ?? new Map<string, number>()
  phrases.set(phrase, (phrases.get(phrase) ?? 0) + 1)
  meanings.set(short, phrases)
}

/** Returns whether the synonyms give an abbreviation another meaning: TTS is text to speech, even if recent papers scale at test time. */
function isOtherMeaning(short: Stem, meaning: string, synonyms: Synonyms): boolean {
  const known = synonyms.of(short)
  return known.length > 0 && known.every(({ phrase }) => phrase !== meaning)
}

/** An abbreviation with several meanings, such as TTS, has no expansion. */
const MAIN_MEANING_SHARE = 0.8

/** Returns the phrase that an abbreviation nearly always means, or null. */
function mainMeaning(phrases: ReadonlyMap<string, number>): string | null {
  const [first] = [...phrases].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const total = [...phrases.values()].reduce((sum, each) => sum + each, 0)
  return first !== undefined && first[1] >= MAIN_MEANING_SHARE * total ? first[0] : null
}
