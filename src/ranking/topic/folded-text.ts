import type { Paper } from '../../domain/paper.ts'
import { once } from '../../platform/once.ts'
import { sentencesOf } from '../../text/sentences.ts'
import { saysWhereToFind, withoutWebAddresses } from '../../text/where-to-find.ts'
import { abbreviationsIn } from '../words/lexicon.ts'
import { type Stem, stem, wordsOf } from '../words/words.ts'
import { createWordPlaces, type WordPlaces, type WordUnit } from './word-places.ts'

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
  /** Returns where each word stands. It is computed at the first call. */
  places(): WordPlaces
  /** Returns the abbreviations that it spells out, each with its phrase in stems. They are read at the first call. */
  meanings(): ReadonlyMap<Stem, string>
}

/** The weight of a word in each field. */
const TITLE = 3
const KEYWORDS = 2
const ABSTRACT = 1

/** A stroke ends the title, each keyword and each sentence, so that no phrase spans two of them. It does not count as a word. */
const END = '|'

/**
 * Returns the folded words of a paper. Web addresses and sentences such as `Code is available at …` are left out, because they do
 * not say what the paper is about.
 */
export function foldPaper(paper: Pick<Paper, 'title' | 'abstract' | 'keywords'>): FoldedText {
  const sentences = sentencesIn(paper.abstract)
  const weights = new Map<Stem, number>()
  let length = 0
  const unitOf = (words: readonly string[], weight: number): WordUnit => {
    length += weight * words.length
    const stems = words.map(stem)
    for (const each of stems) weights.set(each, (weights.get(each) ?? 0) + weight)
    return { words, stems }
  }
  const title = unitOf(wordsOf(paper.title), TITLE)
  const headings = [title, ...paper.keywords.map((keyword) => unitOf(wordsOf(keyword), KEYWORDS))]
  const abstract = sentences.map((sentence) => unitOf(wordsOf(withoutWebAddresses(sentence)), ABSTRACT))
  const units = [...headings, ...abstract]
  return {
    titleText: ` ${title.stems.join(' ')} `,
    text: joined(units.map(({ stems }) => stems)),
    exact: joined(units.map(({ words }) => words)),
    weights,
    length,
    meanings: once(() => new Map(abbreviationsIn(`${paper.title}\n${paper.abstract}`))),
    places: once(() => createWordPlaces(headings, abstract, sentences)),
  }
}

function sentencesIn(abstract: string): string[] {
  const text = abstract.trim()
  return sentencesOf(text)
    .map(({ from, to }) => text.slice(from, to))
    .filter((sentence) => !saysWhereToFind(sentence))
}

function joined(units: readonly (readonly string[])[]): string {
  return ` ${units.map((words) => words.join(' ')).join(` ${END} `)} `
}
