import { createHash } from 'node:crypto'
import type { Entry } from '../edition.ts'
import type { Learned } from '../learned.ts'
import type { Lexicon } from './lexicon.ts'
import { type FoldedPool, foldPool, type Member } from './pool.ts'
import { combined } from './topic.ts'
import { wordsOf } from './words.ts'

/** One paper as chosen for a set of preferences. */
export interface Chosen {
  readonly entry: Entry
  /** The interest that speaks loudest for it, or null: it is here for its votes. */
  readonly interest: string | null
  /** An author of it whom the reader follows, as the paper spells the name, or null. */
  readonly author: string | null
  /** The words for which it goes with what the reader asked more of, where neither interest nor author brought it. */
  readonly learned: readonly string[]
}

/** What of a reader's preferences decides the order; equal values share one computation. */
export interface Taste {
  readonly interests: readonly string[]
  readonly muted: readonly string[]
  readonly authors: readonly string[]
  /** How many papers come first: the ones a reader sees with their abstract. */
  readonly length: number
  /** How many per cent of these may be there for their match alone: 0 is the day’s own order, 100 leaves none to votes. */
  readonly mix: number
  /** What their feedback taught; null or left out: nothing. */
  readonly learned?: Learned | null
}

/** Orders the pool for a taste, less what the reader has had. */
export type Chooser = (taste: Taste, had: ReadonlySet<string>) => readonly Chosen[]

/** As many different tastes and histories as a million readers have between them; each is kept in about a kilobyte. */
const ORDERS_KEPT_MAX = 60_000

/**
 * A chooser over one edition's pool. Of the first places, `mix` per cent are for papers by followed authors, and for those
 * that match an interest or go with what feedback taught: first the best of each interest, then the strongest. The others
 * go to what is most voted, so that nobody misses what everybody talks about; what is like papers that the reader wants
 * less of comes after these. What is nearly the same as a paper that is in already waits. Muted words take a paper out.
 * The same taste and history give the same order, and share one computation.
 */
export function createChooser(entries: readonly Entry[], archive?: Lexicon): Chooser {
  const pool = foldPool(entries, archive)
  const ids = new Map(entries.map(({ paper }, index) => [paper.id, index]))
  const orders = new Map<string, Order>()
  return (taste, had) => {
    const passed = [...had].flatMap((id) => ids.get(id) ?? []).sort((a, b) => a - b)
    const { interests, muted, authors, length, mix, learned = null } = taste
    // A digest of the key: a reader’s history may name a hundred papers, and there may be a million readers.
    const key = createHash('sha1')
      .update(JSON.stringify([interests, muted, authors, length, mix, passed, learned]))
      .digest('base64')
    const known = orders.get(key)
    if (known !== undefined) return unpacked(known, pool, taste)
    if (orders.size >= ORDERS_KEPT_MAX) orders.clear()
    const made = order(pool, matchesOf(pool, taste, new Set(passed)), taste)
    orders.set(key, packed(made, taste, ids))
    return made
  }
}

const NUMBERS_EACH = 3

/** An order as it is kept. */
interface Order {
  /** Of each paper its place in the pool, the interest’s place in the taste, and the author’s. */
  readonly numbers: Int16Array
  /** The learnt words of those that have some, by their place in the order; null when none has. */
  readonly learned: ReadonlyMap<number, readonly string[]> | null
}

function packed(order: readonly Chosen[], { interests }: Taste, ids: ReadonlyMap<string, number>): Order {
  const numbers = Int16Array.from(
    order.flatMap(({ entry, interest, author }) => [
      ids.get(entry.paper.id) ?? 0,
      interest === null ? -1 : interests.indexOf(interest),
      author === null ? -1 : entry.paper.authors.indexOf(author),
    ]),
  )
  const learned = order.flatMap((each, at) => (each.learned.length === 0 ? [] : [[at, each.learned] as const]))
  return { numbers, learned: learned.length === 0 ? null : new Map(learned) }
}

const NONE: readonly string[] = []

function unpacked({ numbers, learned }: Order, { members }: FoldedPool, { interests }: Taste): Chosen[] {
  const order: Chosen[] = []
  for (let at = 0; at < numbers.length; at += NUMBERS_EACH) {
    const entry = members[numbers[at] ?? 0]?.entry
    if (entry === undefined) continue
    order.push({
      entry,
      interest: interests[numbers[at + 1] ?? -1] ?? null,
      author: entry.paper.authors[numbers[at + 2] ?? -1] ?? null,
      learned: learned?.get(at / NUMBERS_EACH) ?? NONE,
    })
  }
  return order
}

interface Match {
  readonly member: Member
  readonly strength: number
  readonly interest: string | null
  readonly author: string | null
  /** The interests that speak for it, with how strongly each does. */
  readonly spoken: ReadonlyMap<string, number>
  /** Whether it is like papers that the reader wants less of. */
  readonly unwelcome: boolean
}

