import type { AbstractForm } from '../../domain/subscriber.ts'
import { language, say } from '../../language/language.ts'
import { type MailLook, mailLookOf } from '../brand/mail-look.ts'
import { cleanLine, isWebUrl, ownUrl } from '../escape.ts'
import { briefOf } from './brief.ts'
import { linkWords } from './link-words.ts'
import { createPlaceholderMarks, type PlaceholderMarks, type PlaceholderName } from './placeholders.ts'
import type { DigestProps, PaperProps } from './props.ts'

/** The view of both templates, with placeholders and markers. All text is unescaped. */
export interface DigestView {
  readonly title: string
  readonly brand: string
  readonly publicUrl: string
  readonly postalAddress: string | null
  readonly look: MailLook
  readonly dayLong: string
  readonly votesAsOf: string
  readonly incomplete: string | null
  readonly webUrl: string
  readonly papers: readonly PaperView[]
  /** The title lines of each paper: first the one with a reason, then the bare one. */
  readonly lines: readonly LineView[]
  /** The cards of each paper, one per form that differs from the previous ones. */
  readonly cards: readonly CardView[]
  readonly slot: Readonly<Record<PlaceholderName, string>>
  /** The first half of each `data-cut`. */
  readonly cut: string
}

export interface PaperView {
  readonly id: string
  readonly title: string
  /** The paper's page on our site. */
  readonly url: string
  /** Its page on arXiv; on our site if it has none. */
  readonly arxivUrl: string
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** A paper as a title line. */
export interface LineView extends PaperView {
  /** Whether the line has no reason. */
  readonly bare: boolean
}

/** A card of a paper in one of the forms that a subscriber can choose. */
export interface CardView extends PaperView {
  readonly form: AbstractForm
  /** Whether the card has a smaller title and fewer words. */
  readonly brief: boolean
  /** Authors and organization; may be empty. */
  readonly byline: string
  /** The address of a picture, or null. */
  readonly thumbnail: string | null
  /** The source of the words, if it is not the paper itself; else empty. */
  readonly label: string
  /** The abstract, its key sentence or an AI summary; may be empty. */
  readonly words: string
}

/** Returns the view of an edition's props. Throws when one of our own addresses is not http(s). */
export function viewOf(props: DigestProps): { view: DigestView; marks: PlaceholderMarks } {
  const marks = createPlaceholderMarks(JSON.stringify(props))
  const brand = cleanLine(props.brand.name)
  const papers = props.papers.map(paperView)
  return {
    marks,
    view: {
      title: say('digest.title', { brand, day: props.dayLong }),
      brand,
      publicUrl: ownUrl(props.brand.publicUrl),
      postalAddress: props.brand.postalAddress === null ? null : cleanLine(props.brand.postalAddress),
      look: mailLookOf(props.brand),
      dayLong: props.frequency === 'weekly' ? say('digest.weekTo', { day: props.dayLong }) : props.dayLong,
      votesAsOf: cleanLine(props.votesAsOf),
      incomplete: props.incomplete === null ? null : cleanLine(props.incomplete),
      webUrl: ownUrl(props.webUrl),
      papers,
      lines: papers.flatMap((paper) => [false, true].map((bare) => ({ ...paper, bare }))),
      cards: props.papers.flatMap(cardViews),
      slot: marks.slots,
      cut: marks.word,
    },
  }
}

function paperView(paper: PaperProps): PaperView {
  const url = ownUrl(paper.url)
  // Sources validate links too; an invalid one must not stop a message.
  const links = paper.links.filter((link) => isWebUrl(link.url))
  return {
    id: paper.id,
    title: cleanLine(paper.title) || paper.id,
    url,
    arxivUrl: links.find(({ label }) => label === 'arXiv')?.url ?? url,
    links: links.map((link) => ({ ...link, label: labelOf(link.label, paper) })),
  }
}

/** Adds the stars to the link to the code. The link to Hugging Face leads to the comments. */
function labelOf(label: string, { stars, starsGained, comments }: PaperProps): string {
  if (label === 'Code' && stars !== null && stars > 0)
    return `${linkWords(label)} ★${language().number(stars)}${starsGained === '' ? '' : `, ${cleanLine(starsGained)}`}`
  if (label !== 'Hugging Face') return linkWords(label)
  return comments === null || comments === 0 ? say('link.discuss') : say('count.comments', { count: comments })
}

/**
 * Returns the cards of a paper. A paper without a summary uses its key sentence, and one without a key sentence its
 * abstract.
 */
function cardViews(paper: PaperProps): CardView[] {
  const { thumbnail } = paper
  const picture = thumbnail !== null && isWebUrl(thumbnail) ? thumbnail : null
  const byline = bylineOf(paper.authorLine, paper)
  const view = { ...paperView(paper), brief: false, byline, thumbnail: picture }
  const abstract = cleanLine(paper.abstract)
  const sentence = cleanLine(paper.keySentence)
  const summary = cleanLine(paper.machineSummary ?? '')
  const card = (form: AbstractForm, words: string, label = ''): CardView => ({ ...view, form, label, words })
  // AI summaries are always labelled.
  const skim = card('skim', briefOf(summary || sentence), summary === '' ? '' : say('digest.machineShort'))
  return [
    card('abstracts', abstract),
    { ...skim, brief: true, byline: bylineOf(paper.authorsShort, paper) },
    ...(sentence === abstract ? [] : [card('sentences', sentence)]),
    ...(summary === '' ? [] : [card('summaries', summary, say('digest.machine'))]),
  ]
}

function bylineOf(authors: string, { organization }: PaperProps): string {
  return [cleanLine(authors), cleanLine(organization ?? '')].filter((part) => part !== '').join(' · ')
}
