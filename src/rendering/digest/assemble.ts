import { DIGEST_HTML_BYTES_MAX, DIGEST_TEXT_BYTES_MAX } from '../../../config/limits.ts'
import { cached } from '../../platform/cache.ts'
import { cleanLine, escapeHtml, ownUrl } from '../escape.ts'
import { Fragment, type Fragments, fragmentBytes, plain } from '../fragment.ts'
import { wrap } from '../wrap.ts'
import type { CompiledDigest, CompiledPaper, TitleLine } from './compile.ts'
import { filledBytes, fillPlaceholders, type PlaceholderValues } from './placeholders.ts'
import type { Digest, DigestInput, DigestPaper } from './props.ts'
import { type DigestSpan, padded, preheaderOf, subjectOf } from './subject.ts'
import { papersCounted, textRank, textWhy } from './text.ts'

/** One selected paper with its fragments. */
interface PlacedPaper {
  readonly pick: DigestPaper
  readonly paper: CompiledPaper
  readonly line: TitleLine
  /** Null: shown as a title line. */
  readonly card: { readonly html: PlaceholderValues; readonly text: PlaceholderValues } | null
}

/** A fragment for each part of the message. */
interface Pair {
  readonly html: Fragment
  readonly text: Fragment
}

/**
 * Assembles a subscriber's digest from an edition's fragments, within the byte limits of both parts.
 * First, every selected paper gets a title line; papers that do not fit are left to the web, from the end. Then, from
 * the top, title lines become cards with the whole abstract, until the subscriber's number of cards is reached or the
 * next one does not fit. Pure. Throws for a paper that the edition does not have, for no papers, and for a link that is
 * not http(s).
 */
export function assembleDigest(compiled: CompiledDigest, input: DigestInput): Digest {
  const placed = input.picks.map((pick, index) => place(compiled, pick, index, input))
  const first = placed[0]
  if (first === undefined) throw new Error('a digest needs at least one paper')
  const preheader = preheaderOf(
    placed.slice(0, 3).map(({ paper }) => paper.title),
    first.paper.abstract,
  )
  const shells = shellsOf(input, preheader)
  const budget = allocate(compiled, input, placed, shells)
  const kept = placed.slice(0, budget.kept)
  const counts = { featured: budget.featured, kept: kept.length, cut: placed.length - kept.length }
  const words = wordsOf(spanOf(compiled, input), counts)
  const html = build('html', compiled, kept, counts, { ...words, ...shells.html })
  const text = build('text', compiled, kept, counts, { ...words, ...shells.text })
  const ids = kept.map(({ pick }) => pick.paperId)
  return {
    subject: subjectOf(first.paper.title, kept.length, spanOf(compiled, input)),
    preheader,
    fragments: { html, text },
    get html() {
      return plain(html)
    },
    get text() {
      return plain(text)
    },
    featured: ids.slice(0, budget.featured),
    listed: ids.slice(budget.featured),
  }
}

function place(compiled: CompiledDigest, pick: DigestPaper, index: number, input: DigestInput): PlacedPaper {
  const paper = compiled.papers.get(pick.paperId)
  if (paper === undefined) throw new Error(`the edition has no paper ${pick.paperId}`)
  const rank = index + 1
  return {
    pick,
    paper,
    line: lineOf(paper, pick, rank),
    card: rank > input.featured ? null : cardOf(pick, rank, input),
  }
}

/**
 * Returns a paper's title line. Lines without a personal reason are the same for every subscriber at the same rank and
 * are cached, which covers most lines.
 */
function lineOf(paper: CompiledPaper, pick: DigestPaper, rank: number): TitleLine {
  const known = pick.own ? paper.lines[rank] : undefined
  if (known !== undefined) return known
  const [ranks, whys] = [rankFragments(rank), whyFragments(pick.why)]
  const spliced = (part: 'html' | 'text') => {
    const line: Fragment[] = []
    fillPlaceholders(paper[part].line, { rank: ranks[part], why: whys[part] }, line)
    return pick.own ? [new Fragment(plain(line))] : line
  }
  const made = { html: spliced('html'), text: spliced('text') }
  if (pick.own) paper.lines[rank] = made
  return made
}

