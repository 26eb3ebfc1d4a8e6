import type { Day } from '../day.ts'
import type { Listing } from '../paper.ts'

type SourceName = 'huggingface' | 'arxiv' | 'sample' | 'file'

/**
 * Where a day's papers come from. `read` never throws for what the other side does: a broken
 * answer is `failed`, a broken item is dropped and counted, a day without a list is `empty`.
 */
export interface Source {
  readonly name: SourceName
  /** Whether it keeps the list of each day, so that an earlier one can be read again with the votes of now. */
  readonly keepsLists?: boolean
  read(day: Day): Promise<SourceAnswer>
}

export type SourceAnswer =
  | {
      readonly kind: 'listed'
      readonly listings: readonly Listing[]
      readonly dropped: DroppedItems
      readonly observedAt: Date
    }
  | { readonly kind: 'empty'; readonly reason: EmptyReason }
  | { readonly kind: 'failed'; readonly reason: string }

/** Why a day has no list: none of these is a failure. */
type EmptyReason = 'weekend' | 'holiday' | 'not-open'

/** Items that were left out of a list, and why. */
export interface DroppedItems {
  readonly count: number
  /** The first few, as `item 3 (2510.11696): title is missing`. */
  readonly reasons: readonly string[]
}
