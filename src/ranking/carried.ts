import { CARRIED_EDITIONS, CARRIED_WHOLE_EDITIONS, RISEN_TIMES_MIN, RISEN_VOTES_MIN } from '../../config/limits.ts'

/** The votes of a paper when its edition was made, and its current ones. Null: its source counts none. */
export interface Votes {
  readonly before: number | null
  readonly now: number | null
}

/** Returns whether votes rose by at least half, and by enough votes to be worth a word. */
export function hasRisen({ before, now }: Votes): boolean {
  const [from, to] = [before ?? 0, now ?? 0]
  return to >= Math.max(RISEN_TIMES_MIN * from, from + RISEN_VOTES_MIN)
}

/**
 * Returns whether a paper of an earlier list is still a candidate: every paper of the newest earlier lists is, and a paper of
 * the ones before them is if its votes have risen since. `back` is 1 for the newest earlier list.
 */
export function isStillCandidate(back: number, votes: Votes): boolean {
  return isWholeList(back) || (back <= CARRIED_EDITIONS && hasRisen(votes))
}

/** Returns whether all papers of an earlier list are still candidates. */
export function isWholeList(back: number): boolean {
  return back <= CARRIED_WHOLE_EDITIONS
}
