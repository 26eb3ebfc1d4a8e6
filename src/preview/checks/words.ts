import { DomUtils } from 'htmlparser2'
import { type Document, type Element, parseMail } from './markup.ts'

/** Words of one part that the other part lacks, each with its line: `line 12: every fourth`. */
export interface WordDifference {
  /** Words that are nowhere in the other part. */
  readonly words: readonly string[]
  /** Neighbouring words that are both in the other part, but not next to each other. A changed figure is found this way. */
  readonly phrases: readonly string[]
}

interface Word {
  /** In small letters, for comparison. */
  readonly word: string
  readonly shown: string
  readonly line: number
}

/** Words that a person reads as one run: a paragraph, a cell, the text of a link. */
type Run = readonly Word[]

/** Elements that do not end a run. */
const INLINE = new Set(['b', 'i', 'em', 'strong', 'span', 'font', 'u', 's', 'small', 'sub', 'sup', 'wbr', 'code'])
const UNREAD = new Set(['head', 'style', 'script', 'title'])
/** One ideograph, or a letter of a script without spaces, is a word: lines break anywhere between them. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{M}\p{N}])+/gu
const ADDRESS = /\b(?:https?:\/\/|mailto:)\S+/g
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g
/** `Code:` or `More like this:` before a link or a note. The HTML part shows the same by its looks. */
const LABEL = /^\s*(?:[\p{L}\p{M}\p{N}★]+ ?){1,3}:(?=\s|$)/u

/** Compares the visible words of both parts. Addresses, hidden text, case, punctuation and line breaks do not count. */
export function compareWords(html: string, text: string): { html: WordDifference; text: WordDifference } {
  const htmlRuns = runsOfHtml(html)
  const lines = text.split('\n')
  const textRuns = lines.map((line, index) => wordsOf(line, index + 1))
  // A label, or a line with an address, has words that the HTML part arranges in another way.
  const judged = lines.map((line, index) => wordsOf(line.replace(LABEL, ''), index + 1))
  const sentences = judged.filter((_, index) => (lines[index] ?? '').search(ADDRESS) < 0)
  return {
    html: difference(htmlRuns, htmlRuns, textRuns.flat()),
    text: difference(judged, sentences, htmlRuns.flat()),
  }
}

function difference(runs: readonly Run[], ordered: readonly Run[], other: Run): WordDifference {
  const words = new Set(other.map(({ word }) => word))
  const pairs = new Set(other.slice(1).map(({ word }, index) => `${other[index]?.word} ${word}`))
  const phrases = ordered.flatMap((run) =>
    run.slice(1).flatMap((second, index) => {
      const first = run[index]
      if (first === undefined || !words.has(first.word) || !words.has(second.word)) return []
      return pairs.has(`${first.word} ${second.word}`) ? [] : [`line ${second.line}: ${first.shown} ${second.shown}`]
    }),
  )
  return { words: [...new Set(runs.flatMap((run) => missingFrom(run, words)))], phrases: [...new Set(phrases)] }
}

/** Joins missing words that follow each other in one line. */
function missingFrom(run: Run, words: ReadonlySet<string>): string[] {
  const found: { line: number; shown: string[] }[] = []
  let open: { line: number; shown: string[] } | null = null
  for (const { word, shown, line } of run) {
    if (words.has(word)) open = null
    else if (open !== null && open.line === line) open.shown.push(shown)
    else {
      open = { line, shown: [shown] }
      found.push(open)
    }
  }
  return found.map(({ line, shown }) => `line ${line}: ${shown.join(' ')}`)
}

function runsOfHtml(html: string): Run[] {
  const starts = lineStarts(html)
  const runs: Word[][] = [[]]
  const visit = (node: Document | Element) => {
    for (const child of node.children) {
      if (DomUtils.isText(child)) runs.at(-1)?.push(...wordsOf(child.data, lineAt(starts, child.startIndex ?? 0)))
      if (!DomUtils.isTag(child) || isUnread(child)) continue
      const inline = INLINE.has(child.name)
      if (!inline) runs.push([])
      visit(child)
      if (!inline) runs.push([])
    }
  }
  visit(parseMail(html))
  return runs.filter((run) => run.length > 0)
}

function isUnread({ name, attribs }: Element): boolean {
  return UNREAD.has(name) || /display\s*:\s*none/i.test(attribs.style ?? '')
}

function wordsOf(text: string, line: number): Word[] {
  return text.split('\n').flatMap((row, index) =>
    [...row.replace(ADDRESS, ' ').replace(INVISIBLE, '').normalize('NFKC').matchAll(WORD)].map(([shown]) => ({
      word: shown.toLowerCase(),
      shown,
      line: line + index,
    })),
  )
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
}

/** Returns the line of a position, by binary search. */
function lineAt(starts: readonly number[], position: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= position) low = middle
    else high = middle
  }
  return low + 1
}
