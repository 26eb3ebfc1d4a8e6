import { DIGEST_HTML_BYTES_MAX, DIGEST_TEXT_BYTES_MAX } from '../../config/limits.ts'
import type { CompiledDigest, CompiledPaper } from './compile.ts'
import { cleanLine, escapeHtml, ownUrl } from './escape.ts'
import type { Digest, DigestOrder, Pick } from './props.ts'
import { type SlotValues, splice, splicedBytes } from './slots.ts'
import { padded, preheaderOf, type Span, subjectOf } from './subject.ts'
import { papersCounted, textRank, textWhy } from './text.ts'
import { wrap } from './wrap.ts'

/** One pick with its pieces and what fills their slots. */
interface Placed {
  readonly pick: Pick
  readonly paper: CompiledPaper
  readonly html: PaperSlots
  readonly text: PaperSlots
  readonly lineBytes: Bytes
}

type PaperSlots = SlotValues & { readonly rank: string; readonly why: string }

interface Bytes {
  readonly html: number
  readonly text: number
}

/**
 * One reader's digest from an edition's pieces, within the byte bounds of both parts. First every pick has
 * its title line; what does not fit even so is left to the web, from the end. Then, from the top, title lines
 * become cards with the whole abstract, until the reader has as many as he wants or the next does not fit.
 * Pure. Throws for a pick that the edition does not have, for no picks, and for a link that is not http(s).
 */
export function assembleDigest(compiled: CompiledDigest, order: DigestOrder): Digest {
  const placed = order.picks
    .map((pick, index) => place(compiled, pick, index + 1))
    .map((each, index) => (index < order.featured ? withFeedback(each) : each))
  const first = placed[0]
  if (first === undefined) throw new Error('a digest needs at least one paper')
  const preheader = preheaderOf(
    placed.slice(0, 3).map(({ paper }) => paper.title),
    first.paper.abstract,
  )
  const budget = spend(compiled, order, placed, preheader)
  const kept = placed.slice(0, budget.kept)
  const counts = { featured: budget.featured, kept: kept.length, cut: placed.length - kept.length }
  const ids = kept.map(({ pick }) => pick.paperId)
  return {
    subject: subjectOf(first.paper.title, kept.length, spanOf(compiled, order)),
    preheader,
    html: build('html', compiled, kept, counts, htmlShell(compiled, order, counts, preheader)),
    text: build('text', compiled, kept, counts, textShell(compiled, order, counts)),
    featured: ids.slice(0, budget.featured),
    listed: ids.slice(budget.featured),
  }
}

function place(compiled: CompiledDigest, pick: Pick, rank: number): Placed {
  const paper = compiled.papers.get(pick.paperId)
  if (paper === undefined) throw new Error(`the edition has no paper ${pick.paperId}`)
  const why = cleanLine(pick.why)
  const html = { rank: String(rank), why: escapeHtml(why) }
  const text = { rank: textRank(rank), why: textWhy(why) }
  const lineBytes = { html: splicedBytes(paper.html.line, html), text: splicedBytes(paper.text.line, text) }
  return { pick, paper, html, text, lineBytes }
}

/** The same pick with what only a card shows. */
function withFeedback({ pick, paper, html, text, lineBytes }: Placed): Placed {
  const moreUrl = ownUrl(pick.moreUrl)
  const lessUrl = ownUrl(pick.lessUrl)
  // Written out: spreading objects took a fifth of a digest's time.
  return {
    pick,
    paper,
    html: { rank: html.rank, why: html.why, moreUrl: escapeHtml(moreUrl), lessUrl: escapeHtml(lessUrl) },
    text: { rank: text.rank, why: text.why, moreUrl, lessUrl },
    lineBytes,
  }
}

interface Counts {
  readonly featured: number
  readonly kept: number
  readonly cut: number
}

