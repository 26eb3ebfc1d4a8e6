import type { CandidatePool } from './candidate-pool.ts'
import { LEVEL, type Matches, strongestInterest } from './match.ts'

/** Full matches of one interest with at least this share of the strongest one’s strength are equals. Among them votes decide. */
export const EQUAL_SHARE = 0.5

/**
 * Reorders papers so that the equals of each interest are in the order of their votes. They keep the places that they hold
 * together, so the other papers do not move.
 */
export function votesAmongEquals(order: readonly number[], matches: Matches, { popularity }: CandidatePool): number[] {
  const groups = new Map<string, number[]>()
  for (const [place, index] of order.entries()) {
    if (matches.level[index] !== LEVEL.match) continue
    const interest = strongestInterest(matches.interests, index)?.typed
    if (interest === undefined) continue
    const places = groups.get(interest)
    if (places === undefined) groups.set(interest, [place])
    else places.push(place)
  }
  const result = [...order]
  const strengthAt = (place: number) => matches.strength[order[place] ?? -1] ?? 0
  for (const places of groups.values()) {
    const least = EQUAL_SHARE * strengthAt(places[0] ?? -1)
    const equals = places.filter((place) => strengthAt(place) >= least)
    const byVotes = equals
      .map((place) => order[place] ?? -1)
      .sort((a, b) => (popularity[b] ?? 1) - (popularity[a] ?? 1) || a - b)
    for (const [at, place] of equals.entries()) result[place] = byVotes[at] ?? -1
  }
  return result
}
