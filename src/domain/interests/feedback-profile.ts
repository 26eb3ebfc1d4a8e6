/** A keyword or phrase that says in words what was learned. */
export interface LearnedTopic {
  readonly shown: string
  /** Positive: more of it. Negative: less. */
  readonly weight: number
}

/**
 * The terms that the papers of one verdict have in common. The score of a paper is `scale` · (its learned terms) − `background` · (its
 * similarity to the mean of the archive) − `offset`: 0 for the average paper of the archive. From 1 on it is similar.
 */
export interface LearnedTerms {
  /** Hashes of words and pairs of words with their weights, four bytes each, in base64 (src/ranking/packed-terms.ts). */
  readonly terms: string
  readonly scale: number
  readonly background: number
  readonly offset: number
}

/** The model of a subscriber’s “more like this” and “less like this”, as paper selection needs it. */
export interface FeedbackProfile {
  /** Null without any “more like this”. */
  readonly liked: LearnedTerms | null
  /** Null without any “less like this”. */
  readonly disliked: LearnedTerms | null
  /** Ordered by weight, heaviest first. */
  readonly topics: readonly LearnedTopic[]
  /** The number of “more like this” and “less like this”. */
  readonly more: number
  readonly less: number
}
