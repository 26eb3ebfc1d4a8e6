import type { Day } from '../../domain/day.ts'
import type { Fragments } from '../fragment.ts'

/**
 * What a digest template is fed: the same for MJML and React Email. It holds all that is equal
 * for every reader of an edition; what differs from reader to reader is a slot (slots.ts).
 */
export interface DigestProps {
  readonly brand: Brand
  readonly day: Day
  /** `Tuesday, 14 October 2025`. */
  readonly dayLong: string
  readonly frequency: 'daily' | 'weekly'
  /** `Votes as of 08:40 UTC`, with the date when it is not the edition's day. */
  readonly votesAsOf: string
  /** A sentence when a source was down and papers may be missing, else null. */
  readonly incomplete: string | null
  /** The edition on the web. */
  readonly webUrl: string
  /** Every paper of the pool, in rank order. */
  readonly papers: readonly PaperProps[]
}

export interface Brand {
  readonly name: string
  readonly publicUrl: string
  /** Postal address (CAN-SPAM §5(a)(5)), or null when none is configured. */
  readonly postalAddress: string | null
}

export interface PaperProps {
  readonly id: string
  readonly title: string
  readonly abstract: string
  /** One sentence of the abstract, word for word (key-sentence.ts); empty when there is no abstract. */
  readonly keySentence: string
  /** Written by a machine of the source’s, and shown as that only to who chose it; null when there is none. */
  readonly machineSummary: string | null
  /** `A, B, C and 12 others`; empty when the source names nobody. */
  readonly authorLine: string
  readonly organization: string | null
  readonly votes: number | null
  readonly comments: number | null
  readonly stars: number | null
  /** The paper's page on our own site: the title links here. */
  readonly url: string
  /** `arXiv`, `PDF`, `Code`, `Project`, `Hugging Face`: those there are, in this order. */
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** What differs from reader to reader. All are plain text or URLs; the splicer escapes them. */
export interface SubscriberPlaceholders {
  readonly unsubscribeUrl: string
  readonly preferencesUrl: string
  readonly browserUrl: string
  /** Shown in the footer: why this mail came, such as `You receive this daily because …`. */
  readonly reason: string
  /** `Chosen for your interests: sparse retrieval, agents`, or a word on how to add interests. */
  readonly interests: string
}

/** One paper as this reader gets it. */
export interface DigestPaper {
  readonly paperId: string
  /** One line of evidence: why it is here, for this reader. */
  readonly why: string
  /** Whether it is the paper’s own line, told to everybody whom no interest brought it. */
  readonly own: boolean
}

/** One reader's order: which papers, how many of them as cards, and the links. */
export interface DigestInput {
  readonly picks: readonly DigestPaper[]
  /** How many picks, from the first, the reader wants as cards; the byte budget may allow fewer. */
  readonly featured: number
  /** Whether it is the first digest after a pause: the words say so. */
  readonly catchUp: boolean
  readonly slots: SubscriberPlaceholders
  /** Where the reader asks for more or less of what is like a paper; asked of those with abstract only. */
  readonly feedbackUrl: (paperId: string, verdict: 'more' | 'less') => string
}

/** A digest ready to be put into a letter. */
export interface Digest {
  readonly subject: string
  readonly preheader: string
  /** Joined anew at each reading: what sends takes the pieces. */
  readonly html: string
  readonly text: string
  readonly fragments: { readonly html: Fragments; readonly text: Fragments }
  /** Ids of the papers that are in it: with abstract, and as linked titles. */
  readonly featured: readonly string[]
  readonly listed: readonly string[]
}

export const TEMPLATE_ENGINES = ['mjml', 'react'] as const
export type TemplateEngine = (typeof TEMPLATE_ENGINES)[number]
