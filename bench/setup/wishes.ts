export interface Wishes {
  readonly choices: Choices
  /** Whether what is not among a reader’s ten follows as titles. Without, a digest of a hundred papers has 55 KB; with, 120. */
  readonly rest: boolean
}

/** `own`: nobody has another’s choice. `same`: nobody has named an interest, so that all get the same papers. */
export type Choices = 'own' | 'same'