/** How many picks there is room for, and how many of them as cards. */
function spend(
  compiled: CompiledDigest,
  order: DigestOrder,
  placed: readonly Placed[],
  preheader: string,
): { kept: number; featured: number } {
  // Numbers only grow shorter from here, so what is reserved for the words with them is enough.
  const widest: Counts = { featured: 1, kept: placed.length + 1, cut: placed.length }
  const html = room(compiled.html, htmlShell(compiled, order, widest, preheader), DIGEST_HTML_BYTES_MAX)
  const text = room(compiled.text, textShell(compiled, order, widest), DIGEST_TEXT_BYTES_MAX)
  let htmlLeft = html.left - html.list
  let textLeft = text.left - text.list
  for (const { lineBytes } of placed) {
    htmlLeft -= lineBytes.html
    textLeft -= lineBytes.text
  }
  let kept = placed.length
  if (htmlLeft < 0 || textLeft < 0) {
    htmlLeft -= html.more
    textLeft -= text.more
    while (kept > 1 && (htmlLeft < 0 || textLeft < 0)) {
      kept -= 1
      htmlLeft += placed[kept]?.lineBytes.html ?? 0
      textLeft += placed[kept]?.lineBytes.text ?? 0
    }
  }
  let featured = 0
  for (const { paper, html: inHtml, text: inText, lineBytes } of placed.slice(0, Math.min(order.featured, kept))) {
    // The last card needs no heading for title lines any more.
    const heading = featured + 1 === kept ? { html: html.list, text: text.list } : { html: 0, text: 0 }
    htmlLeft += lineBytes.html + heading.html - splicedBytes(paper.html.card, inHtml)
    textLeft += lineBytes.text + heading.text - splicedBytes(paper.text.card, inText)
    if (htmlLeft < 0 || textLeft < 0) break
    featured += 1
  }
  return { kept, featured }
}

function room(
  form: CompiledDigest['html'],
  shell: SlotValues,
  bytesMax: number,
): { left: number; list: number; more: number } {
  return {
    left: bytesMax - splicedBytes(form.head, shell) - splicedBytes(form.tail, shell),
    list: splicedBytes(form.list, shell),
    more: splicedBytes(form.more, shell),
  }
}

function build(
  part: 'html' | 'text',
  compiled: CompiledDigest,
  kept: readonly Placed[],
  counts: Counts,
  shell: SlotValues,
): string {
  const form = compiled[part]
  let built = splice(form.head, shell)
  for (const [index, placed] of kept.entries()) {
    if (index === counts.featured) built += splice(form.list, shell)
    const { card, line } = placed.paper[part]
    built += splice(index < counts.featured ? card : line, placed[part])
  }
  if (counts.cut > 0) built += splice(form.more, shell)
  return built + splice(form.tail, shell)
}

function htmlShell(compiled: CompiledDigest, order: DigestOrder, counts: Counts, preheader: string): SlotValues {
  const { slots } = order
  return {
    ...wordsOf(spanOf(compiled, order), counts),
    preheader: escapeHtml(padded(preheader)),
    unsubscribeUrl: escapeHtml(ownUrl(slots.unsubscribeUrl)),
    preferencesUrl: escapeHtml(ownUrl(slots.preferencesUrl)),
    browserUrl: escapeHtml(ownUrl(slots.browserUrl)),
    reason: escapeHtml(cleanLine(slots.reason)),
    interests: escapeHtml(cleanLine(slots.interests)),
  }
}

function textShell(compiled: CompiledDigest, order: DigestOrder, counts: Counts): SlotValues {
  const { slots } = order
  return {
    ...wordsOf(spanOf(compiled, order), counts),
    unsubscribeUrl: slots.unsubscribeUrl,
    preferencesUrl: slots.preferencesUrl,
    browserUrl: slots.browserUrl,
    reason: wrap(cleanLine(slots.reason)),
    interests: wrap(cleanLine(slots.interests)),
  }
}

const SPANS = { day: 'today', week: 'this week', away: 'while you were away' } as const

function spanOf({ frequency }: CompiledDigest, { catchUp }: DigestOrder): Span {
  return catchUp ? 'away' : frequency === 'weekly' ? 'week' : 'day'
}

/** The words that depend on how many papers there are; none of them needs escaping. */
function wordsOf(of: Span, { featured, kept, cut }: Counts): SlotValues {
  const span = SPANS[of]
  const papers = `trending ${kept === 1 ? 'paper' : 'papers'}`
  return {
    heading:
      of === 'away' ? `While you were away: ${papers}` : `${of === 'week' ? 'This week’s' : 'Today’s'} ${papers}`,
    count: papersCounted(kept),
    listHeading: featured === 0 ? `${papersCounted(kept)} ${span}` : `${moreCounted(kept - featured)} ${span}`,
    moreLabel: `and ${cut} more on the web`,
  }
}

function moreCounted(count: number): string {
  return `${count} more ${count === 1 ? 'paper' : 'papers'}`
}
