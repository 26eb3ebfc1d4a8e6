import type { AbstractForm } from '../../domain/subscriber.ts'
import { cleanLine, isWebUrl, ownUrl } from '../escape.ts'
import { createPlaceholderMarks, type PlaceholderMarks, type PlaceholderName } from './placeholders.ts'
import type { DigestProps, PaperProps } from './props.ts'

/** The view of both templates, with placeholders and markers. All text is unescaped. */
export interface DigestView {
  readonly title: string
  readonly brand: string
  readonly publicUrl: string
  readonly postalAddress: string | null
  readonly dayLong: string
  readonly votesAsOf: string
  readonly incomplete: string | null
  readonly webUrl: string
  readonly papers: readonly PaperView[]
  /** The cards of each paper, one per form that differs from the previous ones. */
  readonly cards: readonly CardView[]
  readonly slot: Readonly<Record<PlaceholderName, string>>
  /** The first half of each `data-cut`. */
  readonly cut: string
}

export interface PaperView {
  readonly id: string
  readonly title: string
  readonly url: string
  /** Authors and organization; may be empty. */
  readonly byline: string
  readonly votes: { readonly count: string; readonly word: string } | null
  /** ` · 7 comments · 1,204 stars`, or empty. */
  readonly evidence: string
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** A card of a paper in one of the forms that a subscriber can choose. */
export interface CardView extends PaperView {
  readonly form: AbstractForm
  /** The source of the words, if it is not the paper itself; else empty. */
  readonly label: string
  /** The abstract, its key sentence or an AI summary; may be empty. */
  readonly words: string
}

/** AI summaries are always labelled. */
const MACHINE_LABEL = 'AI summary from Hugging Face'

/** Returns the view of an edition's props. Throws when one of our own addresses is not http(s). */
export function viewOf(props: DigestProps): { view: DigestView; marks: PlaceholderMarks } {
  const marks = createPlaceholderMarks(JSON.stringify(props))
  const brand = cleanLine(props.brand.name)
  return {
    marks,
    view: {
      title: `${brand}, ${props.dayLong}`,
      brand,
      publicUrl: ownUrl(props.brand.publicUrl),
      postalAddress: props.brand.postalAddress === null ? null : cleanLine(props.brand.postalAddress),
      dayLong: props.frequency === 'weekly' ? `Week to ${props.dayLong}` : props.dayLong,
      votesAsOf: cleanLine(props.votesAsOf),
      incomplete: props.incomplete === null ? null : cleanLine(props.incomplete),
      webUrl: ownUrl(props.webUrl),
      papers: props.papers.map(paperView),
      cards: props.papers.flatMap(cardViews),
      slot: marks.slots,
      cut: marks.word,
    },
  }
}

function paperView(paper: PaperProps): PaperView {
  return {
    id: paper.id,
    title: cleanLine(paper.title) || paper.id,
    url: ownUrl(paper.url),
    byline: [cleanLine(paper.authorLine), cleanLine(paper.organization ?? '')]
      .filter((part) => part !== '')
      .join(' · '),
    votes: paper.votes === null ? null : { count: number(paper.votes), word: paper.votes === 1 ? 'vote' : 'votes' },
    evidence: [counted(paper.comments, 'comment'), counted(paper.stars, 'GitHub star')]
      .map((part) => part && ` · ${part}`)
      .join(''),
    // Sources validate links too; an invalid one must not stop a message.
    links: paper.links.filter(({ url }) => isWebUrl(url)),
  }
}

/**
 * Returns the cards of a paper. A paper without a summary uses its key sentence, and one without a key sentence its
 * abstract.
 */
function cardViews(paper: PaperProps): CardView[] {
  const view = paperView(paper)
  const abstract = cleanLine(paper.abstract)
  const sentence = cleanLine(paper.keySentence)
  const summary = cleanLine(paper.machineSummary ?? '')
  const card = (form: AbstractForm, words: string, label = ''): CardView => ({ ...view, form, label, words })
  return [
    card('abstracts', abstract),
    ...(sentence === abstract ? [] : [card('sentences', sentence)]),
    ...(summary === '' ? [] : [card('summaries', summary, MACHINE_LABEL)]),
  ]
}

/** `1 vote`, `2 votes`; empty for none and for unknown. */
export function counted(count: number | null, noun: string): string {
  return count === null || count === 0 ? '' : `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}
