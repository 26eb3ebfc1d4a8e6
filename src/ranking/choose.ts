import { hash } from 'node:crypto'
import type { Entry } from '../domain/edition.ts'
import type { ProfileWord } from '../domain/feedback-profile.ts'
import { type CandidatePool, createCandidatePool } from './candidate-pool.ts'
import { isOnlyRelated, isWanted, type Match, matchesOf } from './match.ts'
import { readParameters } from './parameters.ts'
import type { Chooser, MatchProfile, SelectedPaper } from './selection.ts'
import type { Lexicon } from './words/lexicon.ts'

/** Cached orders, one per distinct profile and history. Each takes less than a kilobyte. */
const ORDERS_KEPT_MAX = 60_000
/** Eighty bytes each. */
const SETS_NOTED_MAX = 60_000

/**
 * Creates a chooser over one edition's pool. `interestShare` per cent of the featured places go to papers by followed
 * authors and papers that match an interest or the feedback profile: first the best of each interest, then the strongest.
 * The other places go to the papers with the most votes, and unwanted papers come last among them. A near-duplicate of a
 * selected paper is moved down. Muted words exclude a paper. Equal profiles and histories share one computation.
 */
export function createChooser(entries: readonly Entry[], archive?: Lexicon): Chooser {
  const pool = createCandidatePool(entries, archive)
  const { match } = readParameters()
  const ids = new Map(entries.map(({ paper }, index) => [paper.id, index]))
  const orders = new Map<string, Order>()
  // Most sets of preferences are one reader’s alone: an order is kept once its set is met again.
  const met = new Set<string>()
  return (profile, had, most = entries.length) => {
    const passed = [...had].flatMap((id) => ids.get(id) ?? []).sort((a, b) => a - b)
    const { interests, mutedTerms: muted, authors, featuredCount: length, interestShare: mix, learned = null } = profile
    // A digest of the key: a reader’s history may name a hundred papers, and there may be a million readers.
    const key = hash('sha1', JSON.stringify([interests, muted, authors, length, mix, passed, learned, most]), 'base64')
    const known = orders.get(key)
    if (known !== undefined) return unpacked(known, pool, profile)
    const made = order(pool, matchesOf(pool, profile, new Set(passed), match), profile, most)
    if (met.delete(key)) keep(orders, key, packed(made, profile, ids))
    else note(met, key)
    return made
  }
}

function keep(orders: Map<string, Order>, key: string, order: Order): void {
  if (orders.size >= ORDERS_KEPT_MAX) orders.clear()
  orders.set(key, order)
}

function note(met: Set<string>, key: string): void {
  if (met.size >= SETS_NOTED_MAX) met.clear()
  met.add(key)
}

const NUMBERS_EACH = 3

/** An order as it is kept. */
interface Order {
  /** For each paper: its index in the pool, the index of its interest, and the index of its author. */
  readonly numbers: Int16Array
  /** The words of those that have some, by their place in the order. */
  readonly words: ReadonlyMap<number, Pick<SelectedPaper, 'learned' | 'near'>>
}

function packed(order: readonly SelectedPaper[], { interests }: MatchProfile, ids: ReadonlyMap<string, number>): Order {
  const numbers = new Int16Array(order.length * NUMBERS_EACH)
  const words = new Map<number, Pick<SelectedPaper, 'learned' | 'near'>>()
  for (const [at, { entry, interest, author, learned, near }] of order.entries()) {
    numbers[at * NUMBERS_EACH] = ids.get(entry.paper.id) ?? 0
    numbers[at * NUMBERS_EACH + 1] = interest === null ? -1 : interests.indexOf(interest)
    numbers[at * NUMBERS_EACH + 2] = author === null ? -1 : entry.paper.authors.indexOf(author)
    if (learned.length + near.length > 0) words.set(at, { learned, near })
  }
  return { numbers, words: words.size === 0 ? NO_WORDS : words }
}

const NONE: readonly string[] = []
const NO_WORDS: Order['words'] = new Map()

function unpacked({ numbers, words }: Order, { members }: CandidatePool, { interests }: MatchProfile): SelectedPaper[] {
  const order: SelectedPaper[] = []
  for (let at = 0; at < numbers.length; at += NUMBERS_EACH) {
    const entry = members[numbers[at] ?? 0]?.entry
    if (entry === undefined) continue
    order.push({
      entry,
      interest: interests[numbers[at + 1] ?? -1] ?? null,
      author: entry.paper.authors[numbers[at + 2] ?? -1] ?? null,
      learned: words.get(at / NUMBERS_EACH)?.learned ?? NONE,
      near: words.get(at / NUMBERS_EACH)?.near ?? NONE,
    })
  }
  return order
}

/** @param matches by rank. */
function order(pool: CandidatePool, matches: readonly Match[], profile: MatchProfile, most: number): SelectedPaper[] {
  const { featuredCount: length, interestShare: mix, interests } = profile
  const places = Math.min(length, matches.length)
  const forMatches = Math.round((places * mix) / 100)
  const byRank = profile.learned == null ? matches : unwelcomeLast(matches)
  const picked = pickMatches(pool, matches.filter(isWanted), forMatches, interests)
  for (const match of byRank) {
    if (picked.length >= places) break
    if (!picked.includes(match) && !isNear(pool, match, picked)) picked.push(match)
  }
  // Where only copies are left, a copy is better than an empty place.
  for (const match of byRank) if (picked.length < places && !picked.includes(match)) picked.push(match)
  // Matches first, as they were asked for; the others by their votes.
  const shown =
    mix === 0 ? picked : [...picked.filter(isWanted).sort(byStrength), ...picked.filter((match) => !isWanted(match))]
  const rest = shown.length < most ? restOf(matches, byRank, new Set(picked)) : []
  return [
    ...shown.slice(0, most).map((match) => chosenOf(pool, match, profile, true)),
    ...rest.slice(0, most - shown.length).map((match) => chosenOf(pool, match, profile, false)),
  ]
}

