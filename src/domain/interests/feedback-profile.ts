/** One word of a feedback profile: its stem, and its most frequent form in the judged papers. */
export interface ProfileWord {
  readonly stem: string
  readonly shown: string
  /** The keyword of the judged papers that contains it. Undefined if there is none. */
  readonly term?: string
  /** Positive: more of it. Negative: less. */
  readonly weight: number
}

/** The model of a subscriber’s “more like this” and “less like this”, as paper selection needs it. */
export interface FeedbackProfile {
  /** Ordered by weight, heaviest first. */
  readonly words: readonly ProfileWord[]
  /** A paper with at least this similarity counts as wanted. Few papers of the archive reach it. */
  readonly like: number
  /** A paper with at most this similarity counts as unwanted; null without any “less like this”. */
  readonly unlike: number | null
  /** The number of “more like this” and “less like this”. */
  readonly more: number
  readonly less: number
}
