/** An interest without a match in the papers of the last weeks, and interests that have some. */
export interface UnmatchedInterest {
  readonly typed: string
  readonly nearest: readonly string[]
}

/** The interests without a match that a digest names. */
export interface UnmatchedInterests {
  /** How many days of lists they were looked for in. */
  readonly days: number
  readonly named: readonly UnmatchedInterest[]
  /** How many more there are. */
  readonly others: number
}
