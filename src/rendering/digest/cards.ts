import { cached } from '../../platform/cache.ts'
import { Fragment, plain } from '../fragment.ts'
import type { Card, CompiledDigest, CompiledPaper, PlacedPaper, Sizes, TitleLine } from './compiled.ts'
import { filledBytes, fillPlaceholders, joinPlaceholders } from './placeholders.ts'
import type { DigestPaper } from './props.ts'
import { lineValues } from './values.ts'

/** Per form of an edition: the reasons of some hundred interests. Each takes about 2 KB for each rank where it is a card. */
const REASONS_CACHED_MAX = 2_000

/** Places a paper at its rank in a digest. Throws for a paper that the edition does not have. */
export function place(compiled: CompiledDigest, pick: DigestPaper, rank: number): PlacedPaper {
  const known = compiled.placed.get(pick)?.[rank]
  if (known !== undefined) return known
  const paper = (rank === 1 ? compiled.leads : compiled.papers).get(pick.paperId)
  if (paper === undefined) throw new Error(`the edition has no paper ${pick.paperId}`)
  const shared = pick.own || compiled.bareLines
  const words = wordsOf(compiled, paper, pick)
  const made = { pick, paper, rank, shared, words, lineBytes: lineBytes(paper, pick, rank, shared), card: null }
  cached(compiled.placed, pick, REASONS_CACHED_MAX, (): PlacedPaper[] => [])[rank] = made
  return made
}

/** Counts only where there is a limit. */
function wordsOf({ wordsMax }: CompiledDigest, { words }: CompiledPaper, { why }: DigestPaper): PlacedPaper['words'] {
  return wordsMax === Number.POSITIVE_INFINITY ? words : { ...words, card: words.card + why.split(' ').length }
}

/** Returns a paper's card. It is made for the first subscriber who gets it. */
export function cardOf(placed: PlacedPaper): Card {
  if (placed.card !== null) return placed.card
  const { paper, pick, rank } = placed
  const { html, text } = lineValues(paper, pick.why, rank)
  placed.card = {
    html: joinPlaceholders(paper.html.card, html, FEEDBACK_SLOTS),
    text: joinPlaceholders(paper.text.card, text, FEEDBACK_SLOTS),
  }
  return placed.card
}

const FEEDBACK_SLOTS = ['moreUrl', 'lessUrl', 'saveUrl'] as const

/** Returns a paper's title line without a personal reason. It is the same for every subscriber at the same rank. */
function lineOf(paper: CompiledPaper, why: string, rank: number): TitleLine {
  const known = paper.lines[rank]
  if (known !== undefined) return known
  const values = lineValues(paper, why, rank)
  const joined = (part: 'html' | 'text') => {
    const line: Fragment[] = []
    fillPlaceholders(paper[part].line, line, values[part])
    return new Fragment(plain(line))
  }
  const made = { html: joined('html'), text: joined('text') }
  paper.lines[rank] = made
  return made
}

/** Appends the title line of a paper. */
export function fillLine(part: 'html' | 'text', { paper, pick, rank, shared }: PlacedPaper, into: Fragment[]): void {
  if (shared) into.push(lineOf(paper, pick.why, rank)[part])
  else fillPlaceholders(paper[part].line, into, lineValues(paper, pick.why, rank)[part])
}

/** Returns the sizes of a title line. A line with a personal reason is not made for it, because most become cards. */
function lineBytes(paper: CompiledPaper, pick: DigestPaper, rank: number, shared: boolean): Sizes {
  if (shared) {
    const { html, text } = lineOf(paper, pick.why, rank)
    return { html: html.bytes, text: text.bytes }
  }
  const { html, text } = lineValues(paper, pick.why, rank)
  return { html: filledBytes(paper.html.line, html), text: filledBytes(paper.text.line, text) }
}
