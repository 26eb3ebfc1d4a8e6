import { descending } from '../strongest.ts'
import { GRADE } from '../topic/grade.ts'
import type { CandidatePool } from './candidate-pool.ts'
import { EQUAL_SHARE } from './equals.ts'
import { LEVEL, type Matches } from './match.ts'

/** The papers picked so far. */
export interface Picks {
  /** Their indexes, in the order in which they were picked. */
  readonly list: readonly number[]
  has(index: number): boolean
  /** Picks a paper, unless it is picked already. */
  add(index: number): void
  /** Returns the highest similarity of a paper to the picked ones, without the first `from` of them. */
  likeness(index: number, from?: number): number
}

function createPicks(pool: CandidatePool, marks: Uint8Array): Picks {
  const list: number[] = []
  marks.fill(0)
  return {
    list,
    has: (index) => marks[index] === 1,
    add(index) {
      if (marks[index] === 1) return
      marks[index] = 1
      list.push(index)
    },
    likeness(index, from = 0) {
      let highest = 0
      for (let at = from; at < list.length; at += 1) {
        const likeness = pool.likenessTo(list[at] ?? 0)[index] ?? 0
        if (likeness > highest) highest = likeness
      }
      return highest
    },
  }
}

/** Picks the featured papers for matches. The papers that fill the rest of the places are ordered `byVotes`. */
export type Picker = (matches: Matches, byVotes: readonly number[], places: Places) => Picks

export interface Places {
  readonly places: number
  /** The places that papers may take for their match alone. */
  readonly matchPlaces: number
  /** With 100 per cent, mentions of an interest fill the places, too. With less, one of them is picked if nothing else is. */
  readonly interestShare: number
}

/**
 * Creates a picker. First come papers by followed authors, then the best of each interest, then the strongest matches that
 * differ from those picked, until the places for matches are filled. Then come the papers with the most votes. The picks are
 * valid until the next call.
 */
export function createPicker(pool: CandidatePool): Picker {
  const marks = new Uint8Array(pool.members.length)
  return (matches, byVotes, { places, matchPlaces, interestShare }) => {
    const picks = createPicks(pool, marks)
    if (matchPlaces > 0 && matches.wanted.length > 0) {
      const followed = matches.hasFollowed ? matches.wanted.filter((index) => isFollowed(index, matches)) : []
      pickAll(byStrength(followed, matches), matchPlaces, picks)
      pickAll(byStrength(bestOfEach(pool, matches), matches), matchPlaces, picks)
      pickDiverse(matches, picks, matchPlaces)
      const room = interestShare === 100 ? matchPlaces : Math.max(picks.list.length, 1)
      pickAll(
        byStrength(
          matches.wanted.filter((index) => !picks.has(index)),
          matches,
        ),
        room,
        picks,
      )
    }
    for (const index of byVotes) {
      if (picks.list.length >= places) break
      if (!picks.has(index) && picks.likeness(index) < DUPLICATE_LIKENESS) picks.add(index)
    }
    // If only near-duplicates remain, one of them is better than an empty place.
    pickAll(byVotes, places, picks)
    return picks
  }
}

function pickAll(indexes: readonly number[], max: number, picks: Picks): void {
  for (const index of indexes) {
    if (picks.list.length >= max) return
    picks.add(index)
  }
}

function isFollowed(index: number, { level }: Matches): boolean {
  return level[index] === LEVEL.followed
}

/** Orders papers in place: followed authors come first, then matches, then papers that are only related to them. */
export function byStrength(indexes: number[], { level, strength }: Matches): number[] {
  return indexes.sort((a, b) => (level[b] ?? 0) - (level[a] ?? 0) || (strength[b] ?? 0) - (strength[a] ?? 0) || a - b)
}

/** Returns the best full match of each interest that has one: of those about as strong as the strongest, the most voted. */
function bestOfEach({ popularity }: CandidatePool, { interests, excluded }: Matches): number[] {
  const bests: number[] = []
  for (const { values, grades, matching } of interests) {
    const isOpen = (index: number) => (grades[index] ?? 0) >= GRADE.full && excluded[index] !== 1
    let highest = 0
    for (const index of matching) if (isOpen(index)) highest = Math.max(highest, values[index] ?? 0)
    let best = -1
    for (const index of matching) {
      if (!isOpen(index) || (values[index] ?? 0) < EQUAL_SHARE * highest) continue
      if (best < 0 || (popularity[index] ?? 1) > (popularity[best] ?? 1)) best = index
    }
    if (best >= 0) bests.push(best)
  }
  return bests
}

/** A paper that may be picked. */
interface Rival {
  readonly index: number
  readonly strength: number
  /** Its highest similarity to the first `compared` picks, and its value after them. Further picks can only lower the value. */
  compared: number
  likeness: number
  value: number
}

/** Adds the strongest matches that differ from those picked, until the places are filled (maximal marginal relevance). */
function pickDiverse({ wanted, level, strength }: Matches, picks: Picks, places: number): void {
  if (picks.list.length >= places) return
  const order = descending(
    wanted.filter((index) => (level[index] ?? 0) > LEVEL.mention && !picks.has(index)),
    strength,
  )
  const rivals: Rival[] = []
  const rivalAt = (at: number): Rival | null => {
    if (at < rivals.length || rivals.length >= CANDIDATES_PER_PLACE * places) return rivals[at] ?? null
    const index = order.next()
    if (index < 0) return null
    const rival = { index, strength: strength[index] ?? 0, compared: 0, likeness: 0, value: strength[index] ?? 0 }
    rivals.push(rival)
    return rival
  }
  while (picks.list.length < places) {
    const best = bestRival(rivalAt, picks)
    if (best === null) return
    picks.add(best.index)
  }
}

/** Returns the rival with the highest value. On a tie the stronger one wins. Most rivals are too weak to be compared at all. */
function bestRival(rivalAt: (at: number) => Rival | null, picks: Picks): Rival | null {
  let best: Rival | null = null
  for (let at = 0; ; at += 1) {
    const rival = rivalAt(at)
    // The rivals are in the order of their strength, so no later one can have a higher value.
    if (rival === null || (best !== null && rival.strength <= best.value)) return best
    if (picks.has(rival.index) || (best !== null && rival.value <= best.value)) continue
    rival.likeness = Math.max(rival.likeness, picks.likeness(rival.index, rival.compared))
    rival.compared = picks.list.length
    rival.value = rival.strength * (1 - LIKENESS_COST * rival.likeness ** 2)
    if (best === null || rival.value > best.value) best = rival
  }
}

/** Candidates per place: papers further down are not considered for diversity. */
const CANDIDATES_PER_PLACE = 5
/** Maximal marginal relevance (Carbonell and Goldstein, 1998): the share of its strength that a copy of a picked paper loses. */
const LIKENESS_COST = 0.9
/** Two abstracts of the same work have at least this similarity. Abstracts on one topic have about half of it. */
const DUPLICATE_LIKENESS = 0.6
