import type { Day } from '../domain/day.ts'
import type { Listing } from '../domain/paper.ts'

type SourceName = 'huggingface' | 'arxiv' | 'sample' | 'file'

/**
 * Where a day's papers come from. `read` never throws for what the other side does: a broken
 * answer is `failed`, a broken item is dropped and counted, a day without a list is `empty`.
 */
export interface Source {
  readonly name: SourceName
  /** Whether it keeps the list of each day, so that an earlier one can be read again with the votes of now. */
  readonly keepsLists?: boolean
  /**
   * Whether its lists name a paper once, so that papers of other editions are dropped. The source also answers with
   * papers of earlier lists, since some of them come days late.
   */
  readonly listsOnce?: boolean
  /** @param since the first day of whose list late papers are wanted; by default `day`: none are. */
  read(day: Day, since?: Day): Promise<SourceAnswer>
}

export type SourceAnswer =
  | {
      readonly kind: 'listed'
      readonly listings: readonly Listing[]
      readonly dropped: DroppedItems
      /** Papers of the lists from `since` on, each with the day of its list; some are known already. */
      readonly earlier?: readonly EarlierListing[]
      /** Papers that the source leaves out on purpose. */
      readonly leftOut?: readonly LeftOut[]
      /** Says which part of the list could not be read, and why; null or left out: it is whole. */
      readonly missing?: string | null
      /** Tells the operator of a fault that costs no paper; null or left out: there is none. */
      readonly note?: string | null
      readonly observedAt: Date
    }
  | { readonly kind: 'empty'; readonly reason: EmptyReason }
  | { readonly kind: 'failed'; readonly reason: string }

/** Why a day has no list: none of these is a failure. */
export type EmptyReason = 'weekend' | 'holiday' | 'not-open'

/** A paper of an earlier day's list. */
export interface EarlierListing extends Listing {
  readonly listedOn: Day
}

/** Papers that were found and are not shown, such as 3 for `withdrawn`. */
export interface LeftOut {
  readonly why: string
  readonly papers: number
}

/** Broken items of a list, and what is wrong with them. */
export interface DroppedItems {
  readonly count: number
  /** The first few, as `item 3 (2510.11696): title is missing`. */
  readonly reasons: readonly string[]
}
