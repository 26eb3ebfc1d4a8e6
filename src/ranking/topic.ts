import type { Paper } from '../domain/paper.ts'
import type { Lexicon } from './words/lexicon.ts'
import type { Synonym } from './words/synonyms.ts'
import { isStopWord, type Stem, stem, stemsOf, wordsOf } from './words/words.ts'

/** The words of one paper, folded once per edition, so that each subscriber needs only look-ups. */
export interface FoldedText {
  /** The stems of the title, and of all fields, between blanks. Phrases are searched in them. */
  readonly titleText: string
  readonly text: string
  /** The words of all fields, for exact phrases. */
  readonly exact: string
  /** Stem → the weighted count. A word in the title counts three times. */
  readonly weights: ReadonlyMap<Stem, number>
  /** The weighted number of words. */
  readonly length: number
}

/** The weight of a word in each field. */
const TITLE = 3
const KEYWORDS = 2
const ABSTRACT = 1

/** Returns the folded words of a paper. */
export function foldPaper(paper: Pick<Paper, 'title' | 'abstract' | 'keywords'>): FoldedText {
  const title = stemsOf(paper.title)
  // A stroke ends each keyword, so that no phrase spans two of them. It does not count as a word.
  const separated = paper.keywords.flatMap((keyword) => [...stemsOf(keyword), '|'])
  const keywords = separated.filter((each) => each !== '|')
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
    text: padded([...title, '|', ...separated, '|', ...abstract]),
    exact: padded(wordsOf([paper.title, ...paper.keywords, paper.abstract].join(' | '))),
    weights,
    length: TITLE * title.length + KEYWORDS * keywords.length + ABSTRACT * abstract.length,
  }
}

interface SynonymForm extends Synonym {
  readonly stems: readonly Stem[]
}

/** A word or phrase of an interest, ready to be matched. */
export interface Topic {
  readonly stems: readonly Stem[]
  readonly phrase: string
  /** The expansion of the abbreviation, or the abbreviation of the phrase. */
  readonly other: string | null
  /** Other ways to write it from the file of synonyms. They are phrases. */
  readonly synonyms: readonly SynonymForm[]
}

/** Parses an interest such as `large language models (LLMs)`. Returns null if it contains no words. */
export function readTopic(text: string, lexicon: Lexicon): Topic | null {
  // In `phrase (ABBREVIATION)` both mean the same.
  const outside = text.replace(/\(([^)]*)\)/g, ' ').trim() || text
  const inside = /\(([^)]*)\)/.exec(text)?.[1] ?? null
  const all = wordsOf(outside)
  const contentWords = all.filter((word) => !isStopWord(word))
  const stems = (contentWords.length === 0 ? all : contentWords).map(stem)
  if (stems.length === 0) return null
  const phrase = all.map(stem).join(' ')
  const other =
    inside !== null && outside !== text
      ? stemsOf(inside).join(' ')
      : ((all.length === 1 ? lexicon.expansion(stems[0] ?? '')?.join(' ') : lexicon.abbreviation(phrase)) ?? null)
  const synonyms = lexicon
    .synonyms(outside)
    .filter((each) => each.phrase !== other)
    .map((each) => ({ ...each, stems: each.phrase.split(' ').filter((word) => !isStopWord(word)) }))
  return { stems, phrase, other: other === phrase || other === '' ? null : other, synonyms }
}

/**
 * Returns whether a paper is about a topic, so that the digest may say so. Its text must contain the phrase, in either
 * form, or all its words.
 */
export function topicMatches({ stems, phrase, other, synonyms }: Topic, { text, weights }: FoldedText): boolean {
  // All words are looked up first, because that is much faster than a search for the phrase.
  if (stems.every((each) => weights.has(each)) && (stems.length > 1 || text.includes(` ${phrase} `))) return true
  return (other !== null && text.includes(` ${other} `)) || synonyms.some((each) => text.includes(` ${each.phrase} `))
}

const K1 = 1.2
const B = 0.5
/** The bonus for an exact phrase, as a share of the rarity of its words. */
const PHRASE_IN_TITLE = 0.6
const PHRASE_IN_TEXT = 0.8
/** The bonus if each pair of neighbouring words is in the text. */
const PAIR = 0.3

/**
 * Returns how strongly a paper matches a topic; 0 means no match. It is BM25 over fields (Robertson, Zaragoza and Taylor 2004)
 * with a bonus for phrases: the paper’s share of the highest possible score, times the rarity of the words. A rare interest
 * therefore counts more than a common one. The constants were fitted on past months (docs/RANKING.md).
 */
export function topicStrength(topic: Topic, paper: FoldedText, lexicon: Lexicon, usualLength: number): number {
  const strength = (stems: readonly Stem[], phrase: string) => strengthOf(stems, phrase, paper, lexicon, usualLength)
  let best = strength(topic.stems, topic.phrase)
  if (topic.other !== null)
    best = Math.max(
      best,
      strength(
        topic.other.split(' ').filter((word) => !isStopWord(word)),
        topic.other,
      ),
    )
  for (const { stems, phrase } of topic.synonyms)
    if (paper.text.includes(` ${phrase} `)) best = Math.max(best, SYNONYM_SHARE * strength(stems, phrase))
  return best
}

/** What a synonym counts, compared with the words as they were typed. With more, papers with the typed words come too late. */
const SYNONYM_SHARE = 0.3

function strengthOf(
  stems: readonly Stem[],
  phrase: string,
  paper: FoldedText,
  lexicon: Lexicon,
  usualLength: number,
): number {
  let [score, rarity] = [0, 0]
  const lengthNorm = K1 * (1 - B + (B * paper.length) / usualLength)
  for (const each of stems) {
    const idf = lexicon.idf(each)
    const weight = paper.weights.get(each) ?? 0
    rarity += idf
    score += (idf * weight) / (weight + lengthNorm)
  }
  if (score === 0 || rarity === 0) return 0
  let phraseBonus = 0
  if (paper.titleText.includes(` ${phrase} `)) phraseBonus = PHRASE_IN_TITLE
  else if (paper.text.includes(` ${phrase} `)) phraseBonus = PHRASE_IN_TEXT
  else if (stems.length > 2) phraseBonus = PAIR * pairShare(stems, paper)
  return (score / rarity + phraseBonus) * rarity
}

/** Returns the share of the topic’s neighbouring words that are also neighbours in the paper. */
function pairShare(stems: readonly Stem[], paper: FoldedText): number {
  let found = 0
  for (let i = 1; i < stems.length; i += 1) if (paper.text.includes(` ${stems[i - 1]} ${stems[i]} `)) found += 1
  return found / (stems.length - 1)
}

function padded(words: readonly string[]): string {
  return ` ${words.join(' ')} `
}
