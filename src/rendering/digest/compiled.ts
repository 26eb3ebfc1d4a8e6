import type { ShortForm } from '../../domain/subscriber.ts'
import type { Fragment } from '../fragment.ts'
import type { JoinedFragment, TemplateFragment } from './placeholders.ts'
import type { DigestPaper } from './props.ts'

/**
 * An edition's message in fragments. Per subscriber, only the selection of fragments and the placeholder values remain.
 */
export interface CompiledDigest {
  readonly frequency: 'daily' | 'weekly'
  /** `Tuesday`: the weekday of the edition. */
  readonly weekday: string
  /** Whether any paper has votes. arXiv counts none. */
  readonly hasVotes: boolean
  readonly html: CompiledForm
  readonly text: CompiledForm
  /** By paper id. */
  readonly papers: ReadonlyMap<string, CompiledPaper>
  /** The same for the first paper of a digest. Its card may have another form. */
  readonly leads: ReadonlyMap<string, CompiledPaper>
  /** Whether title lines have no reason. */
  readonly bareLines: boolean
  /** How many words the cards and the title lines may have. Cards are never left out for it. */
  readonly wordsMax: number
  /** How many title lines may follow the cards. */
  readonly titlesMax: number
  /** Cached papers, by paper and reason, then by rank. */
  readonly placed: Map<DigestPaper, PlacedPaper[]>
}

/** The edition with full abstracts, and with each short form. */
export interface CompiledForms extends CompiledDigest {
  readonly short: Readonly<Record<ShortForm, CompiledDigest>>
}

/** The edition with titles that link to our pages, and with titles that link to arXiv. */
export interface CompiledTargets extends CompiledForms {
  readonly arxiv: CompiledForms
}

/** The edition without pictures, and with them. The one with pictures is made when it is first used. */
export interface CompiledEdition extends CompiledTargets {
  readonly pictured: CompiledTargets
}

/** The HTML or the text part of a message. */
export interface CompiledForm {
  readonly head: TemplateFragment
  /** Placed before the title lines, if there are any. */
  readonly list: TemplateFragment
  /** Placed after them, if some papers are left to the web. */
  readonly more: TemplateFragment
  readonly tail: TemplateFragment
}

export interface CompiledPaper {
  readonly title: string
  readonly abstract: string
  readonly html: { readonly card: TemplateFragment; readonly line: TemplateFragment }
  readonly text: { readonly card: TemplateFragment; readonly line: TemplateFragment }
  /** Words of the card and of the title line, without the reason. */
  readonly words: { readonly card: number; readonly line: number }
  /** The target of the title. */
  readonly titleUrl: TitleLine
  /** Cached title lines without a personal reason, by rank. */
  readonly lines: TitleLine[]
}

/** A title line, or its link, in both parts. */
export interface TitleLine {
  readonly html: Fragment
  readonly text: Fragment
}

/** A paper at a rank of a digest, with its reason. All subscribers who have it there share it. */
export interface PlacedPaper {
  readonly pick: DigestPaper
  readonly paper: CompiledPaper
  readonly rank: number
  /** Whether its title line is the same for all subscribers. */
  readonly shared: boolean
  /** Words as a card and as a title line. */
  readonly words: { readonly card: number; readonly line: number }
  /** Sizes as a title line. */
  readonly lineBytes: Sizes
  /** Null until someone gets the paper as a card. */
  card: Card | null
}

/** Sizes in both parts of a message, in bytes. */
export interface Sizes {
  readonly html: number
  readonly text: number
}

/** A card with its rank and reason. Only the subscriber's feedback links are missing. */
export interface Card {
  readonly html: JoinedFragment
  readonly text: JoinedFragment
}
