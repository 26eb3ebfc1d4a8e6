/** A word that feedback taught, by its stem, with the form in which the marked papers hold it most often. */
export interface ProfileWord {
  readonly stem: string
  readonly shown: string
  /** Positive: more of it. Negative: less. */
  readonly weight: number
}

/** What a reader’s “more like this” and “less like this” taught; all that choosing needs of it. */
export interface FeedbackProfile {
  /** The heaviest first. */
  readonly words: readonly ProfileWord[]
  /** From how alike to the words on a paper is taken for one that they ask for: few of the archive’s are. */
  readonly like: number
  /** Up to how alike one is taken for what they want less of; null when they never said less. */
  readonly unlike: number | null
  /** How many papers they wanted more like, and less like. */
  readonly more: number
  readonly less: number
}
