import type { Day } from './day.ts'
import type { Paper, Signals } from './paper.ts'
import type { StarGrowth } from './stars.ts'

/** `published`: there are papers. `empty`: a day without a list. `failed`: no source answered; may be tried again. */
export const EDITION_STATES = ['published', 'empty', 'failed'] as const
export type EditionState = (typeof EDITION_STATES)[number]

/** Whether an edition is being sent. Operators pause, resume and cancel it. */
export const SENDING_STATES = ['running', 'paused', 'cancelled'] as const
export type SendingState = (typeof SENDING_STATES)[number]

/**
 * The state of a canary, which sends an edition to a few subscribers first. `waiting`: for bounces and complaints.
 * `passed`: the edition goes to everyone. `stopped`: the edition is paused.
 */
export const CANARY_STATES = ['none', 'sending', 'waiting', 'passed', 'stopped'] as const
export type CanaryState = (typeof CANARY_STATES)[number]

/** The frozen, ranked papers of one day. */
export interface Edition {
  readonly day: Day
  /** Starts at 1. A new revision may replace it until the edition has been sent to a cohort. */
  readonly revision: number
  readonly state: EditionState
  /** Why it is empty or failed: `weekend`, `holiday`, or the sources' own words. */
  readonly reason: string | null
  /** A sentence when a source was down and papers may be missing. */
  readonly incomplete: string | null
  readonly reports: readonly SourceReport[]
  /** When the votes were read, or null if none were. */
  readonly votesAt: Date | null
  readonly publishedAt: Date
  readonly sending: SendingState
  /** When the votes were last refreshed, or null. Later cohorts get these votes. */
  readonly votesReadAt?: Date | null
  /** Whether an operator arranged it. Fresh votes then do not change the order. */
  readonly edited?: boolean
  /** When the first deliveries were written. The edition is frozen from then on. */
  readonly dispatchedAt: Date | null
  readonly entries: readonly Entry[]
}

/** Prefix of the explanation of a paper that an operator put first. */
export const PINNED_WORDS = 'Editor’s choice · '

/** One paper in an edition, with its frozen content and signals. */
export interface Entry {
  /** Starts at 1. */
  readonly rank: number
  readonly score: number
  /** One line that explains the rank, the same for every subscriber. */
  readonly why: string
  readonly paper: Paper
  readonly signals: Signals
  /** The day of the list that it joined late, after that day’s edition was published. */
  readonly listedOn?: Day
  /** The day of its edition, when it is a candidate for a later day’s digest. */
  readonly carriedFrom?: Day
  /** The growth of its repository’s stars, if it is known. `inReason`: the reason names it. */
  readonly growth?: StarGrowth & { readonly inReason: boolean }
}

/** The answer of one source for the day. */
export interface SourceReport {
  readonly source: string
  readonly outcome: 'listed' | 'empty' | 'failed'
  /** Papers on its list for the day. */
  readonly papers: number
  /** Invalid items, and the fault of the first one. */
  readonly dropped: number
  readonly reasons: readonly string[]
  readonly note: string | null
  /** Items that it returned for the day. Old editions lack this and the next fields. */
  readonly found?: number
  /** How many of its papers are in the edition. */
  readonly shown?: number
  /** How many of those joined an earlier list late. */
  readonly late?: number
  /** Papers that are not in the edition, by reason. */
  readonly leftOut?: readonly { readonly why: string; readonly papers: number }[]
  /** Which part of its list could not be read, in the source’s words. */
  readonly missing?: string | null
  /** True when its papers have no votes although those of its last list had. */
  readonly votesMissing?: boolean
}
