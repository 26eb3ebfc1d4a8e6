import { hash } from 'node:crypto'
import type { Entry } from '../domain/edition.ts'
import type { ProfileWord } from '../domain/feedback-profile.ts'
import { type CandidatePool, createCandidatePool } from './candidate-pool.ts'
import { isOnlyRelated, isWanted, type Match, matchesOf } from './match.ts'
import { readParameters } from './parameters.ts'
import type { Chooser, MatchProfile, SelectedPaper } from './selection.ts'
import type { Lexicon } from './words/lexicon.ts'

/** Orders in the cache, one per distinct profile and history. Each takes less than a kilobyte. */
const ORDERS_CACHED_MAX = 60_000
/** Keys that were seen once. Each takes eighty bytes. */
const KEYS_SEEN_MAX = 60_000

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
  // Most sets of preferences belong to one subscriber, so an order is cached when its set is seen a second time.
  const seenOnce = new Set<string>()
  return (profile, alreadySent, max = entries.length) => {
    const sentIndexes = [...alreadySent].flatMap((id) => ids.get(id) ?? []).sort((a, b) => a - b)
    const { interests, mutedTerms, authors, featuredCount, interestShare, learned = null } = profile
    // The key is hashed, because a history may have a hundred papers and a list a million subscribers.
    const key = hash(
      'sha1',
      JSON.stringify([interests, mutedTerms, authors, featuredCount, interestShare, sentIndexes, learned, max]),
      'base64',
    )
    const known = orders.get(key)
    if (known !== undefined) return unpack(known, pool, profile)
    const selected = order(pool, matchesOf(pool, profile, new Set(sentIndexes), match), profile, max)
    if (seenOnce.delete(key)) cacheOrder(orders, key, pack(selected, profile, ids))
    else markSeen(seenOnce, key)
    return selected
  }
}

function cacheOrder(orders: Map<string, Order>, key: string, order: Order): void {
  if (orders.size >= ORDERS_CACHED_MAX) orders.clear()
  orders.set(key, order)
}

function markSeen(seenOnce: Set<string>, key: string): void {
  if (seenOnce.size >= KEYS_SEEN_MAX) seenOnce.clear()
  seenOnce.add(key)
}

const NUMBERS_EACH = 3

/** An order in the cache. */
interface Order {
  /** For each paper: its index in the pool, the index of its interest, and the index of its author. */
  readonly numbers: Int16Array
  /** By position: the words that explain a paper, if it has any. */
  readonly words: ReadonlyMap<number, Pick<SelectedPaper, 'learned' | 'near'>>
}

function pack(order: readonly SelectedPaper[], { interests }: MatchProfile, ids: ReadonlyMap<string, number>): Order {
  const numbers = new Int16Array(order.length * NUMBERS_EACH)
  const words = new Map<number, Pick<SelectedPaper, 'learned' | 'near'>>()
  for (const [position, { entry, interest, author, learned, near }] of order.entries()) {
    numbers[position * NUMBERS_EACH] = ids.get(entry.paper.id) ?? 0
    numbers[position * NUMBERS_EACH + 1] = interest === null ? -1 : interests.indexOf(interest)
    numbers[position * NUMBERS_EACH + 2] = author === null ? -1 : entry.paper.authors.indexOf(author)
    if (learned.length + near.length > 0) words.set(position, { learned, near })
  }
  return { numbers, words: words.size === 0 ? NO_WORDS : words }
}

const NONE: readonly string[] = []
const NO_WORDS: Order['words'] = new Map()

function unpack({ numbers, words }: Order, { members }: CandidatePool, { interests }: MatchProfile): SelectedPaper[] {
  const order: SelectedPaper[] = []
  for (let start = 0; start < numbers.length; start += NUMBERS_EACH) {
    const entry = members[numbers[start] ?? 0]?.entry
    if (entry === undefined) continue
    order.push({
      entry,
      interest: interests[numbers[start + 1] ?? -1] ?? null,
      author: entry.paper.authors[numbers[start + 2] ?? -1] ?? null,
      learned: words.get(start / NUMBERS_EACH)?.learned ?? NONE,
      near: words.get(start / NUMBERS_EACH)?.near ?? NONE,
    })
  }
  return order
}

/** Returns the featured papers and then the titles. `matches` is ordered by rank. */
function order(pool: CandidatePool, matches: readonly Match[], profile: MatchProfile, max: number): SelectedPaper[] {
  const { featuredCount, interestShare, interests } = profile
  const places = Math.min(featuredCount, matches.length)
  const matchPlaces = Math.round((places * interestShare) / 100)
  const byRank = profile.learned == null ? matches : dislikedLast(matches)
  const picked = pickMatches(pool, matches.filter(isWanted), matchPlaces, interests)
  for (const match of byRank) {
    if (picked.length >= places) break
    if (!picked.includes(match) && !isNearDuplicate(pool, match, picked)) picked.push(match)
  }
  // If only near-duplicates remain, one of them is better than an empty place.
  for (const match of byRank) if (picked.length < places && !picked.includes(match)) picked.push(match)
  // Matches come first, then the others by votes.
  const shown =
    interestShare === 0
      ? picked
      : [...picked.filter(isWanted).sort(byStrength), ...picked.filter((match) => !isWanted(match))]
  const rest = shown.length < max ? restOf(matches, byRank, new Set(picked)) : []
  return [
    ...shown.slice(0, max).map((match) => selectedPaper(pool, match, profile, true)),
    ...rest.slice(0, max - shown.length).map((match) => selectedPaper(pool, match, profile, false)),
  ]
}

