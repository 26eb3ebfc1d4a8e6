import type { UnmatchedInterest } from '../../domain/interests/unmatched.ts'
import { cached } from '../../platform/cache.ts'
import { readInterest } from '../interest.ts'
import { reviewInterests } from './review-interests.ts'
import type { ReviewPool } from './review-pool.ts'

/** Returns those of some interests that match nothing. */
export type FindUnmatched = (interests: readonly string[]) => readonly UnmatchedInterest[]

const INTERESTS_CACHED_MAX = 20_000

/**
 * Creates a function that finds interests without a match in a pool. Each interest is measured once. An author who writes nothing
 * for weeks is no fault, so only words and phrases are measured. Muted terms do not count.
 */
export function createUnmatchedFinder(pool: ReviewPool): FindUnmatched {
  const known = new Map<string, UnmatchedInterest | null>()
  return (interests) =>
    interests.flatMap((typed) => cached(known, typed, INTERESTS_CACHED_MAX, () => unmatched(typed, pool)) ?? [])
}

function unmatched(typed: string, pool: ReviewPool): UnmatchedInterest | null {
  const kind = readInterest(typed, pool.lexicon)?.kind
  if (kind !== 'topic' && kind !== 'exact') return null
  const [note] = reviewInterests(pool, { interests: [typed], mutedTerms: [], authors: [] })
  return note?.kind === 'nothing' ? { typed, nearest: note.nearest } : null
}
