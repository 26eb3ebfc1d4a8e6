import type { Paper } from '../../domain/paper.ts'
import { hasContentWords, type Stem, stem, wordsOf } from './words.ts'

/** Word rarity and expansions of abbreviations in the archive. */
export interface Lexicon {
  readonly papers: number
  /** In how many of them a word stands. */
  papersWith(stem: Stem): number
  /** Inverse document frequency, from about 0 for a word of every paper. */
  idf(stem: Stem): number
  /** Returns the expansion of an abbreviation such as `rlvr`, in stems, or null if unknown. */
  spelt(abbreviation: Stem): readonly Stem[] | null
  /** The abbreviation of a phrase, given as stems with blanks between. */
  abbreviated(phrase: string): Stem | null
}

/** `(RLVR)`: a parenthesis of two to eight letters. Sought first, as to look for words before one at each word took seconds. */
const SHORT = /\(([\p{L}][\p{L}\p{N}-]{1,7})\)/gu
/** Ends the search for an expansion, which has up to seven words directly before the abbreviation. */
const NOT_OF_WORDS = /[^\p{L}\p{N} -]/u
const WORDS_BEFORE_MAX = 7
const CHARS_BEFORE_MAX = 200

/** Reads how an archive uses its words. The more papers the better; the pool itself is the least. */
export function createLexicon(papers: readonly Pick<Paper, 'title' | 'abstract'>[]): Lexicon {
  const frequency = new Map<Stem, number>()
  const meanings = new Map<Stem, Map<string, number>>()
  for (const { title, abstract } of papers) {
    const text = `${title}\n${abstract}`
    for (const each of new Set(wordsOf(text).map(stem))) frequency.set(each, (frequency.get(each) ?? 0) + 1)
    for (const [short, phrase] of abbreviationsIn(text)) count(meanings, short, phrase)
  }
  const spelt = new Map([...meanings].map(([short, phrases]) => [short, commonest(phrases)]))
  const shorts = new Map([...spelt].map(([short, phrase]) => [phrase, short]))
  const total = papers.length
  return {
    papers: total,
    papersWith: (word) => frequency.get(word) ?? 0,
    idf: (word) => Math.log(1 + (total - (frequency.get(word) ?? 0) + 0.5) / ((frequency.get(word) ?? 0) + 0.5)),
    spelt: (short) => spelt.get(short)?.split(' ') ?? null,
    abbreviated: (phrase) => shorts.get(phrase) ?? null,
  }
}

/** The abbreviations that a text spells out, each with its phrase in stems. */
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

/** The last words whose first letters are the abbreviation’s, small words counted or not; null when there are none. */
function spelling(words: readonly string[], short: string): string[] | null {
  const messages = [...short]
  let at = words.length - 1
  const used: string[] = []
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    while (at >= 0 && !words[at]?.startsWith(messages[i] ?? '') && !hasContentWords(words[at] ?? '')) {
      used.unshift(words[at] ?? '')
      at -= 1
    }
    if (at < 0 || !words[at]?.startsWith(messages[i] ?? '')) return null
    used.unshift(words[at] ?? '')
    at -= 1
  }
  return messages.length < 2 ? null : used
}

function count(meanings: Map<Stem, Map<string, number>>, short: Stem, phrase: string): void {
  const phrases = meanings.get(short) ?? new Map<string, number>()
  phrases.set(phrase, (phrases.get(phrase) ?? 0) + 1)
  meanings.set(short, phrases)
}

function commonest(phrases: ReadonlyMap<string, number>): string {
  return [...phrases].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}
