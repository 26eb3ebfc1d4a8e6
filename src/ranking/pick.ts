import type { CandidatePool } from './candidate-pool.ts'
import type { InterestScores } from './interest-scores.ts'
import { LEVEL, type Matches } from './match.ts'
import { strongest } from './strongest.ts'

/** The papers picked so far, as indexes. */
export interface Picks {
  readonly list: readonly number[]
  has(index: number): boolean
}

/**
 * Picks the featured papers. First come papers by followed authors, then the best of each interest, then the strongest matches
 * that differ from those picked, until `matchPlaces` are filled. The rest of the `places` are filled from `byVotes`.
 */
export function pickFeatured(
  pool: CandidatePool,
  matches: Matches,
  byVotes: readonly number[],
  { places, matchPlaces }: { readonly places: number; readonly matchPlaces: number },
): Picks {
  const list: number[] = []
  const marks = new Uint8Array(pool.members.length)
  const pick = (index: number, max: number) => {
    if (list.length >= max || marks[index] === 1) return
    marks[index] = 1
    list.push(index)
  }
  if (matchPlaces > 0 && matches.wanted.length > 0) {
    const followed = matches.wanted.filter((index) => matches.level[index] === LEVEL.followed)
    for (const index of byStrength(followed, matches)) pick(index, matchPlaces)
    for (const index of byStrength(bestOfEach(pool, matches), matches)) pick(index, matchPlaces)
    pickDiverse(pool, matches, { list, max: matchPlaces, isPicked: (index) => marks[index] === 1, pick })
  }
  for (const index of byVotes) {
    if (list.length >= places) break
    if (marks[index] === 0 && highestLikeness(pool, index, list) < DUPLICATE_LIKENESS) pick(index, places)
  }
  // If only near-duplicates remain, one of them is better than an empty place.
  for (const index of byVotes) {
    if (list.length >= places) break
    pick(index, places)
  }
  return { list, has: (index) => marks[index] === 1 }
}

/** Orders papers: followed authors come first, then matches, then papers that are only related to them. */
export function byStrength(indexes: readonly number[], { level, strength }: Matches): number[] {
  if (indexes.length < 2) return [...indexes]
  return [...indexes].sort(
    (a, b) => (level[b] ?? 0) - (level[a] ?? 0) || (strength[b] ?? 0) - (strength[a] ?? 0) || a - b,
  )
}

/** Returns the strongest match of each interest that has one. On a tie the higher rank wins. */
function bestOfEach(pool: CandidatePool, { interests, excluded }: Matches): number[] {
  return interests.flatMap(({ values, matching }: InterestScores) => {
    let best = -1
    let highest = 0
    for (const index of matching) {
      if (excluded[index] === 1) continue
      const value = (values[index] ?? 0) * (pool.members[index]?.popularity ?? 1)
      if (value > highest) [best, highest] = [index, value]
    }
    return best < 0 ? [] : [best]
  })
}

interface Picking {
  readonly list: readonly number[]
  readonly max: number
  readonly isPicked: (index: number) => boolean
  readonly pick: (index: number, max: number) => void
}

/** Adds the strongest matches that differ from those picked, until the places are filled (maximal marginal relevance). */
function pickDiverse(pool: CandidatePool, { wanted, strength }: Matches, { list, max, isPicked, pick }: Picking): void {
  if (list.length >= max) return
  const remaining = strongest(
    wanted.filter((index) => !isPicked(index)),
    strength,
    CANDIDATES_PER_PLACE * max,
  )
  const likeness = Float64Array.from(remaining, (index) => highestLikeness(pool, index, list))
  while (list.length < max) {
    let best = -1
    let highest = Number.NEGATIVE_INFINITY
    // On a tie the first one wins, because the list is ordered.
    for (let at = 0; at < remaining.length; at += 1) {
      const index = remaining[at] ?? 0
      // The list is ordered by strength, so no later paper can have a higher value.
      if ((strength[index] ?? 0) <= highest) break
      if (isPicked(index)) continue
      const value = (strength[index] ?? 0) * (1 - LIKENESS_COST * (likeness[at] ?? 0) ** 2)
      if (value > highest) [best, highest] = [index, value]
    }
    if (best < 0) return
    pick(best, max)
    const likenessTo = pool.likenessTo(best)
    for (let at = 0; at < remaining.length; at += 1)
      likeness[at] = Math.max(likeness[at] ?? 0, likenessTo[remaining[at] ?? 0] ?? 0)
  }
}

/** Candidates per place: papers further down are not considered for diversity. */
const CANDIDATES_PER_PLACE = 5
/** Maximal marginal relevance (Carbonell and Goldstein, 1998): the share of its strength that a copy of a picked paper loses. */
const LIKENESS_COST = 0.9
/** Two abstracts of the same work have at least this similarity. Abstracts on one topic have about half of it. */
const DUPLICATE_LIKENESS = 0.6

function highestLikeness(pool: CandidatePool, index: number, picked: readonly number[]): number {
  let highest = 0
  for (const other of picked) highest = Math.max(highest, pool.likenessTo(other)[index] ?? 0)
  return highest
}
