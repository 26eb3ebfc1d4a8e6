export interface ListOptions {
  readonly choices: Choices
  /** Whether the papers outside a subscriber’s ten follow as titles: 120 KB for a hundred papers instead of 55 KB. */
  readonly rest: boolean
}

/** `own`: everyone has different interests. `same`: nobody has interests, so everyone gets the same papers. */
export type Choices = 'own' | 'same'