/** Returns the papers that are listed as titles: matches by strength, then the others by rank. */
function restOf(matches: readonly Match[], byRank: readonly Match[], featured: ReadonlySet<Match>): Match[] {
  const remaining = matches.filter((match) => !featured.has(match))
  // A paper carried from an earlier edition is featured or not shown. Only papers of the day are listed as titles.
  const isOfToday = (match: Match) => match.candidate.entry.carriedFrom === undefined
  const isMatch = (match: Match) => isWanted(match) && !isOnlyRelated(match)
  return [
    ...remaining.filter((match) => isOfToday(match) && isMatch(match)).sort(byStrength),
    ...byRank.filter((match) => isOfToday(match) && !featured.has(match) && !isMatch(match)),
  ]
}

function dislikedLast(matches: readonly Match[]): readonly Match[] {
  return [...matches.filter(({ feedback }) => feedback >= 0), ...matches.filter(({ feedback }) => feedback < 0)]
}

function selectedPaper(
  pool: CandidatePool,
  match: Match,
  { learned = null }: MatchProfile,
  isFeatured: boolean,
): SelectedPaper {
  const { candidate, interest, author, relatedWords } = match
  const isExplained = interest !== null || author !== null
  const strongest = (words: readonly ProfileWord[]) => pool.evidence(words, candidate.index).map(({ shown }) => shown)
  return {
    entry: candidate.entry,
    interest,
    author,
    learned: !isExplained && match.feedback > 0 && learned !== null ? strongest(learned.words) : NONE,
    near: isFeatured && relatedWords !== null && isOnlyRelated(match) ? strongest(relatedWords()) : NONE,
  }
}

/** Selects papers of followed authors, then the best of each interest, then the strongest matches that differ from those selected. */
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
  pickDiverse(pool, wanted, places, picked)
  return picked
}

/** Returns the strongest match of an interest. `wanted` is ordered by rank, and on a tie the first wins. */
function bestFor(typed: string, wanted: readonly Match[]): Match | null {
  let best: Match | null = null
  let highest = 0
  for (const match of wanted) {
    const value = (match.matches.get(typed) ?? 0) * match.candidate.popularity
    if (value > highest) [best, highest] = [match, value]
  }
  return best
}

/** Adds the strongest matches that differ from those selected, until the places are filled (maximal marginal relevance). */
function pickDiverse(pool: CandidatePool, wanted: readonly Match[], places: number, picked: Match[]): void {
  const remaining = wanted
    .filter((match) => !picked.includes(match))
    .sort((a, b) => b.strength - a.strength || byRankOf(a, b))
    .slice(0, CANDIDATES_PER_PLACE * places)
    .map((match) => ({ match, likeness: highestSimilarity(pool, match, picked), value: 0 }))
  for (const each of remaining) each.value = marginalValue(each.match, each.likeness)
  while (picked.length < places && remaining.length > 0) {
    let best = 0
    let highest = remaining[0]?.value ?? 0
    // On a tie the first one wins, because the list is ordered.
    for (let at = 1; at < remaining.length; at += 1) {
      const value = remaining[at]?.value ?? 0
      if (value > highest) [best, highest] = [at, value]
    }
    const [next] = remaining.splice(best, 1)
    if (next === undefined) break
    picked.push(next.match)
    for (const each of remaining) {
      const likeness = pool.likeness(each.match.candidate.index, next.match.candidate.index)
      if (likeness <= each.likeness) continue
      each.likeness = likeness
      each.value = marginalValue(each.match, likeness)
    }
  }
}

function marginalValue({ strength }: Match, likeness: number): number {
  return strength * (1 - LIKENESS_COST * likeness ** 2)
}

/** Candidates per place: papers further down are not considered for diversity. */
const CANDIDATES_PER_PLACE = 5

/** Maximal marginal relevance (Carbonell and Goldstein, 1998): the share of its strength that a copy of a selected paper loses. */
const LIKENESS_COST = 0.9
/** Two abstracts of the same work have at least this similarity. Abstracts on one topic have about half of it. */
const DUPLICATE_SIMILARITY = 0.6

function isNearDuplicate(pool: CandidatePool, match: Match, picked: readonly Match[]): boolean {
  return highestSimilarity(pool, match, picked) >= DUPLICATE_SIMILARITY
}

function highestSimilarity(pool: CandidatePool, { candidate }: Match, picked: readonly Match[]): number {
  return picked.reduce((highest, other) => Math.max(highest, pool.likeness(candidate.index, other.candidate.index)), 0)
}

/** Followed authors come first, then matches, then papers that are only related to them. */
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
