import { DIGEST_HTML_BYTES_MAX, DIGEST_TEXT_BYTES_MAX, SKIM_TITLES_MIN } from '../../../config/limits.ts'
import { type Fragment, type Fragments, plain } from '../fragment.ts'
import { cardOf, fillLine, place } from './cards.ts'
import type { CompiledDigest, PlacedPaper } from './compiled.ts'
import { filledBytes, fillJoined, fillPlaceholders, joinedBytes, type PlaceholderValues } from './placeholders.ts'
import type { Digest, DigestInput } from './props.ts'
import { type DigestSpan, OPENING_PAPERS, preheaderOf, type SubjectPaper, subjectOf } from './subject.ts'
import { summaryOf } from './summary.ts'
import { type Counts, type Shells, setSummary, shellsOf, spanOf, wordsOf } from './values.ts'

/**
 * Assembles a subscriber's digest from an edition's fragments, within the byte limits of both parts.
 * First, every selected paper gets a title line; papers that do not fit are left to the web, from the end. Then, from
 * the top, title lines become cards, until the subscriber's number of cards is reached or the
 * next one does not fit. Pure. Throws for a paper that the edition does not have, for no papers, and for a link that is
 * not http(s).
 */
export function assembleDigest(compiled: CompiledDigest, input: DigestInput): Digest {
  const placed = input.picks.map((pick, index) => place(compiled, pick, index + 1))
  const first = placed[0]
  if (first === undefined) throw new Error('a digest needs at least one paper')
  const preheader = preheaderOf(
    placed.slice(0, OPENING_PAPERS).map(({ paper }) => paper.title),
    first.paper.abstract,
  )
  const shells = shellsOf(compiled, input, preheader)
  const span = spanOf(compiled, input)
  const { kept, featured, within } = allocate(compiled, span, placed, input.featured, shells)
  const cut = placed.length - kept + input.left
  const words = wordsOf(compiled, span, { featured, kept, cut })
  const { hasVotes } = compiled
  const picks = kept === placed.length ? input.picks : input.picks.slice(0, kept)
  setSummary(shells, summaryOf({ picks, span, hasVotes, chosenBy: input.chosenBy }))
  return new AssembledDigest(
    subjectOf(placed.slice(0, 2).map(subjectPaper), span),
    preheader,
    {
      html: build('html', compiled, placed, { kept, featured, cut }, words, shells),
      text: build('text', compiled, placed, { kept, featured, cut }, words, shells),
    },
    // Papers that the form leaves to the web count as sent, so that they do not take the places of the next day’s papers.
    (kept === within ? input.picks : picks).map(({ paperId }) => paperId),
    { kept, featured, cut: kept === within ? 0 : cut },
  )
}

function subjectPaper({ paper, pick }: PlacedPaper): SubjectPaper {
  return { title: paper.title, interest: pick.interest }
}

/** A class, because the accessors of an object literal are two closures for each message. */
class AssembledDigest implements Digest {
  readonly subject: string
  readonly preheader: string
  readonly fragments: Digest['fragments']
  readonly paperIds: readonly string[]
  readonly left: number
  readonly #kept: number
  readonly #featured: number

  constructor(
    subject: string,
    preheader: string,
    fragments: Digest['fragments'],
    paperIds: readonly string[],
    { kept, featured, cut }: Counts,
  ) {
    this.subject = subject
    this.preheader = preheader
    this.fragments = fragments
    this.paperIds = paperIds
    this.left = cut
    this.#kept = kept
    this.#featured = featured
  }

  get html(): string {
    return plain(this.fragments.html)
  }

  get text(): string {
    return plain(this.fragments.text)
  }