/** Returns the placeholder values of a card. */
function cardOf(
  { paperId, why }: DigestPaper,
  rank: number,
  { feedbackUrl }: DigestInput,
): NonNullable<PlacedPaper['card']> {
  const [ranks, whys] = [rankFragments(rank), whyFragments(why)]
  const more = new Fragment(ownUrl(feedbackUrl(paperId, 'more')), 'own')
  const less = new Fragment(ownUrl(feedbackUrl(paperId, 'less')), 'own')
  return {
    html: { rank: ranks.html, why: whys.html, moreUrl: escaped(more), lessUrl: escaped(less) },
    text: { rank: ranks.text, why: whys.text, moreUrl: more, lessUrl: less },
  }
}

const rankPairs: Pair[] = []

function rankFragments(rank: number): Pair {
  for (let next = rankPairs.length; next <= rank; next += 1)
    rankPairs.push({ html: new Fragment(String(next)), text: new Fragment(textRank(next)) })
  return rankPairs[rank] as Pair
}

/** Enough for the reasons of an edition and its interests. Most subscribers share them. */
const WHYS_CACHED_MAX = 20_000
const whyPairs = new Map<string, Pair>()

function whyFragments(why: string): Pair {
  return cached(whyPairs, why, WHYS_CACHED_MAX, () => {
    const clean = cleanLine(why)
    return { html: new Fragment(escapeHtml(clean)), text: new Fragment(textWhy(clean)) }
  })
}

/** Returns the fragment itself if nothing needs escaping. */
function escaped(fragment: Fragment): Fragment {
  const html = escapeHtml(fragment.text)
  return html === fragment.text ? fragment : new Fragment(html, 'own')
}

interface Counts {
  readonly featured: number
  readonly kept: number
  readonly cut: number
}

/** Returns how many papers fit, and how many of them as cards. */
function allocate(
  compiled: CompiledDigest,
  input: DigestInput,
  placed: readonly PlacedPaper[],
  shells: { readonly html: PlaceholderValues; readonly text: PlaceholderValues },
): { kept: number; featured: number } {
  // Reserves the bytes of the longest texts. The heading of the title lines counts `kept - featured` papers, so with one
  // card and `placed.length + 1` it says “N more papers” for all N papers. No later text is longer.
  const widest: Counts = { featured: 1, kept: placed.length + 1, cut: placed.length }
  const words = wordsOf(spanOf(compiled, input), widest)
  const html = room(compiled.html, { ...words, ...shells.html }, DIGEST_HTML_BYTES_MAX)
  const text = room(compiled.text, { ...words, ...shells.text }, DIGEST_TEXT_BYTES_MAX)
  let htmlLeft = html.left - html.list
  let textLeft = text.left - text.list
  const bytes = placed.map(({ line }) => ({ html: fragmentBytes(line.html), text: fragmentBytes(line.text) }))
  for (const line of bytes) {
    htmlLeft -= line.html
    textLeft -= line.text
  }
  let kept = placed.length
  if (htmlLeft < 0 || textLeft < 0) {
    htmlLeft -= html.more
    textLeft -= text.more
    while (kept > 1 && (htmlLeft < 0 || textLeft < 0)) {
      kept -= 1
      htmlLeft += bytes[kept]?.html ?? 0
      textLeft += bytes[kept]?.text ?? 0
    }
  }
  let featured = 0
  for (const { paper, card } of placed.slice(0, Math.min(input.featured, kept))) {
    if (card === null) break
    // After the last card there are no title lines and no heading.
    const heading = featured + 1 === kept ? { html: html.list, text: text.list } : { html: 0, text: 0 }
    htmlLeft += (bytes[featured]?.html ?? 0) + heading.html - filledBytes(paper.html.card, card.html)
    textLeft += (bytes[featured]?.text ?? 0) + heading.text - filledBytes(paper.text.card, card.text)
    if (htmlLeft < 0 || textLeft < 0) break
    featured += 1
  }
  return { kept, featured }
}

