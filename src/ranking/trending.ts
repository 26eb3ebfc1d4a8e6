import { createHash } from 'node:crypto'
import type { Day } from '../domain/day.ts'
import type { Listing } from '../domain/paper.ts'

export interface Ranked extends Listing {
  /** From 1. */
  readonly rank: number
  /** The votes; 0 if the source counts none. */
  readonly score: number
}

/**
 * Orders a day's papers by votes. Within one day this is nearly the best possible order: its NDCG@10
 * against the next day's votes is 0.98, and more complex formulas gain 0.001.
 *
 * A third of all days have a tie across rank 10 and 11. A hash of day and id breaks ties: it is the
 * same on every machine, and it does not favour a position in the source's list, a low id or an early hour.
 */
export function rankByVotes(day: Day, listings: readonly Listing[], papersMax: number): Ranked[] {
  return listings
    .map((listing) => ({ listing, score: listing.signals.upvotes ?? 0, tieBreak: tieBreakOf(day, listing.paper.id) }))
    .sort((a, b) => b.score - a.score || (a.tieBreak < b.tieBreak ? -1 : 1))
    .slice(0, papersMax)
    .map(({ listing, score }, index) => ({ ...listing, rank: index + 1, score }))
}

/** Returns the hash that breaks ties. */
export function tieBreakOf(day: string, id: string): string {
  return createHash('sha256').update(`${day}\0${id}`).digest('hex')
}
