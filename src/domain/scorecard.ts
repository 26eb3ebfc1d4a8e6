import type { Day } from './day.ts'

/** How well an edition’s order predicted the votes of its list a week later. */
export interface Figures {
  /** Papers of the morning’s list that are still on it. */
  readonly papers: number
  /** Papers on the list a week later, including late ones. */
  readonly listed: number
  /** NDCG@10 from 0 to 1. 1 is the best order of the morning’s papers. `chance` is the expected value of a random order. */
  readonly ndcg: { readonly ours: number; readonly votes: number; readonly chance: number }
  /**
   * How many of the ten papers with the most votes a week later were among the first ten. `oracle`: the maximum for any
   * order of the morning’s papers. null: the list had at most ten papers, so every order finds them all.
   */
  readonly found: { readonly ours: number; readonly votes: number; readonly oracle: number } | null
}

/**
 * Why an edition has no figures. `unkept`: its sources do not keep lists and votes. `unread`: the list could not be read in
 * time. `gone`: too few of its papers are still on the list. `unmoved`: no paper’s votes have changed.
 */
export const UNSCORED = ['unkept', 'unread', 'gone', 'unmoved'] as const
export type Unscored = (typeof UNSCORED)[number]

export type ScoreVerdict =
  | { readonly kind: 'scored'; readonly figures: Figures }
  | { readonly kind: 'unscored'; readonly reason: Unscored }

/** One line of the scorecard. `waiting`: its list could not be read yet and will be requested again. */
export type Scorecard = { readonly day: Day } & (ScoreVerdict | { readonly kind: 'waiting' })
