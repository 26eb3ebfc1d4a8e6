import type { Entry } from '../../domain/edition.ts'
import type { FeedbackProfile } from '../../domain/interests/feedback-profile.ts'

/** One paper selected for a profile. */
export interface SelectedPaper {
  readonly entry: Entry
  /** The strongest matching interest, or null for a paper selected by votes. */
  readonly interest: string | null
  /** Whether the paper only mentions this interest. */
  readonly isMention: boolean
  /** The synonym of this interest that the paper has, or null if it has its words. */
  readonly synonym: string | null
  /** A followed author of the paper, spelled as in the paper, or null. */
  readonly author: string | null
  /** The words that match the subscriber’s feedback, if no interest or author matches. */
  readonly learned: readonly string[]
  /** The words shared with the best matches, if nothing else matches. */
  readonly near: readonly string[]
}

/** Returns the selection of a paper for its votes alone. */
export function selectedByVotes(entry: Entry): SelectedPaper {
  return { entry, interest: null, isMention: false, synonym: null, author: null, learned: [], near: [] }
}

/** The preferences that decide the order. Equal profiles share one computation. */
export interface MatchProfile {
  readonly interests: readonly string[]
  readonly mutedTerms: readonly string[]
  readonly authors: readonly string[]
  /** The number of featured papers, which are shown with their abstract. */
  readonly featuredCount: number
  /** The percentage of featured papers that may be selected for their match alone. 0 is the day’s own order. */
  readonly interestShare: number
  /** Null or undefined without feedback. */
  readonly learned?: FeedbackProfile | null
}

/** Orders the pool for a profile, without papers already sent, and returns at most `max` papers. */
export type Chooser = (
  profile: MatchProfile,
  alreadySent: ReadonlySet<string>,
  max?: number,
) => readonly SelectedPaper[]
