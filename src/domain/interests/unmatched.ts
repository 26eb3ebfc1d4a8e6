/** An interest without a match in the papers of the last weeks, and interests that have some. */
export interface UnmatchedInterest {
  readonly typed: string
  readonly nearest: readonly string[]
}

/** What a digest says of interests without a match. */
export interface UnmatchedInterests {
  /** How many days of lists they were looked for in. */
  readonly days: number
  readonly named: readonly UnmatchedInterest[]
  /** How many more there are. */
  readonly others: number
}
