import type { Entry } from '../edition.ts'
import { matchInterest, type PaperWords, paperWords } from './interests.ts'

/** One paper as chosen for a set of preferences. */
export interface Chosen {
  readonly entry: Entry
  /** The interest that speaks loudest for it, or null: it is here for its votes. */
  readonly interest: string | null
  /** An author of it whom the reader follows, as the paper spells the name, or null. */
  readonly author: string | null
}

/** What of a reader's preferences decides the order; equal values share one computation. */
export interface Taste {
  readonly interests: readonly string[]
  readonly muted: readonly string[]
  readonly authors: readonly string[]
  /** How many papers come first: the ones a reader sees with their abstract. */
  readonly length: number
}

/** Orders the pool for a taste; a reader's own history is taken out of the answer afterwards. */
export type Chooser = (taste: Taste, had: ReadonlySet<string>) => Chosen[]

const ORDERS_KEPT_MAX = 5_000

/**
 * A chooser over one edition's pool. Papers of followed authors come first, then those that match an interest, the strongest match before
 * the weaker and more votes before fewer; the others follow by rank. One of the first places is kept for
 * the day's top paper, so that nobody misses what everybody talks about. Muted words take a paper out.
 */
export function createChooser(entries: readonly Entry[]): Chooser {
  const folded = entries.map((entry) => ({
    entry,
    words: paperWords(entry.paper),
    authors: new Map(entry.paper.authors.map((name) => [foldName(name), name])),
  }))
  const matched = new Map<string, Match[]>()
  return (taste, had) => {
    const key = JSON.stringify([taste.interests, taste.muted, taste.authors])
    const matches = matched.get(key) ?? matchAll(folded, taste)
    if (matched.size >= ORDERS_KEPT_MAX) matched.clear()
    matched.set(key, matches)
    return order(
      matches.filter(({ entry }) => !had.has(entry.paper.id)),
      taste.length,
    )
  }
}

interface Match {
  readonly entry: Entry
  readonly strength: number
  readonly interest: string | null
  readonly author: string | null
}

interface Folded {
  readonly entry: Entry
  readonly words: PaperWords
  /** Folded name → the name as the paper spells it. */
  readonly authors: ReadonlyMap<string, string>
}

function matchAll(pool: readonly Folded[], taste: Taste): Match[] {
  const followed = taste.authors.map(foldName).filter((name) => name !== '')
  return pool
    .filter(({ words }) => !taste.muted.some((term) => matchInterest(term, words) > 0))
    .map(({ entry, words, authors }) => {
      let best: { strength: number; interest: string | null } = { strength: 0, interest: null }
      for (const interest of taste.interests) {
        const strength = matchInterest(interest, words)
        if (strength > best.strength) best = { strength, interest }
      }
      const name = followed.find((each) => authors.has(each))
      return { entry, ...best, author: name === undefined ? null : (authors.get(name) ?? null) }
    })
}

function order(matches: readonly Match[], length: number): Chosen[] {
  const wanted = matches
    .filter(isWanted)
    .sort(
      (a, b) =>
        Number(b.author !== null) - Number(a.author !== null) || b.strength - a.strength || a.entry.rank - b.entry.rank,
    )
  const others = matches.filter((match) => !isWanted(match)).sort((a, b) => a.entry.rank - b.entry.rank)
  const top = others[0]
  // Only where the matches would fill every place does the day's top paper need one kept.
  if (wanted.length >= length && length > 1 && top !== undefined && top.entry.rank === 1) {
    return [...wanted.slice(0, length - 1), top, ...wanted.slice(length - 1), ...others.slice(1)].map(chosen)
  }
  return [...wanted, ...others].map(chosen)
}

function isWanted({ strength, author }: Match): boolean {
  return strength > 0 || author !== null
}

function chosen({ entry, interest, author }: Match): Chosen {
  return { entry, interest, author }
}

/** A full name without accents, case and punctuation, so that `José  A. Pérez` is `jose a perez`. */
function foldName(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ')
}
