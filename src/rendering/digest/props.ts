import type { Day } from '../../domain/day.ts'
import type { UnmatchedInterests } from '../../domain/interests/unmatched.ts'
import type { BrandLook } from '../brand/brand.ts'
import type { Fragments } from '../fragment.ts'

/**
 * Props of a digest template, the same for MJML and React Email. They are equal for all subscribers of an edition;
 * whatever differs is a placeholder (placeholders.ts).
 */
export interface DigestProps {
  readonly brand: Brand
  readonly day: Day
  /** `Tuesday, 14 October 2025`. */
  readonly dayLong: string
  readonly frequency: 'daily' | 'weekly'
  /** `Votes as of 08:40 UTC`, with the date when it is not the edition's day. */
  readonly votesAsOf: string
  /** A sentence when a source was unavailable and papers may be missing, else null. */
  readonly incomplete: string | null
  /** Address of the edition on the web. */
  readonly webUrl: string
  /** All candidate papers, in rank order. */
  readonly papers: readonly PaperProps[]
}

export interface Brand {
  readonly name: string
  readonly publicUrl: string
  /** Postal address (CAN-SPAM §5(a)(5)), or null when none is configured. */
  readonly postalAddress: string | null
  /** From BRAND_FILE. Left out: the program's own look. */
  readonly look?: BrandLook
}

export interface PaperProps {
  readonly id: string
  readonly title: string
  readonly abstract: string
  /** One sentence of the abstract, word for word (key-sentence.ts); empty without an abstract. */
  readonly keySentence: string
  /** The source’s AI summary, or null. Shown, with a label, only to subscribers who chose summaries. */
  readonly machineSummary: string | null
  /** `A, B, C and 12 others`; empty without authors. */
  readonly authorLine: string
  /** `A et al.`; empty without authors. */
  readonly authorsShort: string
  readonly organization: string | null
  /** The https address of a picture, or null. */
  readonly thumbnail: string | null
  readonly votes: number | null
  readonly comments: number | null
  readonly stars: number | null
  /** `+310 this week` beside the stars, if that is notable and the reason does not say it; otherwise empty. */
  readonly starsGained: string
  /** The paper's page on our site. */
  readonly url: string
  /** Any of `arXiv`, `PDF`, `Code`, `Project`, `Hugging Face`, in this order. */
  readonly links: readonly { readonly label: string; readonly url: string }[]
}

/** Values that differ between subscribers: plain text or URLs. Rendering escapes them. */
export interface SubscriberPlaceholders {
  readonly unsubscribeUrl: string
  readonly preferencesUrl: string
  readonly browserUrl: string
  /** Why this message was sent, for the footer, such as `You receive this daily …`. */
  readonly reason: string
}

/** The preferences that decide which papers a subscriber gets, for the sentences above and below them. */
export interface ChosenBy {
  readonly interests: readonly string[]
  /** Whether the subscriber follows authors. */
  readonly authors: boolean
  /** Whether the subscriber wants the papers by votes only. */
  readonly votesOnly: boolean
  /** Whether feedback on earlier papers had a part in it. */
  readonly feedback: boolean
  /** The interests that matched nothing in a month, if the digest names them. */
  readonly unmatched: UnmatchedInterests | null
}

/** Why a paper is in a digest. */
export type ReasonKind = 'votes' | 'interest' | 'mention' | 'author' | 'feedback' | 'near'

/** One paper of this subscriber's digest. */
export interface DigestPaper {
  readonly paperId: string
  /** The reason why the paper is here for this subscriber, in one line. */
  readonly why: string
  /** Whether the reason is the paper’s own and not personal. */
  readonly own: boolean
  readonly kind: ReasonKind
  /** The interest that it matches, for the kind `interest`; else empty. */
  readonly interest: string
}

/** Input of one subscriber's digest: the papers, the number of cards, and the links. */
export interface DigestInput {
  readonly picks: readonly DigestPaper[]
  /** How many papers, from the first, become cards. The byte limit may allow fewer. */
  readonly featured: number
  /** Whether this is the first digest after a pause; the heading says so. */
  readonly catchUp: boolean
  /** How many more papers were chosen and did not fit, when the digest is composed again from the papers that it had. */
  readonly left: number
  readonly chosenBy: ChosenBy
  readonly slots: SubscriberPlaceholders
  /** The beginning of all feedback links. The cards contain the endings. */
  readonly feedbackUrl: string
}

/** A rendered digest, ready to be sent. */
export interface Digest {
  readonly subject: string
  readonly preheader: string
  /** Joined on each access; sending uses the fragments. */
  readonly html: string
  readonly text: string
  readonly fragments: { readonly html: Fragments; readonly text: Fragments }
  /** Ids of the papers that count as sent, in order: those in the digest, and those that its form leaves to the web. */
  readonly paperIds: readonly string[]
  /** Ids of those that are cards, and of those that are title lines. */
  readonly featured: readonly string[]
  readonly listed: readonly string[]
  /** How many chosen papers did not fit. They are left to the web and do not count as sent. */
  readonly left: number
}

export const TEMPLATE_ENGINES = ['mjml', 'react'] as const
export type TemplateEngine = (typeof TEMPLATE_ENGINES)[number]
