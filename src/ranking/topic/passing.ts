import { wordsOf } from '../words/words.ts'

/** Words of a sentence, by their positions. */
export interface WordSpan {
  readonly from: number
  readonly to: number
}

/** A sentence with one of these words is about the work itself. */
export const OWN_WORK =
  /\b(?:we|this (?:paper|work|study|report|survey|article|thesis|position)|(?:is|are) (?:introduced|proposed|presented))\b/iu

/** A background sentence at the beginning and an outlook at the end exist only in abstracts of at least this many sentences. */
const FRAMED_SENTENCES_MIN = 3
/** After these, a sentence only gives examples, or names how the work was tested. */
const EXAMPLES =
  /\b(?:such as|e\.g\.|for example|for instance|ranging from|(?:confirmed|validated|verified) (?:by|in|through|with)\b)/iu

/**
 * Returns the words of a sentence that are only mentioned in passing: all words of the last sentence, and of a first one on the
 * background; examples; tests; and the items of a list.
 */
export function passingIn(sentence: string, { at, of }: { readonly at: number; readonly of: number }): WordSpan[] {
  const isFramed = of >= FRAMED_SENTENCES_MIN
  if (isFramed && (at === of - 1 || (at === 0 && !OWN_WORK.test(sentence)))) return [{ from: 0, to: ALL }]
  const examples = sentence.search(EXAMPLES)
  const spans = listsIn(sentence)
  return examples < 0 ? spans : [...spans, { from: wordsOf(sentence.slice(0, examples)).length, to: ALL }]
}

const ALL = Number.POSITIVE_INFINITY

const ITEM = '(?:[^\\s,;:()]+ ){0,3}[^\\s,;:()]+'
/** `classification, segmentation, and depth estimation`, or at least three items in brackets. */
const LIST = new RegExp(`${ITEM}(?:, ${ITEM})+,? (?:and|or) ${ITEM}|\\([^()]*,[^()]*,[^()]*\\)`, 'giu')

function listsIn(sentence: string): WordSpan[] {
  return Array.from(sentence.matchAll(LIST), ({ 0: list, index }) => {
    const from = wordsOf(sentence.slice(0, index)).length
    return { from, to: from + wordsOf(list).length }
  })
}

/** Returns the positions of the words after a comma, a colon or a bracket. */
export function clauseEndsIn(sentence: string): number[] {
  const ends: number[] = []
  let words = 0
  for (const clause of sentence.split(/[,;:()]/u)) {
    words += wordsOf(clause).length
    ends.push(words)
  }
  return ends
}