  get featured(): readonly string[] {
    return this.paperIds.slice(0, this.#featured)
  }

  get listed(): readonly string[] {
    return this.paperIds.slice(this.#featured, this.#kept)
  }
}

/** Returns how many papers fit, how many of them as cards, and how many the form allows. */
function allocate(
  compiled: CompiledDigest,
  span: DigestSpan,
  placed: readonly PlacedPaper[],
  featuredMax: number,
  shells: Shells,
): { kept: number; featured: number; within: number } {
  // Reserves the bytes of the longest texts, so that a digest composed again from its own papers has the same cards.
  const words = wordsOf(compiled, span, { featured: 1, kept: COUNT_RESERVED, cut: COUNT_RESERVED })
  const html = room(compiled.html, shells.html, words, DIGEST_HTML_BYTES_MAX)
  const text = room(compiled.text, shells.text, words, DIGEST_TEXT_BYTES_MAX)
  let htmlLeft = html.left - html.list
  let textLeft = text.left - text.list
  const within = withinForm(compiled, placed, featuredMax)
  let kept = within
  for (let index = 0; index < kept; index += 1) {
    const { lineBytes } = placed[index] as PlacedPaper
    htmlLeft -= lineBytes.html
    textLeft -= lineBytes.text
  }
  while (kept > 1 && (htmlLeft < 0 || textLeft < 0)) {
    kept -= 1
    htmlLeft += placed[kept]?.lineBytes.html ?? 0
    textLeft += placed[kept]?.lineBytes.text ?? 0
  }
  let featured = 0
  for (const each of placed) {
    if (featured === featuredMax || featured === kept) break
    const [{ lineBytes }, card] = [each, cardOf(each)]
    // After the last card there are no title lines and no heading.
    const isLast = featured + 1 === kept
    htmlLeft += lineBytes.html + (isLast ? html.list : 0) - joinedBytes(card.html, shells.feedback.html)
    textLeft += lineBytes.text + (isLast ? text.list : 0) - joinedBytes(card.text, shells.feedback.text)
    if (htmlLeft < 0 || textLeft < 0) break
    featured += 1
  }
  return { kept, featured, within }
}

/** Returns how many papers fit as cards and title lines within the limits of the form. */
function withinForm(
  { wordsMax, titlesMax }: CompiledDigest,
  placed: readonly PlacedPaper[],
  featuredMax: number,
): number {
  const most = Math.min(placed.length, featuredMax + titlesMax)
  if (wordsMax === Number.POSITIVE_INFINITY) return most
  let words = 0
  for (let index = 0; index < most; index += 1) {
    const each = (placed[index] as PlacedPaper).words
    words += index < featuredMax ? each.card : each.line
    if (words > wordsMax && index >= featuredMax) return index - featuredMax < SKIM_TITLES_MIN ? featuredMax : index
  }
  return most
}

/** More than any number of papers. */
const COUNT_RESERVED = 1_000

function room(
  form: CompiledDigest['html'],
  shell: PlaceholderValues,
  words: PlaceholderValues,
  bytesMax: number,
): { left: number; list: number } {
  const around = [form.head, form.more, form.tail].reduce((sum, each) => sum + filledBytes(each, shell, words), 0)
  return { left: bytesMax - around, list: filledBytes(form.list, shell, words) }
}

function build(
  part: 'html' | 'text',
  compiled: CompiledDigest,
  placed: readonly PlacedPaper[],
  { kept, featured, cut }: Counts,
  words: PlaceholderValues,
  shells: Shells,
): Fragments {
  const form = compiled[part]
  const shell = shells[part]
  const built: Fragment[] = []
  fillPlaceholders(form.head, built, shell, words)
  for (let index = 0; index < kept; index += 1) {
    if (index === featured) fillPlaceholders(form.list, built, shell, words)
    const each = placed[index] as PlacedPaper
    if (index < featured) fillJoined(cardOf(each)[part], shells.feedback[part], built)
    else fillLine(part, each, built)
  }
  if (cut > 0) fillPlaceholders(form.more, built, shell, words)
  fillPlaceholders(form.tail, built, shell, words)
  return built
}
