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
    card: rank > featured ? null : cardOf(paper, pick.why, rank),
    lineBytes: lineBytes(paper, pick, rank),
  }
}

/** Per paper. Its reasons at its ranks; a card takes about 2 KB, apart from the text that all cards of the paper share. */
const CARDS_CACHED_MAX = 100

/** Returns a card that all subscribers share who have the paper at this rank for this reason. */
function cardOf(paper: CompiledPaper, why: string, rank: number): Card {
  return cached(paper.cards, `${rank} ${why}`, CARDS_CACHED_MAX, () => {
    const { html, text } = lineValues(why, rank)
    return {
      html: joinPlaceholders(paper.html.card, html, FEEDBACK_SLOTS),
      text: joinPlaceholders(paper.text.card, text, FEEDBACK_SLOTS),
    }
  })
}

const FEEDBACK_SLOTS = ['moreUrl', 'lessUrl'] as const

/**
 * Returns a paper's title line. Lines without a personal reason are the same for every subscriber at the same rank and
 * are cached, which covers most lines.
 */
export function lineOf(paper: CompiledPaper, { why, own }: DigestPaper, rank: number): TitleLine {
  const known = own ? paper.lines[rank] : undefined
  if (known !== undefined) return known
  const values = lineValues(why, rank)
  const spliced = (part: 'html' | 'text') => {
    const line: Fragment[] = []
    fillPlaceholders(paper[part].line, line, values[part])
    return new Fragment(plain(line))
  }
  const made = { html: spliced('html'), text: spliced('text') }
  if (own) paper.lines[rank] = made
  return made
}

/** Returns the sizes of a title line. A line with a personal reason is not made for it, because most become cards. */
function lineBytes(paper: CompiledPaper, pick: DigestPaper, rank: number): Sizes {
  if (pick.own) {
    const { html, text } = lineOf(paper, pick, rank)
    return { html: html.bytes, text: text.bytes }
  }
  const { html, text } = lineValues(pick.why, rank)
  return { html: filledBytes(paper.html.line, html), text: filledBytes(paper.text.line, text) }
}