function matchesOf(pool: FoldedPool, taste: Taste, passed: ReadonlySet<number>): Match[] {
  const read = taste.interests.flatMap((typed) => {
    const strengths = pool.strengths(typed)
    return strengths === null ? [] : [{ typed, ...strengths }]
  })
  const wanted = read.filter(({ interest }) => interest.kind !== 'not')
  const unwanted = read.filter(({ interest }) => interest.kind === 'not').map(({ typed }) => typed)
  const mutes = [...taste.muted, ...unwanted].map((typed) => pool.muted(typed))
  const followed = new Set(taste.authors.map((name) => wordsOf(name).join(' ')).filter((name) => name !== ''))
  const { learned = null } = taste
  const affinities = learned === null ? null : pool.affinities(learned.words)
  return pool.members
    .filter(({ index }) => !passed.has(index) && !mutes.some((mute) => mute[index] === true))
    .map((member) => {
      const spoken = new Map(
        wanted.map(({ typed, of }) => [typed, of[member.index] ?? 0] as const).filter(([, strength]) => strength > 0),
      )
      const [loudest] = [...spoken].sort((a, b) => b[1] - a[1])
      const asked = askedFor(learned, affinities?.[member.index] ?? 0)
      const by = followed.size === 0 ? -1 : member.authors.findIndex((name) => followed.has(name.join(' ')))
      return {
        member,
        strength: (combined([...spoken.values()]) + LEARNED_WORTH * Math.max(0, asked)) * standing(member.entry),
        interest: loudest?.[0] ?? null,
        author: member.paper.authors[by] ?? null,
        spoken,
        unwelcome: asked < 0,
      }
    })
}

/** What a paper that is just like enough to what was asked for is worth beside an interest’s strength: a rare word in an abstract. */
const LEARNED_WORTH = 3

/** How often over a paper is what is asked for: from 1 where it is just like enough; −1 where it is what they want less of; else 0. */
function askedFor(learned: Learned | null, affinity: number): number {
  if (learned === null) return 0
  if (learned.more > 0 && affinity >= learned.like) return affinity / learned.like
  return learned.unlike !== null && affinity <= learned.unlike ? -1 : 0
}

/** Of two papers that match alike, the one that many voted for is the better bet: half as much again at fifty votes. */
function standing({ signals }: Entry): number {
  return 1 + 0.1 * Math.log2(1 + (signals.upvotes ?? 0))
}

function order(pool: FoldedPool, matches: readonly Match[], taste: Taste): Chosen[] {
  const { length, mix, interests } = taste
  const places = Math.min(length, matches.length)
  const forMatches = Math.round((places * mix) / 100)
  const byRank = [...matches].sort((a, b) => Number(a.unwelcome) - Number(b.unwelcome) || byRankOf(a, b))
  const picked = pickMatches(pool, matches.filter(isWanted), forMatches, interests)
  for (const match of byRank) {
    if (picked.length >= places) break
    if (!picked.includes(match) && !isNear(pool, match, picked)) picked.push(match)
  }
  // Where only copies are left, a copy is better than an empty place.
  for (const match of byRank) if (picked.length < places && !picked.includes(match)) picked.push(match)
  const first = new Set(picked)
  const left = matches.filter((match) => !first.has(match))
  // A paper of an earlier list comes with its abstract or waits: the titles below are the day’s own.
  const ofToday = (match: Match) => match.member.entry.carriedFrom === undefined
  const rest = [
    ...left.filter(isWanted).sort(byStrength),
    ...byRank.filter((match) => !first.has(match) && !isWanted(match)),
  ]
  // Matches first, as they were asked for; the others by their votes.
  const shown =
    mix === 0 ? picked : [...picked.filter(isWanted).sort(byStrength), ...picked.filter((match) => !isWanted(match))]
  return [...shown, ...rest.filter(ofToday)].map((match) => chosenOf(pool, match, taste))
}

function chosenOf(pool: FoldedPool, { member, interest, author, strength }: Match, { learned = null }: Taste): Chosen {
  const byLearned = learned !== null && strength > 0 && interest === null && author === null
  return {
    entry: member.entry,
    interest,
    author,
    learned: byLearned ? pool.evidence(learned.words, member.index).map(({ shown }) => shown) : NONE,
  }
}

/** Followed authors, then each interest’s best, then whatever matches most and is unlike what is in already. */
function pickMatches(
  pool: FoldedPool,
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
      const of = (match: Match) => match.spoken.get(typed) ?? 0
      const [best] = wanted
        .filter((match) => of(match) > 0)
        .sort((a, b) => of(b) * standing(b.member.entry) - of(a) * standing(a.member.entry) || byRankOf(a, b))
      return best === undefined ? [] : [best]
    })
    .sort(byStrength)
  for (const best of bests) if (picked.length < places && !picked.includes(best)) picked.push(best)
  const left = new Set(wanted.filter((match) => !picked.includes(match)))
  while (picked.length < places && left.size > 0) {
    const worth = (match: Match) => match.strength * (1 - LIKENESS_COST * nearest(pool, match, picked) ** 2)
    const [next] = [...left]
      .map((match) => ({ match, worth: worth(match) }))
      .sort((a, b) => b.worth - a.worth || byRankOf(a.match, b.match))
    if (next === undefined) break
    left.delete(next.match)
    picked.push(next.match)
  }
  return picked
}

/** Maximal marginal relevance (Carbonell and Goldstein, 1998): what a paper loses for being like one that is in. */
const LIKENESS_COST = 0.9
/** Two abstracts of one piece of work are this alike; those of one topic are about half as much. */
const NEAR = 0.6

function isNear(pool: FoldedPool, match: Match, picked: readonly Match[]): boolean {
  return nearest(pool, match, picked) >= NEAR
}

function nearest(pool: FoldedPool, { member }: Match, picked: readonly Match[]): number {
  return picked.reduce((most, other) => Math.max(most, pool.likeness(member.index, other.member.index)), 0)
}

function byStrength(a: Match, b: Match): number {
  return Number(b.author !== null) - Number(a.author !== null) || b.strength - a.strength || byRankOf(a, b)
}

function byRankOf(a: Match, b: Match): number {
  return a.member.entry.rank - b.member.entry.rank
}

function isWanted({ strength, author }: Match): boolean {
  return strength > 0 || author !== null
}
