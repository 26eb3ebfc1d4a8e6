import { cached } from '../../platform/cache.ts'
import { Fragment, plain } from '../fragment.ts'
import type { Card, CompiledDigest, CompiledPaper, TitleLine } from './compile.ts'
import { filledBytes, fillPlaceholders, joinPlaceholders } from './placeholders.ts'
import type { DigestPaper } from './props.ts'
import { lineValues } from './values.ts'

/** One selected paper with its fragments. */
export interface PlacedPaper {
  readonly pick: DigestPaper
  readonly paper: CompiledPaper
  readonly rank: number
  /** Null: shown as a title line. */
  readonly card: Card | null
  /** Sizes as a title line. */
  readonly lineBytes: Sizes
}

/** Sizes in both parts of a message, in bytes. */
interface Sizes {
  readonly html: number
  readonly text: number
}

/** Places a paper at its rank in a digest with `featured` cards. Throws for a paper that the edition does not have. */
export function place(compiled: CompiledDigest, pick: DigestPaper, rank: number, featured: number): PlacedPaper {
  const paper = compiled.papers.get(pick.paperId)
  if (paper === undefined) throw new Error(`the edition has no paper ${pick.paperId}`)
  return {
    pick,
    paper,
    rank,
    card: rank > featured ? null : cardOf(compiled, paper, pick, rank),
    lineBytes: lineBytes(paper, pick, rank),
  }
}

/** Per form of an edition: its papers at their usual ranks with the reasons of some hundred interests. A card takes about 2 KB. */
const CARDS_CACHED_MAX = 6_000

/** Returns a card that all subscribers share who have the paper at this rank for this reason. */
function cardOf({ cards }: CompiledDigest, paper: CompiledPaper, { paperId, why }: DigestPaper, rank: number): Card {
  return cached(cards, `${paperId} ${rank} ${why}`, CARDS_CACHED_MAX, () => {
    const { html, text } = lineValues(why, rank)
    return {
      html: joinPlaceholders(paper.html.card, html, FEEDBACK_SLOTS),
      text: joinPlaceholders(paper.text.card, text, FEEDBACK_SLOTS),
    }
  })
}

const FEEDBACK_SLOTS = ['moreUrl', 'lessUrl'] as const

/** Returns a paper's title line without a personal reason. It is the same for every subscriber at the same rank. */
function lineOf(paper: CompiledPaper, why: string, rank: number): TitleLine {
  const known = paper.lines[rank]
  if (known !== undefined) return known
  const values = lineValues(why, rank)
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
export function fillLine(part: 'html' | 'text', { paper, pick, rank }: PlacedPaper, into: Fragment[]): void {
  if (pick.own) into.push(lineOf(paper, pick.why, rank)[part])
  else fillPlaceholders(paper[part].line, into, lineValues(pick.why, rank)[part])
}

/** Returns the sizes of a title line. A line with a personal reason is not made for it, because most become cards. */
function lineBytes(paper: CompiledPaper, pick: DigestPaper, rank: number): Sizes {
  if (pick.own) {
    const { html, text } = lineOf(paper, pick.why, rank)
    return { html: html.bytes, text: text.bytes }
  }
  const { html, text } = lineValues(pick.why, rank)
  return { html: filledBytes(paper.html.line, html), text: filledBytes(paper.text.line, text) }
}
