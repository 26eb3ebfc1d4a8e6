import type { Day } from './day.ts'

/** How good an edition’s order turned out to be, by the votes that its list had a week later. */
export interface Figures {
  /** Papers of the morning’s list that are on it still. */
  readonly papers: number
  /** Papers on the list a week later, those that came after the morning included. */
  readonly listed: number
  /** NDCG@10, from 0 to 1, the best order of the morning’s papers being 1. `chance`: what an order by lot can expect. */
  readonly ndcg: { readonly ours: number; readonly votes: number; readonly chance: number }
  /**
   * How many of the ten most voted a week later stood in the first ten. `oracle`: the most that an order of the morning’s
   * papers could have. null: the list had ten papers or fewer, so that every order has them all.
   */
  readonly found: { readonly ours: number; readonly votes: number; readonly oracle: number } | null
}

/**
 * Why an edition has no figures. `unkept`: no source of its keeps lists and votes; `unread`: it could not be read in time;
 * `gone`: too few of its papers are on the list still; `unmoved`: no paper’s votes have changed, so that they say nothing.
 */
export const UNSCORED = ['unkept', 'unread', 'gone', 'unmoved'] as const
export type Unscored = (typeof UNSCORED)[number]

export type ScoreVerdict =
  | { readonly kind: 'scored'; readonly figures: Figures }
  | { readonly kind: 'unscored'; readonly reason: Unscored }

/** One line of the scorecard. `waiting`: its list could not be read yet, and is asked for again. */
export type Scorecard = { readonly day: Day } & (ScoreVerdict | { readonly kind: 'waiting' })