/** Returns the papers that are listed as titles: matches by strength, then the others by rank. */
function restOf(matches: readonly Match[], byRank: readonly Match[], first: ReadonlySet<Match>): Match[] {
  const left = matches.filter((match) => !first.has(match))
  // A paper of an earlier list comes with its abstract or waits: the titles below are the day’s own.
  const ofToday = (match: Match) => match.candidate.entry.carriedFrom === undefined
  const matching = (match: Match) => isWanted(match) && !isOnlyRelated(match)
  return [
    ...left.filter((match) => ofToday(match) && matching(match)).sort(byStrength),
    ...byRank.filter((match) => ofToday(match) && !first.has(match) && !matching(match)),
  ]
}

function unwelcomeLast(matches: readonly Match[]): readonly Match[] {
  return [...matches.filter(({ feedback: asked }) => asked >= 0), ...matches.filter(({ feedback: asked }) => asked < 0)]
}

function chosenOf(pool: CandidatePool, match: Match, { learned = null }: MatchProfile, first: boolean): SelectedPaper {
  const { candidate: member, interest, author } = match
  const spoken = interest !== null || author !== null
  const words = (of: readonly ProfileWord[]) => pool.evidence(of, member.index).map(({ shown }) => shown)
  return {
    entry: member.entry,
    interest,
    author,
    learned: !spoken && match.feedback > 0 && learned !== null ? words(learned.words) : NONE,
    near: first && match.near !== null && isOnlyRelated(match) ? words(match.near()) : NONE,
  }
}

/** Followed authors, then each interest’s best, then whatever matches most and is unlike what is in already. */
function pickMatches(
  pool: CandidatePool,
  wanted: readonly Match[],
  places: number,
  interests: readonly string[],
): Match[] {
  const picked: Match[] = wanted
    .filter(({ author }) => author !== null)
    .sort(byStrength)
    .slice(0, places)
  const bests = interests
    .flatMap((typed) => {
      const best = bestFor(typed, wanted)
      return best === null ? [] : [best]
    })
    .sort(byStrength)
  for (const best of bests) if (picked.length < places && !picked.includes(best)) picked.push(best)
  pickUnlike(pool, wanted, places, picked)
  return picked
}

/** @param wanted by rank: of two that are as strong the first is the better. */
function bestFor(typed: string, wanted: readonly Match[]): Match | null {
  let best: Match | null = null
  let most = 0
  for (const match of wanted) {
    const worth = (match.matches.get(typed) ?? 0) * match.candidate.popularity
    if (worth > most) [best, most] = [match, worth]
  }
  return best
}

/** Adds what is strongest and unlike what is in, one after the other, until the places are filled. */
function pickUnlike(pool: CandidatePool, wanted: readonly Match[], places: number, picked: Match[]): void {
  const left = wanted
    .filter((match) => !picked.includes(match))
    .sort((a, b) => b.strength - a.strength || byRankOf(a, b))
    .slice(0, CANDIDATES_PER_PLACE * places)
    .map((match) => ({ match, likeness: nearest(pool, match, picked), worth: 0 }))
  for (const each of left) each.worth = worthOf(each.match, each.likeness)
  while (picked.length < places && left.length > 0) {
    let best = 0
    let most = left[0]?.worth ?? 0
    // On a tie the first one wins, because the list is ordered.
    for (let at = 1; at < left.length; at += 1) {
      const worth = left[at]?.worth ?? 0
      if (worth > most) [best, most] = [at, worth]
    }
    const [next] = left.splice(best, 1)
    if (next === undefined) break
    picked.push(next.match)
    for (const each of left) {
      const likeness = pool.likeness(each.match.candidate.index, next.match.candidate.index)
      if (likeness <= each.likeness) continue
      each.likeness = likeness
      each.worth = worthOf(each.match, likeness)
    }
  }
}

function worthOf({ strength }: Match, likeness: number): number {
  return strength * (1 - LIKENESS_COST * likeness ** 2)
}

/** Candidates per place: papers further down are not considered for diversity. */
const CANDIDATES_PER_PLACE = 5

/** Maximal marginal relevance (Carbonell and Goldstein, 1998): what a paper loses for being like one that is in. */
const LIKENESS_COST = 0.9
/** Two abstracts of one piece of work are this alike; those of one topic are about half as much. */
const NEAR = 0.6

function isNear(pool: CandidatePool, match: Match, picked: readonly Match[]): boolean {
  return nearest(pool, match, picked) >= NEAR
}

function nearest(pool: CandidatePool, { candidate: member }: Match, picked: readonly Match[]): number {
  return picked.reduce((most, other) => Math.max(most, pool.likeness(member.index, other.candidate.index)), 0)
}

/** Followed authors first; what matches before what is only near to it. */
function byStrength(a: Match, b: Match): number {
  return (
    Number(b.author !== null) - Number(a.author !== null) ||
    Number(isOnlyRelated(a)) - Number(isOnlyRelated(b)) ||
    b.strength - a.strength ||
    byRankOf(a, b)
  )
}

function byRankOf(a: Match, b: Match): number {
  return a.candidate.entry.rank - b.candidate.entry.rank
}
