import type { Day } from '../domain/day.ts'
import type { Listing } from '../domain/paper.ts'

type SourceName = 'huggingface' | 'arxiv' | 'sample' | 'file'

/**
 * A source of a day's papers. `read` never throws for a fault of the server: a broken answer is `failed`, a broken item is
 * dropped and counted, and a day without a list is `empty`.
 */
export interface Source {
  readonly name: SourceName
  /** Whether the list of an earlier day can be read again, with its current votes. */
  readonly keepsLists?: boolean
  /**
   * Whether each paper is on one list only, so that papers of other editions are dropped. The source then also returns papers
   * of earlier lists, because some are listed days late.
   */
  readonly listsOnce?: boolean
  /** @param since the first day whose late papers are returned too; by default `day`, which returns none. */
  read(day: Day, since?: Day): Promise<SourceAnswer>
}

export type SourceAnswer =
  | ListedAnswer
  | { readonly kind: 'empty'; readonly reason: EmptyReason }
  | { readonly kind: 'failed'; readonly reason: string }

export interface ListedAnswer {
  readonly kind: 'listed'
  readonly listings: readonly Listing[]
  readonly dropped: DroppedItems
  /** Papers of the lists since `since`, each with the day of its list. Some may be known already. */
  readonly earlier?: readonly EarlierListing[]
  /** Papers that the source leaves out on purpose. */
  readonly leftOut?: readonly LeftOut[]
  /** Says which part of the list could not be read, and why; null or missing when the list is complete. */
  readonly missing?: string | null
  /** A note for the operator about a fault without lost papers. */
  readonly note?: string | null
  readonly observedAt: Date
}

/** The reason why a day has no list. It is not a failure. */
export type EmptyReason = 'weekend' | 'holiday' | 'not-open'

/** A paper of an earlier day's list. */
export interface EarlierListing extends Listing {
  readonly listedOn: Day
}

/** Papers that are left out of the edition, such as 3 for `withdrawn`. */
export interface LeftOut {
  readonly why: string
  readonly papers: number
}

/** The broken items of a list. */
export interface DroppedItems {
  readonly count: number
  /** The first few, as `item 3 (2510.11696): title is missing`. */
  readonly reasons: readonly string[]
}
