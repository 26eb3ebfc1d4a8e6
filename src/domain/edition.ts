import type { Day } from './day.ts'
import type { Paper, Signals } from './paper.ts'

/** `published`: there are papers. `empty`: a day without a list. `failed`: no source answered; may be tried again. */
export const EDITION_STATES = ['published', 'empty', 'failed'] as const
export type EditionState = (typeof EDITION_STATES)[number]

/** What an operator lets happen with an edition's mails. */
export const SENDING_STATES = ['running', 'paused', 'cancelled'] as const
export type SendingState = (typeof SENDING_STATES)[number]

/**
 * An edition that goes to a few readers first: `sending` to them, `waiting` for their bounces and complaints, then
 * `passed` to everybody, or `stopped`, which also pauses it.
 */
export const CANARY_STATES = ['none', 'sending', 'waiting', 'passed', 'stopped'] as const
export type CanaryState = (typeof CANARY_STATES)[number]

/** The frozen, ranked pool of one day. */
export interface Edition {
  readonly day: Day
  /** Counts from 1; a later revision may replace an earlier until the edition has gone out to a cohort. */
  readonly revision: number
  readonly state: EditionState
  /** Why it is empty or failed: `weekend`, `holiday`, or the sources' own words. */
  readonly reason: string | null
  /** A sentence when a source was down and papers may be missing. */
  readonly incomplete: string | null
  readonly reports: readonly SourceReport[]
  /** The moment the votes were read; null when nothing was. */
  readonly votesAt: Date | null
  readonly publishedAt: Date
  readonly sending: SendingState
  /** The newest reading of votes after its own, which those who are sent it from then on get; null or left out: none. */
  readonly votesReadAt?: Date | null
  /** Whether an operator has arranged it: their order stands, whatever the votes do. */
  readonly edited?: boolean
  /** When the first deliveries were written; from then on the edition is frozen. */
  readonly dispatchedAt: Date | null
  readonly entries: readonly Entry[]
}

/** Words that stand before the evidence of a paper that an operator put first. */
export const PINNED_WORDS = 'Editor’s choice · '

/** One paper's place in an edition, with the paper and its signals as they were frozen. */
export interface Entry {
  /** From 1. */
  readonly rank: number
  readonly score: number
  /** One line of evidence, the same for every reader. */
  readonly why: string
  readonly paper: Paper
  readonly signals: Signals
  /** The earlier list that it came late to: after that day’s edition was made, and so into this one. */
  readonly listedOn?: Day
  /** The earlier list that it stood on, where it is a candidate of a later day’s digest still. */
  readonly carriedFrom?: Day
}

/** What one source answered on the day. */
export interface SourceReport {
  readonly source: string
  readonly outcome: 'listed' | 'empty' | 'failed'
  /** Papers on its list of the day. */
  readonly papers: number
  /** Broken items, and what is wrong with the first of them. */
  readonly dropped: number
  readonly reasons: readonly string[]
  readonly note: string | null
  /** Items that it gave for the day. Editions made before this was counted lack it and what follows. */
  readonly found?: number
  /** How many of its papers are in the edition. */
  readonly shown?: number
  /** How many of those came late to an earlier list. */
  readonly late?: number
  /** Papers that are not in the edition, by why. */
  readonly leftOut?: readonly { readonly why: string; readonly papers: number }[]
  /** Says which part of its list could not be read, in its own words. */
  readonly missing?: string | null
  /** Whether its papers have no votes that could be read, where those of its last list had. */
  readonly votesMissing?: boolean
}
