import type { Entry } from '../domain/edition.ts'
import type { FeedbackProfile } from '../domain/feedback-profile.ts'

/** One paper as chosen for a set of preferences. */
export interface SelectedPaper {
  readonly entry: Entry
  /** The interest that speaks loudest for it, or null: it is here for its votes. */
  readonly interest: string | null
  /** An author of it whom the reader follows, as the paper spells the name, or null. */
  readonly author: string | null
  /** The words for which it goes with what the reader asked more of, where neither interest nor author brought it. */
  readonly learned: readonly string[]
  /** The words for which it goes with the papers that match best, where it does not match and nothing else brought it. */
  readonly near: readonly string[]
}

/** What of a reader's preferences decides the order; equal values share one computation. */
export interface MatchProfile {
  readonly interests: readonly string[]
  readonly mutedTerms: readonly string[]
  readonly authors: readonly string[]
  /** How many papers come first: the ones a reader sees with their abstract. */
  readonly featuredCount: number
  /** How many per cent of these may be there for their match alone: 0 is the day’s own order, 100 leaves none to votes. */
  readonly interestShare: number
  /** What their feedback taught; null or left out: nothing. */
  readonly learned?: FeedbackProfile | null
}

/** Orders the pool for a taste, less what the reader has had: all of it, or as many papers as are asked for. */
export type Chooser = (profile: MatchProfile, had: ReadonlySet<string>, most?: number) => readonly SelectedPaper[]