function room(
  form: CompiledDigest['html'],
  shell: PlaceholderValues,
  bytesMax: number,
): { left: number; list: number; more: number } {
  return {
    left: bytesMax - filledBytes(form.head, shell) - filledBytes(form.tail, shell),
    list: filledBytes(form.list, shell),
    more: filledBytes(form.more, shell),
  }
}

function build(
  part: 'html' | 'text',
  compiled: CompiledDigest,
  kept: readonly PlacedPaper[],
  counts: Counts,
  shell: PlaceholderValues,
): Fragments {
  const form = compiled[part]
  const built: Fragment[] = []
  fillPlaceholders(form.head, shell, built)
  for (const [index, placed] of kept.entries()) {
    if (index === counts.featured) fillPlaceholders(form.list, shell, built)
    const { paper, card, line } = placed
    if (card !== null && index < counts.featured) fillPlaceholders(paper[part].card, card[part], built)
    else built.push(...line[part])
  }
  if (counts.cut > 0) fillPlaceholders(form.more, shell, built)
  fillPlaceholders(form.tail, shell, built)
  return built
}

/** Returns the placeholder values around the papers, except the words that depend on the number of papers. */
function shellsOf({ slots }: DigestInput, preheader: string): { html: PlaceholderValues; text: PlaceholderValues } {
  const unsubscribeUrl = new Fragment(ownUrl(slots.unsubscribeUrl), 'own')
  const preferencesUrl = new Fragment(ownUrl(slots.preferencesUrl), 'own')
  const browserUrl = new Fragment(ownUrl(slots.browserUrl), 'own')
  const reason = cleanLine(slots.reason)
  const interests = cleanLine(slots.interests)
  return {
    html: {
      preheader: new Fragment(escapeHtml(padded(preheader)), 'own'),
      unsubscribeUrl: escaped(unsubscribeUrl),
      preferencesUrl: escaped(preferencesUrl),
      browserUrl: escaped(browserUrl),
      reason: new Fragment(escapeHtml(reason), 'own'),
      interests: new Fragment(escapeHtml(interests), 'own'),
    },
    text: {
      unsubscribeUrl,
      preferencesUrl,
      browserUrl,
      reason: new Fragment(wrap(reason), 'own'),
      interests: new Fragment(wrap(interests), 'own'),
    },
  }
}

const SPANS = { day: 'today', week: 'this week', away: 'while you were away' } as const

function spanOf({ frequency }: CompiledDigest, { catchUp }: DigestInput): DigestSpan {
  return catchUp ? 'away' : frequency === 'weekly' ? 'week' : 'day'
}

/** Upper bound on distinct (span, counts) combinations. */
const WORDS_CACHED_MAX = 5_000
const wordsCache = new Map<string, PlaceholderValues>()

/** Returns the words that depend on the number of papers. Many subscribers share them. */
function wordsOf(of: DigestSpan, counts: Counts): PlaceholderValues {
  const key = `${of} ${counts.featured} ${counts.kept} ${counts.cut}`
  return cached(wordsCache, key, WORDS_CACHED_MAX, () => countedWords(of, counts))
}

/** The words need no escaping. */
function countedWords(of: DigestSpan, { featured, kept, cut }: Counts): PlaceholderValues {
  const span = SPANS[of]
  const papers = `trending ${kept === 1 ? 'paper' : 'papers'}`
  return {
    heading: new Fragment(
      of === 'away' ? `While you were away: ${papers}` : `${of === 'week' ? 'This week’s' : 'Today’s'} ${papers}`,
    ),
    count: new Fragment(papersCounted(kept)),
    listHeading: new Fragment(
      featured === 0 ? `${papersCounted(kept)} ${span}` : `${moreCounted(kept - featured)} ${span}`,
    ),
    moreLabel: new Fragment(`and ${cut} more on the web`),
  }
}

function moreCounted(count: number): string {
  return `${count} more ${count === 1 ? 'paper' : 'papers'}`
}
