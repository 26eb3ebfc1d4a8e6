import type { Entry } from '../edition.ts'
import { matchInterest, type PaperWords, paperWords } from './interests.ts'

/** One paper as chosen for a set of preferences. */
export interface Chosen {
  readonly entry: Entry
  /** The interest that speaks loudest for it, or null: it is here for its votes. */
  readonly interest: string | null
}

/** What of a reader's preferences decides the order; equal values share one computation. */
export interface Taste {
  readonly interests: readonly string[]
  readonly muted: readonly string[]
  /** How many papers come first: the ones a reader sees with their abstract. */
  readonly length: number
}

/** Orders the pool for a taste; a reader's own history is taken out of the answer afterwards. */
export type Chooser = (taste: Taste, had: ReadonlySet<string>) => Chosen[]

const ORDERS_KEPT_MAX = 5_000

/**
 * A chooser over one edition's pool. Papers that match an interest come first, the strongest match before
 * the weaker and more votes before fewer; the others follow by rank. One of the first places is kept for
 * the day's top paper, so that nobody misses what everybody talks about. Muted words take a paper out.
 */
export function createChooser(entries: readonly Entry[]): Chooser {
  const folded = entries.map((entry) => ({ entry, words: paperWords(entry.paper) }))
  const matched = new Map<string, Match[]>()
  return (taste, had) => {
    const key = JSON.stringify([taste.interests, taste.muted])
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
}

function matchAll(pool: readonly { entry: Entry; words: PaperWords }[], taste: Taste): Match[] {
  return pool
    .filter(({ words }) => !taste.muted.some((term) => matchInterest(term, words) > 0))
    .map(({ entry, words }) => {
      let best: { strength: number; interest: string | null } = { strength: 0, interest: null }
      for (const interest of taste.interests) {
        const strength = matchInterest(interest, words)
        if (strength > best.strength) best = { strength, interest }
      }
      return { entry, ...best }
    })
}

function order(matches: readonly Match[], length: number): Chosen[] {
  const wanted = matches
    .filter((match) => match.strength > 0)
    .sort((a, b) => b.strength - a.strength || a.entry.rank - b.entry.rank)
  const others = matches.filter((match) => match.strength === 0).sort((a, b) => a.entry.rank - b.entry.rank)
  const top = others[0]
  // Only where the matches would fill every place does the day's top paper need one kept.
  if (wanted.length >= length && length > 1 && top !== undefined && top.entry.rank === 1) {
    return [...wanted.slice(0, length - 1), top, ...wanted.slice(length - 1), ...others.slice(1)].map(chosen)
  }
  return [...wanted, ...others].map(chosen)
}

function chosen({ entry, interest }: Match): Chosen {
  return { entry, interest }
}
