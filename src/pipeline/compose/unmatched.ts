import { UNMATCHED_INTERESTS_NAMED, UNMATCHED_PROPOSALS_NAMED } from '../../../config/limits.ts'
import { INTEREST_REVIEW_DAYS } from '../../../config/limits-subscriptions.ts'
import { addDays, type Day, weekday } from '../../domain/day.ts'
import type { UnmatchedInterests } from '../../domain/interests/unmatched.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Frequency } from '../../domain/subscriber.ts'
import { createUnmatchedFinder } from '../../ranking/review/unmatched-interests.ts'
import type { Synonyms } from '../../ranking/words/synonyms.ts'
import { makeRecentPool, type RecentPapers } from '../../subscriptions/interests/recent-pool.ts'

/** Returns what a digest says of interests without a match, or null. */
export type NoteUnmatched = (interests: readonly string[]) => UnmatchedInterests | null

export interface UnmatchedDeps {
  readonly papers: RecentPapers
  readonly synonyms: Synonyms | undefined
}

/**
 * Returns whether a digest of a day names interests without a match: the daily digest of the first Monday of a month, and the first
 * weekly one of a month. So nobody reads it more than once a month.
 */
export function isUnmatchedDay(day: Day, frequency: Frequency): boolean {
  return Number(day.slice(-2)) <= 7 && (frequency === 'weekly' || weekday(day) === 1)
}

/** An archive that is younger than this says little about an interest. */
const ARCHIVE_DAYS_MIN = INTEREST_REVIEW_DAYS - 7

/** Reads the papers of the last weeks, in which interests are looked for. Resolves with null if there are too few days. */
export async function createUnmatchedNotes(
  { day, listed }: { readonly day: Day; readonly listed: readonly Paper[] },
  deps: UnmatchedDeps,
): Promise<NoteUnmatched | null> {
  const { pool, days, oldest } = await makeRecentPool({ day, listed }, deps)
  if (oldest > addDays(day, 1 - Math.min(days, ARCHIVE_DAYS_MIN))) return null
  const find = createUnmatchedFinder(pool)
  return (interests) => {
    const all = find(interests)
    if (all.length === 0) return null
    const named = all
      .slice(0, UNMATCHED_INTERESTS_NAMED)
      .map(({ typed, nearest }) => ({ typed, nearest: nearest.slice(0, UNMATCHED_PROPOSALS_NAMED) }))
    return { days, named, others: all.length - named.length }
  }
}
