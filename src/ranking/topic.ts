import type { Paper } from '../domain/paper.ts'
import type { Lexicon } from './words/lexicon.ts'
import { hasContentWords, type Stem, stem, stemsOf, wordsOf } from './words/words.ts'

/** One paper’s words, folded once per edition so that a reader costs only look-ups. */
export interface FoldedText {
  /** The fields one after the other, padded, to find phrases in. */
  readonly titleText: string
  readonly text: string
  /** The same without stems, for exact phrases. */
  readonly exact: string
  /** Stem → how often, a word of the title counted for several. */
  readonly weights: ReadonlyMap<Stem, number>
  readonly length: number
}

/** How much a word counts by the field in which it stands. */
const TITLE = 3
const KEYWORDS = 2
const ABSTRACT = 1

export function foldPaper(paper: Pick<Paper, 'title' | 'abstract' | 'keywords'>): FoldedText {
  const title = stemsOf(paper.title)
  // The stroke between keywords keeps phrases apart; it is no word.
  const fenced = paper.keywords.flatMap((keyword) => [...stemsOf(keyword), '|'])
  const keywords = fenced.filter((each) => each !== '|')
  const abstract = stemsOf(paper.abstract)
  const weights = new Map<Stem, number>()
  const add = (stems: readonly Stem[], weight: number) => {
    for (const each of stems) weights.set(each, (weights.get(each) ?? 0) + weight)
  }
  add(title, TITLE)
  add(keywords, KEYWORDS)
  add(abstract, ABSTRACT)
  return {
    titleText: padded(title),
    text: padded([...title, '|', ...fenced, '|', ...abstract]),
    exact: padded(wordsOf([paper.title, ...paper.keywords, paper.abstract].join(' | '))),
    weights,
    length: TITLE * title.length + KEYWORDS * keywords.length + ABSTRACT * abstract.length,
  }
}

/** A word or phrase of an interest, ready to be matched. */
export interface Topic {
  readonly stems: readonly Stem[]
  readonly phrase: string
  /** The expansion of the abbreviation, or the abbreviation of the phrase. */
  readonly other: string | null
}

/** Reads an interest such as `large language models (LLMs)`. Null when it holds no word that speaks. */
export function readTopic(text: string, lexicon: Lexicon): Topic | null {
  // `phrase (ABBREVIATION)` is one thing said twice.
  const said = text.replace(/\(([^)]*)\)/g, ' ').trim() || text
  const inside = /\(([^)]*)\)/.exec(text)?.[1] ?? null
  const all = wordsOf(said)
  const speaking = all.filter(hasContentWords)
  const stems = (speaking.length === 0 ? all : speaking).map(stem)
  if (stems.length === 0) return null
  const phrase = all.map(stem).join(' ')
  const other =
    inside !== null && said !== text
      ? stemsOf(inside).join(' ')
      : ((all.length === 1 ? lexicon.spelt(stems[0] ?? '')?.join(' ') : lexicon.abbreviated(phrase)) ?? null)
  return { stems, phrase, other: other === phrase || other === '' ? null : other }
}

/**
 * Returns whether a paper is about a topic, so that the digest may say so. Its text must contain the phrase, in either
 * form, or all its words.
 */
export function topicMatches({ stems, phrase, other }: Topic, { text, weights }: FoldedText): boolean {
  // No phrase stands where one of its words does not, and a word is found far sooner than a phrase.
  if (stems.every((each) => weights.has(each)) && (stems.length > 1 || text.includes(` ${phrase} `))) return true
  return other !== null && text.includes(` ${other} `)
}

/**
 * Combines the strengths of several interests for one paper with a p-norm. With `norm` 1 it is their sum. A higher norm
 * gives more weight to the strongest interest.
 */
export function combined(strengths: readonly number[], norm: number): number {
  if (strengths.length === 1) return strengths[0] ?? 0
  return strengths.reduce((total, strength) => total + strength ** norm, 0) ** (1 / norm)
}

const K1 = 1.2
const B = 0.5
/** The weight of an exact phrase, as a share of the weight of its words. */
const PHRASE_IN_TITLE = 0.6
const PHRASE_IN_TEXT = 0.8
const PAIR = 0.3

/**
 * Returns how strongly a paper matches a topic; 0: no match. It is BM25 over fields (Robertson, Zaragoza and Taylor 2004)
 * with a bonus for phrases: the paper’s share of the highest possible score, times the rarity of the words. A rare interest
 * therefore counts more than a common one. The constants were fitted on the earlier months (docs/RANKING.md).
 */
export function topicStrength(topic: Topic, paper: FoldedText, lexicon: Lexicon, usualLength: number): number {
  const own = strengthOf(topic.stems, topic.phrase, paper, lexicon, usualLength)
  if (topic.other === null) return own
  const words = topic.other.split(' ')
  return Math.max(own, strengthOf(words.filter(hasContentWords), topic.other, paper, lexicon, usualLength))
}

function strengthOf(
  stems: readonly Stem[],
  phrase: string,
  paper: FoldedText,
  lexicon: Lexicon,
  usualLength: number,
): number {
  let [got, most] = [0, 0]
  const norm = K1 * (1 - B + (B * paper.length) / usualLength)
  for (const each of stems) {
    const idf = lexicon.idf(each)
    const weight = paper.weights.get(each) ?? 0
    most += idf
    got += (idf * weight) / (weight + norm)
  }
  if (got === 0 || most === 0) return 0
  let together = 0
  if (paper.titleText.includes(` ${phrase} `)) together = PHRASE_IN_TITLE
  else if (paper.text.includes(` ${phrase} `)) together = PHRASE_IN_TEXT
  else if (stems.length > 2) together = PAIR * pairShare(stems, paper)
  return (got / most + together) * most
}

/** The share of neighbouring words that stand side by side in the paper, too. */
function pairShare(stems: readonly Stem[], paper: FoldedText): number {
  let found = 0
  for (let i = 1; i < stems.length; i += 1) if (paper.text.includes(` ${stems[i - 1]} ${stems[i]} `)) found += 1
  return found / (stems.length - 1)
}

function padded(words: readonly string[]): string {
  return ` ${words.join(' ')} `
}
